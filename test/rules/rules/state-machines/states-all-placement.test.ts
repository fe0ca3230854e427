import { statesAllPlacement } from '../../../../lib/rules/rules/state-machines/states-all-placement';
import { describeFaults, OPEN } from '../faults';
import { inState, pay, stateMachines } from './templates';

describeFaults(statesAllPlacement, stateMachines, [
  {
    mistake: 'States.ALL before others',
    change: { [inState('Pay.Catch')]: [...pay.Catch].reverse() },
    message: 'has States.ALL in Pay next to or before others',
    openButFine: { [inState('Pay.Catch')]: [{ ErrorEquals: [OPEN], Next: 'Failed' }] },
  },
]);
