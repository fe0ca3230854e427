import { targetRolePermission } from '../../../../lib/rules/rules/events/target-role-permission';
import { arn, changed, describeAccepted, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { allow } from '../parts';
import { deliveries, pipe } from './templates';

describeFaults(targetRolePermission, deliveries, [
  {
    mistake: 'a schedule that may not call its target',
    change: {
      'ScheduleRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction',
      Subscriber: undefined,
    },
    message: 'runs as Shop/ScheduleRole, which lacks lambda:InvokeFunction on Shop/Handler',
    open: { 'Schedule.Target.RoleArn': OPEN },
  },
  {
    mistake: 'a rule that starts a state machine without a role',
    change: {
      'OrderPlaced.Targets.1': { Id: 'Machine', Arn: { Ref: 'Machine' }, DeadLetterConfig: { Arn: arn('Failures') } },
    },
    message: 'calls Shop/Machine without a role',
  },
  {
    mistake: 'a rule that calls an API destination without a role',
    change: {
      Outside: {
        Type: 'AWS::Events::ApiDestination',
        Properties: {
          HttpMethod: 'POST',
          InvocationEndpoint: 'https://example.com',
          ConnectionArn: 'arn:aws:events:eu-west-1:111122223333:connection/a',
        },
      },
      'OrderPlaced.Targets.1': { Id: 'Outside', Arn: arn('Outside'), DeadLetterConfig: { Arn: arn('Failures') } },
    },
    message: 'calls Shop/Outside without a role',
  },
]);

describeFaults(targetRolePermission, pipe, [
  {
    mistake: 'a pipe that may not read its source',
    change: { 'PipeRole.Policies.0.PolicyDocument.Statement.0.Action': 'sqs:ReceiveMessage' },
    message: 'lacks sqs:DeleteMessage, sqs:GetQueueAttributes on Shop/Source',
  },
  {
    mistake: 'a pipe that may not write to its target',
    change: { 'PipeRole.Policies.0.PolicyDocument.Statement.1.Resource': arn('TargetDead') },
    message: 'lacks sqs:SendMessage on Shop/Target',
  },
]);

const machine = { ...pipe, Target: deliveries.Machine };
const may = (action: string) => ({
  'Pipe.Target': { Ref: 'Target' },
  'PipeRole.Policies.0.PolicyDocument.Statement.1': allow(action, { Ref: 'Target' }),
});
const parameters = (type: unknown) => ({
  'Pipe.TargetParameters': { StepFunctionStateMachineParameters: { InvocationType: type } },
});
describeAccepted(targetRolePermission, machine, [
  { accepts: 'a pipe that waits for its state machine', change: may('states:StartSyncExecution') },
  {
    accepts: 'a pipe that does not wait',
    change: { ...may('states:StartExecution'), ...parameters('FIRE_AND_FORGET') },
  },
  {
    accepts: 'either where it is open whether it waits',
    change: { ...may('states:StartExecution'), ...parameters(OPEN) },
  },
]);

test('TargetRolePermission refuses a pipe that waits for a state machine and may only start it', () => {
  const { findings } = judgeAll(modelOf(changed(machine, may('states:StartExecution'))));
  expect(findings).toContainEqual(expect.stringContaining('lacks states:StartSyncExecution on Shop/Target'));
});
