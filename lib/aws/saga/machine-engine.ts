import { Aws } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { Access } from '../access/access';
import { Capability } from '../access/capability';
import { atHome } from '../access/target';
import type { SagaEngine, SagaEngineProps } from './engine';
import { sagaMachine } from './machine';
import { ENDS } from './outcome';

/** A state machine that runs a saga. */
export interface MachineEngine extends SagaEngine {
  readonly machine: StateMachine;
}

/** A saga's state machine: Standard, never Express, which may run twice. */
export function machineEngine(scope: Construct, props: SagaEngineProps): MachineEngine {
  const machine = sagaMachine(scope, props);
  const arn = machine.stateMachineArn;
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${machine.stateMachineName}:*`;
  return {
    machine,
    start: Access.stateMachine(machine).start(),
    answer: new Capability({
      variables: { '': arn },
      statements: [
        {
          actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
          resources: [arn],
          of: () => atHome('a saga', machine),
        },
      ],
    }),
    read: new Capability({
      variables: { '': arn },
      statements: [
        { actions: ['states:ListExecutions'], resources: [arn], of: () => atHome('a saga', machine) },
        {
          actions: ['states:DescribeExecution', 'states:GetExecutionHistory'],
          resources: [executions],
          wildcard: 'The name of an execution is part of its ARN, and any of this machine may have to be read',
        },
      ],
    }),
    keeper: 'saga/keeper',
    ended: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        stateMachineArn: [arn],
        status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        // A stopped execution has no error.
        error: [{ 'anything-but': [ENDS.undone, ENDS.parked] }, null, { exists: false }],
      },
    },
    metric: (what, options) =>
      ({
        started: () => machine.metricStarted(options),
        done: () => machine.metricSucceeded(options),
        failed: () => machine.metricFailed(options),
        time: () => machine.metricTime(options),
      })[what](),
    alarms: (alarms) => alarms.stateMachine(machine),
  };
}
