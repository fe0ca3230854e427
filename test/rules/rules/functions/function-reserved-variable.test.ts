import { functionReservedVariable } from '../../../../lib/rules/rules/functions/function-reserved-variable';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionReservedVariable, functions, [
  {
    mistake: 'a variable that Lambda sets',
    change: { 'Worker.Environment.Variables.AWS_REGION': 'eu-west-1' },
    message: 'sets the reserved variable AWS_REGION',
    openButFine: { 'Worker.Environment.Variables.REGION': OPEN },
  },
]);
