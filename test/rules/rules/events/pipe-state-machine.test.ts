import { pipeStateMachine } from '../../../../lib/rules/rules/events/pipe-state-machine';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { allow, goodRole } from '../parts';
import { machine } from '../state-machines/templates';
import { pipe } from './templates';

const LOGS = { Level: 'ERROR', Destinations: [] };
const started = {
  ...pipe,
  Machine: machine(
    { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } },
    { StateMachineType: 'EXPRESS', LoggingConfiguration: LOGS },
  ),
  MachineRole: goodRole('states.amazonaws.com', [allow('sqs:SendMessage', { 'Fn::GetAtt': ['Target', 'Arn'] })]),
  PipeRole: goodRole('pipes.amazonaws.com', [
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], { 'Fn::GetAtt': ['Source', 'Arn'] }),
    allow(['states:StartExecution', 'states:StartSyncExecution'], { Ref: 'Machine' }),
    allow('sqs:SendMessage', { 'Fn::GetAtt': ['Target', 'Arn'] }),
  ]),
};
const TARGET = { 'Pipe.Target': { Ref: 'Machine' } };
const HOW = 'Pipe.TargetParameters.StepFunctionStateMachineParameters.InvocationType';
const STANDARD = { 'Machine.StateMachineType': 'STANDARD' };

describeFaults(pipeStateMachine, started, [
  {
    mistake: 'a Standard workflow without an invocation type',
    change: { ...TARGET, 'Machine.StateMachineType': undefined },
    message: 'waits for Shop/Machine, a Standard workflow',
    open: { ...TARGET, ...STANDARD, [HOW]: OPEN },
  },
  {
    mistake: 'a wait for a Standard workflow in production',
    change: { ...TARGET, [HOW]: 'REQUEST_RESPONSE', 'Machine.StateMachineType': inProduction('STANDARD', 'EXPRESS') },
    message: 'a Standard workflow when IsProduction',
  },
  {
    mistake: 'an enrichment by a Standard workflow',
    change: { ...STANDARD, 'Pipe.Enrichment': { Ref: 'Machine' } },
    message: 'waits for Shop/Machine',
  },
  {
    mistake: 'a Standard workflow whose ARN is spelled out',
    change: {
      ...STANDARD,
      'Pipe.Target': {
        'Fn::Join': [
          ':',
          [
            'arn:aws:states',
            { Ref: 'AWS::Region' },
            { Ref: 'AWS::AccountId' },
            'stateMachine',
            { 'Fn::GetAtt': ['Machine', 'Name'] },
          ],
        ],
      },
    },
    message: 'waits for Shop/Machine',
  },
  {
    mistake: 'an alias of a Standard workflow',
    change: {
      ...STANDARD,
      'Pipe.Enrichment': { Ref: 'Live' },
      Live: {
        Type: 'AWS::StepFunctions::StateMachineAlias',
        Properties: { RoutingConfiguration: [{ StateMachineVersionArn: { Ref: 'First' }, Weight: 100 }] },
      },
      First: { Type: 'AWS::StepFunctions::StateMachineVersion', Properties: { StateMachineArn: { Ref: 'Machine' } } },
      'PipeRole.Policies.0.PolicyDocument.Statement.1.Resource': [{ Ref: 'Machine' }, { Ref: 'Live' }],
    },
    message: 'waits for Shop/Machine',
  },
]);

describeAccepted(pipeStateMachine, started, [
  { accepts: 'a Standard workflow that is only started', change: { ...TARGET, ...STANDARD, [HOW]: 'FIRE_AND_FORGET' } },
  { accepts: 'an Express workflow', change: TARGET },
]);
