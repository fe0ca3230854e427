import { stateMachineRolePermission } from '../../../../lib/rules/rules/state-machines/state-machine-role-permission';
import { arn, changed, describeFaults, judgeAll, modelOf, OPEN } from '../faults';
import { allow, goodRole } from '../parts';
import { definitionAsText, definitionWithSubstitutions, machine, stateMachines } from './templates';

describeFaults(stateMachineRolePermission, stateMachines, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
    open: { 'Machine.RoleArn': OPEN },
  },
  {
    mistake: 'a role that may not send to the queue',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.1.Resource': arn('QuestionsDead') },
    message: 'has Ask call Shop/Questions, but its role lacks sqs:SendMessage',
  },
]);

describeFaults(stateMachineRolePermission, definitionAsText, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
  },
]);

describeFaults(stateMachineRolePermission, definitionWithSubstitutions, [
  {
    mistake: 'a role that may not call the function',
    change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
    message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
  },
]);

const executions = {
  'Fn::Sub': 'arn:aws:states:${AWS::Region}:${AWS::AccountId}:execution:Nightly:*',
};
const distributed = {
  Files: { Type: 'AWS::S3::Bucket' },
  Nightly: machine({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } }, { StateMachineName: 'Nightly' }),
  Machine: machine(
    {
      QueryLanguage: 'JSONata',
      StartAt: 'Rows',
      States: {
        Rows: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Inner',
            States: { Inner: { Type: 'Pass', End: true } },
          },
          ItemReader: {
            Resource: 'arn:aws:states:::s3:listObjectsV2',
            Arguments: { Bucket: { Ref: 'Files' }, Prefix: 'in/' },
          },
          ResultWriter: {
            Resource: 'arn:aws:states:::s3:putObject',
            Arguments: { Bucket: { Ref: 'Files' }, Prefix: 'out' },
          },
          MaxConcurrency: 10,
          Next: 'Wait',
        },
        Wait: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Arguments: { StateMachineArn: { Ref: 'Nightly' } },
          TimeoutSeconds: 60,
          End: true,
        },
      },
    },
    { StateMachineName: 'Rows' },
  ),
  MachineRole: goodRole('states.amazonaws.com', [
    allow('states:StartExecution', [
      { 'Fn::Sub': 'arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:Rows' },
      { Ref: 'Nightly' },
    ]),
    allow(['states:DescribeExecution', 'states:StopExecution'], executions),
    allow('s3:ListBucket', arn('Files')),
    allow('s3:PutObject', { 'Fn::Sub': '${Files.Arn}/*' }),
  ]),
};
const without = (index: number) => ({
  [`MachineRole.Policies.0.PolicyDocument.Statement.${index}.Action`]: 'states:ListExecutions',
});

describe('what a distributed map and a nested execution need', () => {
  test('nothing is said of a role that has all of it', () => {
    const { findings } = judgeAll(modelOf(distributed), [stateMachineRolePermission]);
    expect(findings).toEqual([]);
  });

  test.each([
    [
      'start an execution for each item',
      without(0),
      /Rows start an execution of the machine for each item, but its role lacks states:StartExecution/,
    ],
    [
      'describe the execution that it waits for',
      without(1),
      /Wait wait for executions of Shop\/Nightly, but its role lacks states:DescribeExecution/,
    ],
    ['list the files that it reads', without(2), /Rows call Shop\/Files, but its role lacks s3:ListBucket/],
    ['write its results', without(3), /Rows call Shop\/Files, but its role lacks s3:PutObject/],
  ])('refuses a role that may not %s', (_, change, message) => {
    const { findings } = judgeAll(modelOf(changed(distributed, change)), [stateMachineRolePermission]);
    expect(findings).toContainEqual(expect.stringMatching(message));
  });
});
