import { errorCaught } from '../../../../lib/rules/rules/states/error-caught';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, LINE, order } from './templates';

describeFaults(errorCaught, order, [
  {
    mistake: 'a task whose errors nothing catches',
    change: { [inState('Charge.Catch')]: undefined },
    message: 'catches the errors of Reserve, but not those of Charge',
    open: ELSEWHERE,
    openButFine: { [inState('Charge.Catch')]: [{ ErrorEquals: [OPEN], Next: 'Release' }] },
  },
]);

describeAccepted(errorCaught, order, [
  {
    accepts: 'a machine that handles no error at all',
    change: Object.fromEntries(['Reserve', 'Charge', 'Lines'].map((name) => [inState(`${name}.Catch`), undefined])),
  },
  { accepts: 'a task inside of a map that catches', change: { [inState(`${LINE}.Comment`)]: 'caught outside' } },
]);
