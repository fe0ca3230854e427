import { distributedMapVariable } from '../../../../lib/rules/rules/states/distributed-map-variable';
import { describeAccepted, describeFaults } from '../faults';
import { allow } from '../parts';
import { ELSEWHERE, inState, LINE, order } from './templates';

const DISTRIBUTED = {
  [inState('Lines.ItemProcessor.ProcessorConfig')]: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
  Items: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'Items',
      Roles: [{ Ref: 'MachineRole' }],
      PolicyDocument: { Statement: [allow('states:StartExecution', { Ref: 'Machine' })] },
    },
  },
};

describeFaults(distributedMapVariable, order, [
  {
    mistake: 'a distributed map that reads a variable from outside',
    change: DISTRIBUTED,
    message: 'reads $order in Line, a variable from outside the distributed map',
    open: ELSEWHERE,
  },
]);

describeAccepted(distributedMapVariable, order, [
  {
    accepts: 'a distributed map that reads its input',
    change: {
      ...DISTRIBUTED,
      [inState(`${LINE}.Arguments.Payload`)]: '{% $states.input %}',
    },
  },
]);
