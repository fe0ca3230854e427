import { lambdaTaskRetry } from '../../../../lib/rules/rules/state-machines/lambda-task-retry';
import { describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(lambdaTaskRetry, stateMachines, [
  {
    mistake: 'a task without a retry',
    change: { [inState('Pay.Retry')]: undefined },
    message: 'does not retry Pay when Lambda fails briefly',
    openButFine: { [inState('Pay.Retry')]: OPEN },
  },
]);
