import { statesField } from '../../../../lib/rules/rules/states/states-field';
import { describeFaults, OPEN } from '../faults';
import { CATCH, ELSEWHERE, inState, order } from './templates';

describeFaults(statesField, order, [
  {
    mistake: 'an error where none was caught',
    change: { [inState('Done.Output')]: '{% $states.errorOutput.Error %}' },
    message: 'reads $states.errorOutput in Output of Done',
    open: ELSEWHERE,
  },
  {
    mistake: 'a result before there is one',
    change: { [inState('Charge.Arguments.Payload')]: '{% $states.result %}' },
    message: 'reads $states.result in Arguments of Charge',
    openButFine: { [inState('Charge.Arguments.Payload')]: OPEN },
  },
  {
    mistake: 'a result of what failed',
    change: {
      [inState('Charge.Catch')]: [CATCH[0], { ...CATCH[1], Assign: { seen: '{% $states.result %}' } }],
    },
    message: 'reads $states.result in Catch of Charge',
  },
]);
