import { lambdaTaskRetry } from '../../../../lib/rules/rules/state-machines/lambda-task-retry';
import { describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(lambdaTaskRetry, stateMachines, [
  {
    mistake: 'a task without a retry',
    change: { [inState('Pay.Retry')]: undefined },
    message: 'does not try Pay again when Lambda fails for a moment',
    openButFine: { [inState('Pay.Retry')]: OPEN },
  },
]);
