import { stateUnreachable } from '../../../../lib/rules/rules/states/state-unreachable';
import { describeFaults } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(stateUnreachable, order, [
  {
    mistake: 'a state that nothing leads to',
    change: {
      [inState('Charge.Next')]: 'Done',
      [inState('Lines')]: undefined,
      [inState('Orphan')]: { Type: 'Succeed' },
    },
    message: 'has Orphan, which nothing leads to',
    open: ELSEWHERE,
  },
]);
