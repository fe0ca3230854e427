import { retryDelay } from '../../../../lib/rules/rules/states/retry-delay';
import { describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(retryDelay, order, [
  {
    mistake: 'a longest pause that is shorter than the first',
    change: { [inState('Charge.Retry')]: [{ ErrorEquals: ['Busy'], IntervalSeconds: 30, MaxDelaySeconds: 10 }] },
    message: 'waits at most 10 seconds before it retries Charge, but 30 the first time',
    open: { [inState('Charge.Retry')]: [{ ErrorEquals: ['Busy'], IntervalSeconds: 30, MaxDelaySeconds: OPEN }] },
    openButFine: { [inState('Charge.Retry')]: [{ ErrorEquals: ['Busy'], IntervalSeconds: OPEN }] },
  },
  {
    mistake: 'one as long as the first, which is a second',
    change: { [inState('Charge.Retry')]: [{ ErrorEquals: ['Busy'], MaxDelaySeconds: 1 }] },
    message: 'waits at most 1 seconds',
    open: ELSEWHERE,
  },
]);
