import { retryTimeout } from '../../../../lib/rules/rules/states/retry-timeout';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(retryTimeout, order, [
  {
    mistake: 'a retrier that does not see a timeout',
    change: { [inState('Charge.Retry')]: [{ ErrorEquals: ['States.TaskFailed'] }] },
    message: 'retries Charge on States.TaskFailed, which does not cover timeouts',
    open: ELSEWHERE,
    openButFine: { [inState('Charge.Retry')]: [{ ErrorEquals: [OPEN] }] },
  },
]);

describeAccepted(retryTimeout, order, [
  {
    accepts: 'one that says that timeouts are not tried again',
    change: {
      [inState('Charge.Retry')]: [
        { ErrorEquals: ['States.TaskFailed'] },
        { ErrorEquals: ['States.Timeout'], MaxAttempts: 0 },
      ],
    },
  },
]);
