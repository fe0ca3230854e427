import { variableUndefined } from '../../../../lib/rules/rules/states/variable-undefined';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { CATCH, ELSEWHERE, inState, order } from './templates';

describeFaults(variableUndefined, order, [
  {
    mistake: 'a variable that nobody assigns',
    change: { [inState('Lines.Items')]: '{% $orders.lines %}' },
    message: 'reads $orders in Lines, which no state assigns',
    open: ELSEWHERE,
  },
  {
    mistake: 'a variable that is assigned inside only',
    change: { [inState('Done.Output')]: '{% $line %}' },
    message: 'reads $line in Done',
    openButFine: { [inState('Done.Output')]: OPEN },
  },
]);

describeAccepted(variableUndefined, order, [
  {
    accepts: 'what an expression binds itself, and what a catcher assigns',
    change: {
      [inState('Charge.Catch')]: CATCH.map((one) => ({ ...one, Assign: { why: '{% $states.errorOutput.Error %}' } })),
      [inState('Release.Output')]: '{% ($copy := $why; $copy) %}',
    },
  },
]);
