import { variableName } from '../../../../lib/rules/rules/states/variable-name';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { ELSEWHERE, inState, order } from './templates';

describeFaults(variableName, order, [
  {
    mistake: 'a field of a variable',
    change: { [inState('Begin.Assign')]: { order: 1, 'order.total': 1 } },
    message: "assigns 'order.total' in Begin",
    open: ELSEWHERE,
  },
  {
    mistake: 'the name of what is Step Functions’ own',
    change: { [inState('Begin.Assign')]: { order: 1, states: 1 } },
    message: "assigns 'states' in Begin",
    openButFine: { [inState('Begin.Assign')]: { order: OPEN } },
  },
]);

describeAccepted(variableName, order, [
  { accepts: 'a name with an accent', change: { [inState('Begin.Assign')]: { order: 1, größe: 1 } } },
]);
