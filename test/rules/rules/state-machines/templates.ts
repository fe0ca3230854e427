import { arn } from '../faults';
import { allow, goodFunction, goodQueue, goodRole } from '../parts';

export const RETRY = [{ ErrorEquals: ['Lambda.ServiceException', 'Lambda.TooManyRequestsException'], MaxAttempts: 3 }];

export const machine = (definition: object, properties: object = {}) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    Definition: definition,
    RoleArn: arn('MachineRole'),
    TracingConfiguration: { Enabled: true },
    ...properties,
  },
});

export const pay = {
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

export const ask = {
  Type: 'Task',
  Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
  Arguments: { QueueUrl: { Ref: 'Questions' }, MessageBody: { token: '{% $states.context.Task.Token %}' } },
  HeartbeatSeconds: 3600,
  Catch: pay.Catch,
  Next: 'Each',
};

export const each = {
  Type: 'Map',
  MaxConcurrency: 10,
  ItemProcessor: { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true } } },
  End: true,
};

export const stateMachines = {
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

export const inState = (path: string): string => `Machine.Definition.States.${path}`;

export const express = {
  ...stateMachines,
  Machine: machine(
    {
      TimeoutSeconds: 60,
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 5, Next: 'Done' }, Done: { Type: 'Succeed' } },
    },
    { StateMachineType: 'EXPRESS', LoggingConfiguration: { Level: 'ERROR', Destinations: [] } },
  ),
};

export const definitionAsText = {
  ...stateMachines,
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

export const definitionWithSubstitutions = {
  ...stateMachines,
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
