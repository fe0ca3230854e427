import { arn } from '../faults';
import { allow, deadLetters, goodFunction, goodRole } from '../parts';

export const functions = {
  ...goodFunction('Worker', [allow('sqs:SendMessage', arn('Failures'))], {
    Environment: { Variables: { TABLE: 'orders', STAGE: 'test' } },
    ReservedConcurrentExecutions: 10,
    DeadLetterConfig: { TargetArn: arn('Failures') },
  }),
  ...goodFunction('Other'),
  ...deadLetters('Failures'),
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Worker' } } },
  Live: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: 'live',
      FunctionName: { Ref: 'Worker' },
      FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
    },
  },
  Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: { Ref: 'Live' } } },
  Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Name: '/shop/stage', Value: 'test' } },
};

export const PUBLIC_URL = {
  'Url.AuthType': 'NONE',
  UrlPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'Live' },
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    },
  },
  CallPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: { Ref: 'Live' },
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    },
  },
};

export const functionWith = (properties: object, metadata: object) => {
  const { Declared } = goodFunction('Declared', [], {
    Role: 'arn:aws:iam::111122223333:role/outside',
    LoggingConfig: { LogGroup: 'outside' },
    ...properties,
  });
  return { ...Declared, Metadata: metadata };
};

export const durable = {
  ...goodFunction('Durable', [], { DurableConfig: { ExecutionTimeout: 60 } }),
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Durable' } } },
  Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { Target: { Ref: 'Version' }, RoleArn: arn('PipeRole') } },
  PipeRole: goodRole('pipes.amazonaws.com', [
    allow('lambda:InvokeFunction', [arn('Durable'), { 'Fn::Sub': '${Durable.Arn}:*' }]),
  ]),
};
