import { jsonataRoot } from '../../../../lib/rules/rules/states/jsonata-root';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(jsonataRoot, order, [
  {
    mistake: 'a bare name',
    change: { [inState('Lines.Items')]: '{% order.lines %}' },
    message: 'reads order in Lines from a root',
    open: ELSEWHERE,
  },
  {
    mistake: '$$',
    change: { [inState('Done.Output')]: '{% $$.order %}' },
    message: 'reads $$ in Done',
    openButFine: { [inState('Done.Output')]: OPEN },
  },
]);

describeAccepted(jsonataRoot, order, [
  { accepts: 'names within a filter', change: { [inState('Done.Output')]: '{% $order.lines[price > 3].name %}' } },
]);
