import { arn, describeFaults, OPEN } from './faults';
import { allow, goodFunction, goodQueue, goodRole } from './parts';

const RETRY = [{ ErrorEquals: ['Lambda.ServiceException', 'Lambda.TooManyRequestsException'], MaxAttempts: 3 }];

const machine = (definition: object, properties: object = {}) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    Definition: definition,
    RoleArn: arn('MachineRole'),
    TracingConfiguration: { Enabled: true },
    ...properties,
  },
});

const pay = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: arn('Pay'), Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  Retry: RETRY,
  Catch: [
    { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Failed' },
    { ErrorEquals: ['States.ALL'], Next: 'Failed' },
  ],
  Next: 'Ask',
};

const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: { Ref: 'Questions' }, MessageBody: { token: '{% $states.context.Task.Token %}' } },
  HeartbeatSeconds: 3600,
  Next: 'Each',
};

const each = {
  Type: 'Map',
  MaxConcurrency: 10,
  ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } },
  End: true,
};

const base = {
  ...goodFunction('Pay'),
  ...goodQueue('Questions'),
  Machine: machine({
    QueryLanguage: 'JSONata',
    StartAt: 'Pay',
    States: { Pay: pay, Ask: ask, Each: each, Failed: { Type: 'Fail' } },
  }),
  MachineRole: goodRole('states.amazonaws.com', [
    allow('lambda:InvokeFunction', arn('Pay')),
    allow('sqs:SendMessage', arn('Questions')),
  ]),
};

const at = (path: string): string => `Machine.Definition.States.${path}`;

describe('state machines', () => {
  describeFaults(base, [
    {
      rule: 'StateMachineDefinition',
      mistake: 'a next state that is not there',
      change: { [at('Pay.Next')]: 'Asked' },
      message: "leads to 'Asked', a state that it does not have",
      open: { 'Machine.Definition': undefined, 'Machine.DefinitionS3Location': { Bucket: 'b', Key: 'k' } },
    },
    {
      rule: 'StateMachineDefinition',
      mistake: 'a definition that is not JSON',
      change: { 'Machine.Definition': undefined, 'Machine.DefinitionString': '{"StartAt": ' },
      message: 'has a definition that is not JSON',
      open: { 'Machine.Definition': undefined, 'Machine.DefinitionString': OPEN },
    },
    {
      rule: 'StateMachineDefinition',
      mistake: 'a state that nothing follows',
      change: { [at('Each.ItemProcessor.States.Inner')]: { Type: 'Pass' } },
      message: 'does not say what follows Inner',
    },
    {
      rule: 'CallbackToken',
      mistake: 'a task token that nobody gets',
      change: { [at('Ask.Arguments.MessageBody')]: { order: '{% $states.context.Execution.Id %}' } },
      message: 'has Ask wait for a token that it gives to nobody',
      openButFine: { [at('Ask.Arguments.MessageBody')]: '{% $states.context.Task.Token %}' },
    },
    {
      rule: 'CallbackHeartbeat',
      mistake: 'a callback without a limit',
      change: { [at('Ask.HeartbeatSeconds')]: undefined },
      message: 'has Ask wait for an answer without a limit',
      openButFine: { [at('Ask.HeartbeatSeconds')]: OPEN },
    },
    {
      rule: 'StatesAllPlacement',
      mistake: 'States.ALL before others',
      change: { [at('Pay.Catch')]: [...pay.Catch].reverse() },
      message: 'has States.ALL of Pay beside or before others',
      openButFine: { [at('Pay.Catch')]: [{ ErrorEquals: [OPEN], Next: 'Failed' }] },
    },
    {
      rule: 'CatchDataLimit',
      mistake: 'a catcher that does not see a large result',
      change: { [at('Pay.Catch')]: pay.Catch.slice(1) },
      message: 'catches all errors of Pay, but not States.DataLimitExceeded',
      openButFine: { [at('Pay.Catch')]: OPEN },
    },
    {
      rule: 'StateMachineRolePermission',
      mistake: 'a role that may not call the function',
      change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
      message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
      open: { 'Machine.RoleArn': OPEN },
    },
    {
      rule: 'StateMachineRolePermission',
      mistake: 'a role that may not send to the queue',
      change: { 'MachineRole.Policies.0.PolicyDocument.Statement.1.Resource': arn('QuestionsDead') },
      message: 'has Ask call Shop/Questions, but its role lacks sqs:SendMessage',
    },
    {
      rule: 'JsonataSyntax',
      mistake: 'JSONata that cannot be read',
      change: { [at('Pay.Output')]: '{% $states.result.Payload + %}' },
      message: 'has a JSONata expression in Pay that cannot be read: Unexpected end of expression',
      openButFine: { [at('Pay.Output')]: { 'Fn::Sub': '{% "${Open}" & $states.result.Payload %}' } },
    },
    {
      rule: 'QueryLanguageFields',
      mistake: 'Parameters in a JSONata state',
      change: { [at('Each.ItemProcessor.States.Inner.Parameters')]: {} },
      message: 'has Parameters of JSONPath in Inner, whose query language is JSONata',
    },
    {
      rule: 'LambdaTaskRetry',
      mistake: 'a task without a retry',
      change: { [at('Pay.Retry')]: undefined },
      message: 'does not try Pay again when Lambda fails for a moment',
      openButFine: { [at('Pay.Retry')]: OPEN },
    },
    {
      rule: 'InlineMapConcurrency',
      mistake: 'more iterations than run',
      change: { [at('Each.MaxConcurrency')]: 100 },
      message: 'asks for 100 iterations of Each at once, more than 40',
      openButFine: { [at('Each.MaxConcurrency')]: OPEN },
    },
    {
      rule: 'StateMachineTracing',
      mistake: 'a machine that is not traced',
      change: { 'Machine.TracingConfiguration': undefined },
      message: 'is not traced',
      open: { 'Machine.TracingConfiguration.Enabled': OPEN },
    },
  ]);
});

describe('Express state machines', () => {
  const express = {
    ...base,
    Machine: machine(
      {
        TimeoutSeconds: 60,
        StartAt: 'Wait',
        States: { Wait: { Type: 'Wait', Seconds: 5, Next: 'Done' }, Done: { Type: 'Succeed' } },
      },
      { StateMachineType: 'EXPRESS', LoggingConfiguration: { Level: 'ERROR', Destinations: [] } },
    ),
  };
  describeFaults(express, [
    {
      rule: 'ExpressIntegrations',
      mistake: 'a task token',
      change: {
        [at('Done')]: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: { Ref: 'Questions' }, MessageBody: { 'token.$': '$$.Task.Token' } },
          HeartbeatSeconds: 60,
          End: true,
        },
      },
      message: 'is Express, but Done waits for a task token',
      openButFine: { [at('Done')]: { Type: 'Task', Resource: OPEN, End: true } },
    },
    {
      rule: 'ExpressIntegrations',
      mistake: 'a job',
      change: {
        [at('Done')]: {
          Type: 'Task',
          Resource: { 'Fn::Sub': 'arn:${AWS::Partition}:states:::glue:startJobRun.sync' },
          End: true,
        },
      },
      message: 'is Express, but Done waits for a job',
    },
    {
      rule: 'ExpressDuration',
      mistake: 'ten minutes',
      change: { 'Machine.Definition.TimeoutSeconds': 600 },
      message: 'is Express, but it may take 600 seconds',
      openButFine: { 'Machine.Definition.TimeoutSeconds': OPEN },
    },
    {
      rule: 'ExpressDuration',
      mistake: 'a wait of ten minutes',
      change: { [at('Wait.Seconds')]: 600 },
      message: 'is Express, but Wait may take 600 seconds',
    },
    {
      rule: 'ExpressLogs',
      mistake: 'no record of executions',
      change: { 'Machine.LoggingConfiguration': undefined },
      message: 'keeps no record of its executions',
      openButFine: { 'Machine.LoggingConfiguration.Level': OPEN },
    },
  ]);
});

describe('definitions as text', () => {
  const text = {
    ...base,
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString: {
          'Fn::Sub':
            '{"StartAt":"Pay","States":{"Pay":{"Type":"Task","Resource":"${Pay.Arn}","TimeoutSeconds":${Open},"Retry":[{"ErrorEquals":["States.ALL"]}],"End":true}}}',
        },
        RoleArn: arn('MachineRole'),
        TracingConfiguration: { Enabled: true },
      },
    },
  };
  const substituted = {
    ...base,
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        DefinitionString:
          '{"StartAt":"Pay","States":{"Pay":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"${PayArn}"},"Retry":[],"End":true}}}',
        DefinitionSubstitutions: { PayArn: arn('Pay') },
        RoleArn: arn('MachineRole'),
        TracingConfiguration: { Enabled: true },
      },
    },
  };
  for (const form of [text, substituted]) {
    describeFaults(form, [
      {
        rule: 'StateMachineRolePermission',
        mistake: 'a role that may not call the function',
        change: { 'MachineRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction' },
        message: 'has Pay call Shop/Pay, but its role lacks lambda:InvokeFunction',
      },
    ]);
  }
});
