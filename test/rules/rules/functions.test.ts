import { judge } from '../../../lib/rules/judge';
import { plaintextSecret } from '../../../lib/rules/rules/functions/plaintext-secret';
import { arn, describeFaults, inProduction, modelOf, OPEN } from './faults';
import { allow, deadLetters, goodFunction, goodRole } from './parts';

const base = {
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

const PUBLIC_URL = {
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

const goodWith = (properties: object, metadata: object) => {
  const { Declared } = goodFunction('Declared', [], {
    Role: 'arn:aws:iam::111122223333:role/outside',
    LoggingConfig: { LogGroup: 'outside' },
    ...properties,
  });
  return { ...Declared, Metadata: metadata };
};

describe('functions', () => {
  describeFaults(base, [
    {
      rule: 'FunctionMemory',
      mistake: '20,480 MB of memory',
      change: { 'Worker.MemorySize': 20_480 },
      message: 'asks for 20480 MB',
      open: { 'Worker.MemorySize': OPEN },
    },
    {
      rule: 'FunctionMemory',
      mistake: 'too much memory in one branch of a condition',
      change: { 'Worker.MemorySize': inProduction(20_480, 512) },
      message: 'outside 128 to 10240 MB when IsProduction',
    },
    {
      rule: 'FunctionTimeout',
      mistake: 'a timeout of 16 minutes',
      change: { 'Worker.Timeout': 960 },
      message: 'asks for 960 seconds',
      open: { 'Worker.Timeout': OPEN },
    },
    {
      rule: 'FunctionLimits',
      mistake: 'a /tmp of 20 GB',
      change: { 'Worker.EphemeralStorage': { Size: 20_480 } },
      message: 'asks for 20480 MB, outside 512 to 10240',
      open: { 'Worker.EphemeralStorage': { Size: OPEN } },
    },
    {
      rule: 'FunctionLimits',
      mistake: 'six layers',
      change: {
        'Worker.Layers': Array.from({ length: 6 }, (_, index) => `arn:aws:lambda:eu-west-1:1:layer:l:${index}`),
      },
      message: 'has 6 layers, more than 5',
    },
    {
      rule: 'ExtensionCache',
      mistake: 'secrets that are kept for an hour',
      change: { 'Worker.Environment.Variables.SECRETS_MANAGER_TTL': '3600' },
      message: 'asks for 3600 seconds, outside 0 to 300',
      open: { 'Worker.Environment.Variables.SECRETS_MANAGER_TTL': OPEN },
    },
    {
      rule: 'FunctionEnvironmentSize',
      mistake: '5 KB of environment variables',
      change: { 'Worker.Environment.Variables.TEXT': 'words '.repeat(850) },
      message: 'bytes of environment variables',
      open: { 'Worker.Environment.Variables.TEXT': 'words '.repeat(650), 'Worker.Environment.Variables.MORE': OPEN },
    },
    {
      rule: 'FunctionReservedVariable',
      mistake: 'a variable that Lambda sets',
      change: { 'Worker.Environment.Variables.AWS_REGION': 'eu-west-1' },
      message: 'sets the reserved variable AWS_REGION',
      openButFine: { 'Worker.Environment.Variables.REGION': OPEN },
    },
    {
      rule: 'FunctionRuntime',
      mistake: 'a runtime without support',
      change: { 'Worker.Runtime': 'nodejs20.x' },
      message: 'whose support ended on 2026-04-30',
      open: { 'Worker.Runtime': OPEN },
    },
    {
      rule: 'FunctionOwnRole',
      mistake: 'a role for two functions',
      change: { 'Other.Role': arn('WorkerRole') },
      message: 'shares its role with Shop/Worker',
      openButFine: { 'Other.Role': OPEN },
    },
    {
      rule: 'FunctionLogGroup',
      mistake: 'a function that leaves its log group to Lambda',
      change: { 'Worker.LoggingConfig': undefined },
      message: 'log group that is not in the template',
      openButFine: { 'Worker.LoggingConfig.LogGroup': OPEN },
    },
    {
      rule: 'LogGroupRetention',
      mistake: 'logs without end',
      change: { 'WorkerLogs.RetentionInDays': undefined },
      message: 'keeps its logs without end',
      openButFine: { 'WorkerLogs.RetentionInDays': OPEN },
    },
    {
      rule: 'LogGroupRetention',
      mistake: 'logs without end in one branch of a condition',
      change: { 'WorkerLogs.RetentionInDays': inProduction(365) },
      message: 'keeps its logs without end when not IsProduction',
    },
    {
      rule: 'FunctionTracing',
      mistake: 'a function that is not traced',
      change: { 'Worker.TracingConfig': undefined },
      message: 'is not traced',
      open: { 'Worker.TracingConfig.Mode': OPEN },
    },
    {
      rule: 'FailureDestinationPermission',
      mistake: 'a dead-letter queue that the role may not write to',
      change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.2.Action': 'sqs:ReceiveMessage' },
      message: 'lacks sqs:SendMessage on it',
      open: { 'Worker.Role': OPEN },
    },
    {
      rule: 'FunctionUrlPublic',
      mistake: 'a function URL for everybody',
      change: PUBLIC_URL,
      message: 'is open to everybody',
      open: { 'Url.AuthType': OPEN },
    },
    {
      rule: 'CorsCredentials',
      mistake: 'credentials for every origin',
      change: { 'Url.Cors': { AllowCredentials: true, AllowOrigins: ['*'] } },
      message: 'allows credentials to every origin',
      open: { 'Url.Cors': { AllowCredentials: true, AllowOrigins: [OPEN] } },
    },
    {
      rule: 'SnapStartSupported',
      mistake: 'SnapStart on Node.js',
      change: { 'Other.SnapStart': { ApplyOn: 'PublishedVersions' } },
      message: 'on nodejs24.x, which does not support it',
      open: { 'Other.SnapStart': { ApplyOn: 'PublishedVersions' }, 'Other.Runtime': OPEN },
    },
    {
      rule: 'SnapStartSupported',
      mistake: 'SnapStart beside provisioned concurrency',
      change: { 'Worker.SnapStart': { ApplyOn: 'PublishedVersions' }, 'Worker.Runtime': 'java21' },
      message: 'with provisioned concurrency',
    },
    {
      rule: 'SnapStartSupported',
      mistake: 'SnapStart with a larger /tmp',
      change: {
        'Other.SnapStart': { ApplyOn: 'PublishedVersions' },
        'Other.Runtime': 'python3.12',
        'Other.EphemeralStorage': { Size: 1024 },
      },
      message: 'with a larger /tmp',
    },
    {
      rule: 'ProvisionedWithinReserved',
      mistake: 'more provisioned than reserved',
      change: { 'Live.ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions': 20 },
      message: 'has 20 provisioned executions, but reserves 10',
      open: { 'Worker.ReservedConcurrentExecutions': OPEN },
    },
    {
      rule: 'ProvisionedAliasBypassed',
      mistake: 'a warm alias that nothing calls',
      change: { Url: undefined },
      message: 'nothing in the template calls it',
      openButFine: { 'Url.TargetFunctionArn': { Ref: 'Live' } },
    },
    {
      rule: 'ReservedConcurrencyBudget',
      mistake: 'reservations for the whole account',
      change: { 'Other.ReservedConcurrentExecutions': 950 },
      message: 'more than 900 of the usual 1000',
      open: { 'Other.ReservedConcurrentExecutions': OPEN },
    },
    {
      rule: 'ReservedConcurrencyLimit',
      mistake: 'reservations over the declared limit of the account',
      change: { Declared: goodWith({ ReservedConcurrentExecutions: 900 }, { 'lintel:accountConcurrency': 500 }) },
      message: 'more than 400 of the declared 500',
      openButFine: { Declared: goodWith({ ReservedConcurrentExecutions: OPEN }, { 'lintel:accountConcurrency': 500 }) },
    },
    {
      rule: 'PlaintextSecret',
      mistake: 'an access key in a variable',
      change: { 'Worker.Environment.Variables.KEY': 'AKIAIOSFODNN7EXAMPLE' },
      message: 'has an AWS access key in the clear',
      open: { 'Worker.Environment.Variables.API_TOKEN': OPEN },
    },
    {
      rule: 'PlaintextSecret',
      mistake: 'a password in one branch of a variable',
      change: { 'Worker.Environment.Variables.DB_PASSWORD': inProduction('hunter2-hunter2', 'x') },
      message: 'has a password in the clear',
    },
    {
      rule: 'PlaintextSecret',
      mistake: 'a secret that a dynamic reference puts into a variable',
      change: { 'Worker.Environment.Variables.TOKEN': '{{resolve:secretsmanager:token}}' },
      message: 'has a secret put into a variable',
    },
    {
      rule: 'PlaintextSecret',
      mistake: 'a secret in a parameter',
      change: { 'Parameter.Name': '/shop/db-password', 'Parameter.Value': 'hunter2-hunter2' },
      message: 'has a password in the clear',
    },
  ]);

  const durable = {
    ...goodFunction('Durable', [], { DurableConfig: { ExecutionTimeout: 60 } }),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Durable' } } },
    Pipe: { Type: 'AWS::Pipes::Pipe', Properties: { Target: { Ref: 'Version' }, RoleArn: arn('PipeRole') } },
    PipeRole: goodRole('pipes.amazonaws.com', [
      allow('lambda:InvokeFunction', [arn('Durable'), { 'Fn::Sub': '${Durable.Arn}:*' }]),
    ]),
  };
  describeFaults(durable, [
    {
      rule: 'DurableFunctionQualified',
      mistake: 'a durable function that is called without a version',
      change: { 'Pipe.Target': arn('Durable') },
      message: 'calls the durable function Shop/Durable without a version',
      openButFine: { 'Pipe.Target': OPEN },
    },
  ]);
});

test('PlaintextSecret does not advise a dynamic reference for a variable, which would show what it comes to', () => {
  const model = modelOf(
    goodFunction('Worker', [], { Environment: { Variables: { TOKEN: '{{resolve:secretsmanager:token}}' } } }),
  );
  const { findings } = judge(model, { rules: [plaintextSecret] });
  expect(findings.map(({ remedy }) => remedy)).toEqual([
    expect.stringMatching(/give the function its name, and read it/),
  ]);
});
