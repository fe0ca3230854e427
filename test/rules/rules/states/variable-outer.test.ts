import { variableOuter } from '../../../../lib/rules/rules/states/variable-outer';
import { describeAccepted, describeFaults } from '../faults';
import { ELSEWHERE, inState, LINE, order } from './templates';

describeFaults(variableOuter, order, [
  {
    mistake: 'an iteration that assigns what is outside',
    change: { [inState(`${LINE}.Assign`)]: { reserved: 1 } },
    message: 'assigns $reserved in Line, a variable of the states around it',
    open: ELSEWHERE,
  },
]);

describeAccepted(variableOuter, order, [
  { accepts: 'a variable of its own', change: { [inState(`${LINE}.Assign`)]: { own: 1 } } },
]);
