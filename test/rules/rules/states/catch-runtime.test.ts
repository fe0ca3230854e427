import { catchRuntime } from '../../../../lib/rules/rules/states/catch-runtime';
import { describeFaults } from '../faults';
import { CATCH, ELSEWHERE, inState, order } from './templates';

describeFaults(catchRuntime, order, [
  {
    mistake: 'a catcher that never catches',
    change: { [inState('Charge.Catch')]: [{ ErrorEquals: ['States.Runtime'], Next: 'Release' }, ...CATCH] },
    message: 'names States.Runtime in Charge, which cannot be caught',
    open: ELSEWHERE,
  },
]);
