import { functionTimeout } from '../../../../lib/rules/rules/functions/function-timeout';
import { describeFaults, OPEN } from '../faults';
import { functions } from './templates';

describeFaults(functionTimeout, functions, [
  {
    mistake: 'a timeout of 16 minutes',
    change: { 'Worker.Timeout': 960 },
    message: 'asks for 960 seconds',
    open: { 'Worker.Timeout': OPEN },
  },
]);
