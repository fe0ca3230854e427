import { functionOwnRole } from '../../../../lib/rules/rules/functions/function-own-role';
import { arn, describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionOwnRole, functions, [
  {
    mistake: 'a role for two functions',
    change: { 'Other.Role': arn('WorkerRole') },
    message: 'shares its role with Shop/Worker',
    openButFine: { 'Other.Role': OPEN },
  },
]);
