import { lambdaTaskRetry } from '../../../../lib/rules/rules/state-machines/lambda-task-retry';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { inState, stateMachines } from './templates';

describeFaults(lambdaTaskRetry, stateMachines, [
  {
    mistake: 'a task without a retry',
    change: { [inState('Pay.Retry')]: undefined },
    message: 'does not retry Pay when Lambda fails briefly',
    openButFine: { [inState('Pay.Retry')]: OPEN },
  },
]);

describeAccepted(lambdaTaskRetry, stateMachines, [
  {
    accepts: 'a resource that is no function that anybody knows',
    change: { [inState('Pay.Retry')]: undefined, [inState('Pay.Resource')]: 'somewhere' },
  },
]);
