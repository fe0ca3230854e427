import { functionLogGroup } from '../../../../lib/rules/rules/functions/function-log-group';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionLogGroup, functions, [
  {
    mistake: 'a function that leaves its log group to Lambda',
    change: { 'Worker.LoggingConfig': undefined },
    message: 'log group that is not in the template',
    openButFine: { 'Worker.LoggingConfig.LogGroup': OPEN },
  },
]);
