import { App, CfnParameter, Duration, Fn, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Access } from '../../lib/aws/access/access';
import type { AccessMap } from '../../lib/aws/access/capability';
import { EntityTable } from '../../lib/aws/entity-table';
import { handlerOf, ServiceFunction, type ServiceFunctionProps, triggerOf } from '../../lib/aws/service-function';

const ENTRY = 'test/aws/handlers/get-order.ts';
const FUNCTION = 'AWS::Lambda::Function';
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

function make(props: Partial<ServiceFunctionProps> = {}): ServiceFunction {
  return new ServiceFunction(stack, 'F', { entry: ENTRY, ...props });
}

function inline(): Partial<ServiceFunctionProps> {
  return { entry: undefined, code: lambda.Code.fromInline('exports.handler = () => {}') };
}

const template = () => Template.fromStack(stack);

/** Statements of the function's own policy, apart from what the platform needs. */
function accessStatements(): unknown[] {
  const policies = Object.values(template().findResources('AWS::IAM::Policy'));
  return policies.flatMap((policy) => policy.Properties.PolicyDocument.Statement as unknown[]);
}

/** Inline policies of the role, by name. */
function platformStatements(): Record<string, { Action: unknown; Resource: unknown; Effect: string }[]> {
  const role = Object.values(template().findResources('AWS::IAM::Role'))[0]!;
  const policies = role.Properties.Policies as { PolicyName: string; PolicyDocument: { Statement: never[] } }[];
  return Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument.Statement]));
}

describe('the minimal use', () => {
  test('creates a function, a role, a log group and a dead-letter queue', () => {
    make();
    const resources = Object.values(template().toJSON().Resources as Record<string, { Type: string }>);
    expect(resources.map(({ Type }) => Type).sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      FUNCTION,
      'AWS::Logs::LogGroup',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
    ]);
  });

  test('is unchanged', () => {
    make();
    const text = JSON.stringify(template().toJSON().Resources, null, 2);
    expect(JSON.parse(text.replace(/[0-9a-f]{64}\.zip/g, 'HASH.zip'))).toMatchSnapshot();
  });

  test('runs the current Node.js on ARM, traced, with JSON logs and source maps', () => {
    make();
    template().hasResourceProperties(FUNCTION, {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 10,
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: Match.stringLikeRegexp('^FLogs') } },
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    });
  });

  test('may do nothing but write its logs, its traces and its failed events', () => {
    make();
    expect(platformStatements()).toEqual({
      Logs: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^FLogs/), 'Arn'] },
        },
      ],
      Tracing: [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' }],
    });
    expect(accessStatements()).toEqual([
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^FDeadLetterQueue/), 'Arn'] },
      },
    ]);
    template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
  });

  test('keeps logs for a month and failed events for 14 days, encrypted and over TLS', () => {
    make();
    template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
    template().hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    template().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });
});

describe('access', () => {
  test('sets the variable and grants exactly the actions', () => {
    const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
    make({ access: { ORDERS: orders.write() }, onFailure: 'none' });
    const name = stack.resolve(orders.tableName) as unknown;
    template().hasResourceProperties(FUNCTION, { Environment: { Variables: { ORDERS: name } } });
    expect(accessStatements()).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem', 'dynamodb:BatchWriteItem'],
        Resource: stack.resolve(orders.tableArn) as unknown,
      },
    ]);
  });

  test('to a secret gives its ARN, and reading it', () => {
    const secret = new Secret(stack, 'Stripe');
    make({ secrets: { STRIPE: secret }, onFailure: 'none' });
    const arn = stack.resolve(secret.secretArn) as unknown;
    template().hasResourceProperties(FUNCTION, { Environment: { Variables: { STRIPE: arn } } });
    expect(accessStatements()).toEqual([{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: arn }]);
  });

  test('to a warm function invokes the alias that is warm', () => {
    const warm = new ServiceFunction(stack, 'Warm', { entry: ENTRY, warm: 1, onFailure: 'none' });
    make({ access: { WARM: Access.function(warm).invoke() }, onFailure: 'none' });
    const [statement] = accessStatements() as [{ Resource: unknown }];
    expect(statement.Resource).toEqual({ Ref: expect.stringMatching(/^WarmLive/) });
  });

  test('comes on top of what a team grants by hand', () => {
    const bucket = new s3.Bucket(stack, 'Files');
    const fn = make({ onFailure: 'none' });
    bucket.grantRead(fn);
    const identity = 'arn:aws:ses:eu-west-1:123456789012:identity/shop.example';
    fn.addToRolePolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources: [identity] }));
    expect(JSON.stringify(accessStatements())).toContain('s3:GetObject*');
    expect(JSON.stringify(accessStatements())).toContain('ses:SendEmail');
  });
});

describe('the effect of', () => {
  test('reservedConcurrency: a reservation', () => {
    make({ reservedConcurrency: 5 });
    template().hasResourceProperties(FUNCTION, { ReservedConcurrentExecutions: 5 });
  });

  test('warm: provisioned concurrency on the alias that triggers call', () => {
    const fn = make({ warm: 2, reservedConcurrency: 2 });
    expect(triggerOf(fn)).toBe(fn.live);
    new events.Rule(stack, 'Rule', {
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(triggerOf(fn))],
    });
    template().hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
    });
    template().hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^FLive') } })],
    });
    template().hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { Ref: Match.stringLikeRegexp('^FLive') },
    });
  });

  test('no warm: triggers call the function', () => {
    const fn = make();
    expect(fn.live).toBeUndefined();
    expect(triggerOf(fn)).toBe(fn);
  });

  test("onFailure 'none': no queue, and no permission to send to one", () => {
    make({ onFailure: 'none' });
    template().resourceCountIs('AWS::SQS::Queue', 0);
    template().resourceCountIs('AWS::IAM::Policy', 0);
    template().hasResourceProperties(FUNCTION, { DeadLetterConfig: Match.absent() });
  });

  test('onFailure with a queue of the team: that queue, with its key', () => {
    const key = new kms.Key(stack, 'Key');
    const queue = new sqs.Queue(stack, 'Failed', { encryptionMasterKey: key });
    make({ onFailure: queue });
    template().resourceCountIs('AWS::SQS::Queue', 1);
    template().hasResourceProperties(FUNCTION, { DeadLetterConfig: { TargetArn: stack.resolve(queue.queueArn) } });
    const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(queue.queueArn) as unknown };
    const encrypt = {
      Effect: 'Allow',
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: stack.resolve(key.keyArn) as unknown,
      Condition: {
        StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['sqs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
      },
    };
    expect(accessStatements()).toEqual([send, encrypt]);
  });

  test('tracing disabled: no permission to trace', () => {
    make({ tracing: lambda.Tracing.DISABLED });
    expect(Object.keys(platformStatements())).toEqual(['Logs']);
    template().hasResourceProperties(FUNCTION, { TracingConfig: Match.absent() });
  });

  test('tracing asked for: no second permission to trace', () => {
    make({ tracing: lambda.Tracing.ACTIVE, onFailure: 'none' });
    template().resourceCountIs('AWS::IAM::Policy', 0);
    expect(Object.keys(platformStatements())).toEqual(['Logs', 'Tracing']);
  });

  test('vpc: interfaces for Lambda, denied to the code', () => {
    make({ vpc: new ec2.Vpc(stack, 'Vpc'), tracing: lambda.Tracing.DISABLED });
    const [allow, deny] = platformStatements().Network!;
    expect(allow!.Effect).toBe('Allow');
    expect(deny).toEqual({
      ...allow,
      Effect: 'Deny',
      Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    });
  });

  test('logRetention: how long logs are kept', () => {
    make({ logRetention: logs.RetentionDays.ONE_YEAR });
    template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('logGroup: the team’s, and the only one it may write to', () => {
    const logGroup = logs.LogGroup.fromLogGroupName(stack, 'Ours', 'ours');
    make({ logGroup });
    template().resourceCountIs('AWS::Logs::LogGroup', 0);
    template().hasResourceProperties(FUNCTION, { LoggingConfig: { LogGroup: 'ours' } });
    expect(JSON.stringify(platformStatements().Logs![0]!.Resource)).toContain(':log-group:ours:*');
  });

  test('code: any runtime, and no source maps', () => {
    make({ ...inline(), runtime: lambda.Runtime.PYTHON_3_13, handler: 'app.main' });
    template().hasResourceProperties(FUNCTION, {
      Runtime: 'python3.13',
      Handler: 'app.main',
      Environment: Match.absent(),
    });
  });

  test('options of the L2: as they are', () => {
    make({
      ...inline(),
      description: 'Places orders',
      memorySize: 1024,
      timeout: Duration.minutes(1),
      environment: { LEVEL: 'info' },
    });
    template().hasResourceProperties(FUNCTION, {
      Description: 'Places orders',
      MemorySize: 1024,
      Timeout: 60,
      Environment: { Variables: { LEVEL: 'info' } },
    });
  });
});

describe('a variable that CloudFormation would fill with a secret', () => {
  const secret = () => new Secret(stack, 'Secret').secretValue.unsafeUnwrap();
  const refused = (name: string) =>
    `'environment.${name}' must not hold the value of a secret, which anyone who may view the function could read; name the secret in 'secrets', and let the handler read it (Shop/F)`;

  test.each<[string, () => string]>([
    ['an unwrapped secret', secret],
    ['one inside of text', () => `postgres://app:${secret()}@db`],
    ['one that is joined', () => Fn.join(':', ['app', secret()])],
    ['one that is joined inside of text', () => `postgres://${Fn.join(':', [stack.stackName, secret()])}@db`],
    ['one beside a reference', () => `${new Secret(stack, 'Other').secretName} ${secret()}`],
    ['a dynamic reference to a resource', () => `{{resolve:secretsmanager:${new Secret(stack, 'Other').secretArn}}}`],
    ['a dynamic reference', () => '{{resolve:secretsmanager:prod/db:SecretString:password}}'],
    ['a secure parameter', () => SecretValue.ssmSecure('/db/password').unsafeUnwrap()],
  ])('refuses %s, given at once or later', (_, value) => {
    make({ environment: { DB: value() } }).addEnvironment('TOKEN_TWO', '{{resolve:ssm-secure:/b:1}}');
    expect(() => (stack.node.root as App).synth()).toThrow(refused('DB'));
    expect(() => (stack.node.root as App).synth()).toThrow(refused('TOKEN_TWO'));
  });

  test('accepts a name, and a parameter that is no secret', () => {
    make({ environment: { SECRET_NAME: new Secret(stack, 'Secret').secretName, STAGE: '{{resolve:ssm:/stage:1}}' } });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});

describe('handlerOf', () => {
  test('takes a path, a path with settings, or a function the team has', () => {
    const fn = make();
    expect(handlerOf(stack, 'A', fn)).toBe(fn);
    expect(handlerOf(stack, 'B', ENTRY, { onFailure: 'none' })).toBeInstanceOf(ServiceFunction);
    handlerOf(
      stack,
      'C',
      { entry: ENTRY, memorySize: 256 },
      { memorySize: 128, timeout: Duration.seconds(29), onFailure: 'none' },
    );
    template().hasResourceProperties(FUNCTION, { MemorySize: 256, Timeout: 29 });
    template().resourceCountIs('AWS::SQS::Queue', 1);
  });
});

describe('limits', () => {
  test.each<[Partial<ServiceFunctionProps>]>([
    [{ timeout: Duration.seconds(1) }],
    [{ timeout: Duration.seconds(900) }],
    [{ memorySize: 128 }],
    [{ memorySize: 10_240 }],
    [{ reservedConcurrency: 0 }],
    [{ reservedConcurrency: 3, warm: 3 }],
  ])('accepts %j', (props) => {
    expect(() => make({ ...inline(), ...props })).not.toThrow();
  });

  test.each<[Partial<ServiceFunctionProps>, string]>([
    [{ timeout: Duration.seconds(901) }, "'timeout' must be whole seconds from 1 to 900, got 15 minutes 1 second"],
    [{ timeout: Duration.seconds(0) }, "'timeout' must be whole seconds from 1 to 900"],
    [{ timeout: Duration.millis(1500) }, "'timeout' must be whole seconds from 1 to 900"],
    [{ memorySize: 127 }, "'memorySize' must be whole MB from 128 to 10240, got 127"],
    [{ memorySize: 10_241 }, "'memorySize' must be whole MB from 128 to 10240, got 10241"],
    [{ reservedConcurrency: -1 }, "'reservedConcurrency' must be a whole number, at least 0, got -1"],
    [{ warm: 0 }, "'warm' must be a whole number, at least 1, got 0"],
    [{ warm: 4, reservedConcurrency: 3 }, "'warm' must be at most 'reservedConcurrency' (3), got 4"],
    [{ environment: { AWS_REGION: 'x' } }, "'environment.AWS_REGION' must not be a name that Lambda reserves"],
    [{ environment: { 'MY-NAME': 'x' } }, "'environment.MY-NAME' must be a variable name"],
    [{ environment: { A: 'x' } }, "'environment.A' must be a variable name"],
    [{ environment: { _AB: 'x' } }, "'environment._AB' must be a variable name"],
    [
      { environment: { DB_PASSWORD: 'hunter2' } },
      "'environment.DB_PASSWORD' must not be a secret in plain text (it looks like a password); keep it in Secrets Manager and name it in 'secrets' (Shop/F)",
    ],
    [{ entry: ENTRY }, "'entry' must be given, or 'code' instead, got ['entry', 'code']; remove one of them"],
    [{ bundling: {} }, "'bundling' must not be given with 'code'"],
  ])('refuses %j', (props, message) => {
    expect(() => make({ ...inline(), ...props })).toThrow(message);
  });

  test('refuses an environment over 4 KB, and not one of 4 KB', () => {
    const environment = { AB: 'x'.repeat(4094) };
    expect(() => make({ ...inline(), environment: { ...environment, CD: '' } })).toThrow(
      "'environment' must be at most 4096 bytes with all names and values, got '4098 bytes'",
    );
    expect(() => make({ ...inline(), environment })).not.toThrow();
  });

  test('refuses a name that is set twice', () => {
    const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
    expect(() => make({ environment: { ORDERS: 'x' }, access: { ORDERS: orders.read() } })).toThrow(
      "'access.ORDERS' must be set only once, got 'ORDERS'; remove one of 'environment.ORDERS' and 'access.ORDERS' (Shop/F)",
    );
  });

  test('refuses neither entry nor code', () => {
    expect(() => make({ entry: undefined })).toThrow("'entry' must be given, or 'code' instead, got nothing");
  });

  test('refuses to bundle for a runtime that runs no JavaScript', () => {
    expect(() => make({ runtime: lambda.Runtime.PYTHON_3_13 })).toThrow(
      "'runtime' must be a Node.js runtime with 'entry', which is bundled to JavaScript, got 'python3.13'",
    );
    expect(() => make({ runtime: lambda.Runtime.PROVIDED_AL2023 })).not.toThrow();
  });

  test('refuses a variable without a value', () => {
    expect(() => make({ environment: { STAGE: process.env.NO_SUCH_VARIABLE! } })).toThrow(
      "'environment.STAGE' must be a string, got nothing; give it a value, or remove it (Shop/F)",
    );
  });

  test('refuses a resource in place of a capability', () => {
    const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
    const access = { ORDERS: orders, JOBS: undefined } as unknown as AccessMap;
    expect(() => make({ access })).toThrow(/'access.ORDERS' must be a capability, got 'Shop\/Orders'.*\n'access.JOBS'/);
  });

  test('refuses an entry that does not exist, and says where it looked', () => {
    expect(() => make({ entry: './src/../src/nope.ts' })).toThrow(
      `'entry' must be the path of a file, relative to the working directory (there is none at 'src/nope.ts'), got './src/../src/nope.ts'`,
    );
    expect(() => make({ entry: 'test' })).toThrow("'entry' must be the path of a file");
  });

  test.each([lambda.Runtime.NODEJS_14_X, lambda.Runtime.PYTHON_3_7, lambda.Runtime.GO_1_X])(
    'refuses %s, on which Lambda creates no functions',
    (runtime) => {
      const code = lambda.Code.fromInline('x');
      expect(() => make({ entry: undefined, code, handler: 'index.handler', runtime })).toThrow(
        `'runtime' must be one on which Lambda still creates functions, got '${runtime.name}'; choose a newer one; ` +
          'a function that is already deployed on it stays a lambda.Function, which may be a handler (Shop/F)',
      );
    },
  );

  test('takes a runtime without support that Lambda still creates functions on, which a rule reports', () => {
    expect(() => make({ runtime: lambda.Runtime.NODEJS_18_X })).not.toThrow();
  });

  test('refuses a FIFO queue for failed events', () => {
    const queue = new sqs.Queue(stack, 'Failed', { fifo: true });
    expect(() => make({ onFailure: queue })).toThrow("'onFailure' must be a standard queue, got 'Shop/Failed'");
  });

  test('never shows a secret', () => {
    expect(() => make({ environment: { DB_PASSWORD: 'hunter2' } })).not.toThrow('hunter2');
  });

  test('reports all failures at once', () => {
    expect(() => make({ memorySize: 1, warm: 0 })).toThrow(/memorySize.*\n.*warm/);
  });

  test('accepts what is known only at deployment', () => {
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const timeout = Duration.seconds(Token.asNumber({ Ref: 'Number' }));
    const props = {
      memorySize: number,
      timeout,
      reservedConcurrency: number,
      warm: 3,
      environment: { DB_PASSWORD: text },
    };
    expect(() => make({ ...inline(), ...props })).not.toThrow();
  });
});
