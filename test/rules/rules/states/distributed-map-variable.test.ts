import { distributedMapVariable } from '../../../../lib/rules/rules/states/distributed-map-variable';
import { describeAccepted, describeFaults } from '../faults';
import { ELSEWHERE, inState, LINE, order } from './templates';

describeFaults(distributedMapVariable, order, [
  {
    mistake: 'a distributed map that reads a variable from outside',
    change: { [inState('Lines.ItemProcessor.ProcessorConfig')]: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    message: 'reads $order in Line, a variable from outside of the distributed map',
    open: ELSEWHERE,
  },
]);

describeAccepted(distributedMapVariable, order, [
  {
    accepts: 'a distributed map that reads its input',
    change: {
      [inState('Lines.ItemProcessor.ProcessorConfig')]: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      [inState(`${LINE}.Arguments.Payload`)]: '{% $states.input %}',
    },
  },
]);
