import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Duration, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Alarms,
  Defaults,
  EntityTable,
  EventStore,
  QueueWorker,
  Saga,
  ScheduledJob,
  ServiceFunction,
  type ServiceFunctionProps,
} from '../../../patterns/aws';
import { WRONG_VALUES } from '../../wrong-values';

let app: App;
let stage: Stage;
let stack: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
  stage = new Stage(app, 'Prod');
  stack = new Stack(stage, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
});

const code = lambda.Code.fromInline('exports.handler = () => {}');
const make = (props: Partial<ServiceFunctionProps> = {}, id = 'F') =>
  new ServiceFunction(stack, id, { code, onFailure: 'none', ...props });
const functionOf = () => Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0]!.Properties;

describe('functions', () => {
  test('take what the team sets, a nearer scope over one further out, and their own props over all', () => {
    const key = new kms.Key(new Stack(stage, 'Keys', { env: { account: '111111111111', region: 'eu-west-1' } }), 'Key');
    Defaults.of(app).functions({
      memorySize: 1024,
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.X86_64,
      tracing: lambda.Tracing.DISABLED,
      logRetention: RetentionDays.SIX_MONTHS,
      environment: { STAGE: 'any', TEAM: 'shop' },
      tags: { team: 'shop', cost: '1' },
    });
    Defaults.of(stage).functions({ memorySize: 2048, environment: { STAGE: 'prod' }, environmentEncryption: key });
    Defaults.of(stack).functions({
      tags: { cost: '2' },
      permissionsBoundary: iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'edge-of-the-team'),
    });
    make({ memorySize: undefined, architecture: lambda.Architecture.ARM_64, environment: { TEAM: 'orders' } });
    const template = Template.fromStack(stack);
    expect(functionOf()).toMatchObject({
      MemorySize: 2048,
      Runtime: 'nodejs22.x',
      Architectures: ['arm64'],
      Environment: { Variables: { STAGE: 'prod', TEAM: 'orders' } },
      KmsKeyArn: expect.anything(),
      Tags: [
        { Key: 'cost', Value: '2' },
        { Key: 'team', Value: 'shop' },
      ],
    });
    expect(functionOf().TracingConfig).toBeUndefined();
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: 180,
      Tags: [
        { Key: 'cost', Value: '2' },
        { Key: 'team', Value: 'shop' },
      ],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      PermissionsBoundary: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
      Tags: Match.arrayWith([{ Key: 'team', Value: 'shop' }]),
    });
    // A role that does not trace has no right to.
    expect(JSON.stringify(template)).not.toContain('xray');
  });

  test('of patterns take it too, and keep what their pattern chose or derived', () => {
    Defaults.of(app).functions({ memorySize: 1769, logRetention: RetentionDays.ONE_YEAR });
    new QueueWorker(stack, 'Ingest', { handler: { code, timeout: Duration.seconds(20) } });
    const store = new EventStore(stack, 'Orders');
    store.project('Totals', { handler: { code }, eventTypes: ['OrderPlaced'] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1769, Timeout: 20 });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
    template.resourcePropertiesCountIs(
      'AWS::Logs::LogGroup',
      { RetentionInDays: 365 },
      Object.keys(template.findResources('AWS::Lambda::Function')).length,
    );
  });

  test('leave durable functions a runtime that has them', () => {
    Defaults.of(app).functions({ runtime: lambda.Runtime.NODEJS_20_X });
    new Saga(stack, 'Order', { engine: 'durable-function', steps: [{ name: 'Pay', action: { code } }] });
    const template = Template.fromStack(stack);
    const durable = { DurableConfig: Match.anyValue(), Runtime: 'nodejs24.x' };
    template.resourcePropertiesCountIs('AWS::Lambda::Function', durable, 1);
    template.resourcePropertiesCountIs('AWS::Lambda::Function', { Runtime: 'nodejs20.x' }, 2);
  });

  test('set none where nothing is set', () => {
    make();
    expect(functionOf()).toMatchObject({ MemorySize: 512, Architectures: ['arm64'], Runtime: 'nodejs24.x' });
  });

  test('refuses to be set after a function was made, which would go without', () => {
    make();
    for (const scope of [app, stage, stack]) {
      expect(() => Defaults.of(scope).functions({ memorySize: 1024 })).toThrow(
        /'functions' must be set before the constructs they are for.*got 'Prod\/Shop\/F'; call Defaults.of\(...\).functions\(...\) before/,
      );
    }
    // Another stack has none yet.
    Defaults.of(new Stack(stage, 'Other')).functions({ memorySize: 1024 });
  });

  test.each<[string, object, RegExp]>([
    ['timeout', { timeout: Duration.seconds(30) }, /'timeout' must not be given.*set it on the handler/],
    ['access', { access: {} }, /'access' must not be given.*not every function may do the same/],
    ['a runtime of another language', { runtime: lambda.Runtime.PYTHON_3_13 }, /'runtime' must be a Node.js runtime/],
    ['too much memory', { memorySize: 20_480 }, /'memorySize' must be a whole number from 128 to 10240 MB, got 20480/],
    [
      'a reserved name',
      { environment: { AWS_REGION: 'x' } },
      /'environment.AWS_REGION' must not be a name that Lambda reserves/,
    ],
    ['NODE_OPTIONS', { environment: { NODE_OPTIONS: '--x' } }, /'environment.NODE_OPTIONS' must not be set for all/],
    [
      'a secret',
      { environment: { API_TOKEN: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' } },
      /must not be a secret in plain text/,
    ],
  ])('refuses %s', (_, defaults, message) => {
    expect(() => Defaults.of(app).functions(defaults)).toThrow(message);
  });
});

test('tables take the encryption and the end that the team sets, and protection follows', () => {
  const key = new kms.Key(stack, 'Key');
  Defaults.of(stack).tables({
    encryption: TableEncryptionV2.customerManagedKey(key),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const table = new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  new EntityTable(stack, 'Kept', { partitionKey: 'id', removalPolicy: RemovalPolicy.RETAIN });
  make({ access: { ORDERS: table.read() } });
  const template = Template.fromStack(stack);
  template.hasResource('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Delete',
    Properties: {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ DeletionProtectionEnabled: false }],
    },
  });
  template.hasResource('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Retain',
    Properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
  });
  expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain('kms:Decrypt');
});

describe('logs', () => {
  test('are kept as the team says, with a key whose policy admits CloudWatch Logs once; what a construct says wins', () => {
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    Defaults.of(stack).logs({ retention: RetentionDays.SIX_MONTHS, encryptionKey: key });
    Defaults.of(stack).functions({ logRetention: RetentionDays.ONE_YEAR });
    make();
    make({ logRetention: RetentionDays.ONE_WEEK }, 'Own');
    new Saga(stack, 'Order', { steps: [{ name: 'Pay', action: { code } }] });
    const template = Template.fromStack(stack);
    const kept = Object.entries(
      template.findResources('AWS::Logs::LogGroup', { Properties: { KmsKeyId: Match.anyValue() } }),
    );
    expect(kept).toHaveLength(Object.keys(template.findResources('AWS::Logs::LogGroup')).length);
    const days = (id: RegExp) =>
      kept.filter(([name]) => id.test(name)).map(([, { Properties }]) => Properties.RetentionInDays);
    expect([days(/^FLogs/), days(/^OwnLogs/), days(/^OrderLogs/)]).toEqual([[365], [7], [180]]);
    const [policy] = Object.values(template.findResources('AWS::KMS::Key'));
    const admitted = JSON.stringify(policy).match(/logs\.eu-west-1\.amazonaws\.com/g);
    expect(admitted).toHaveLength(1);
  });

  test('refuses a key of another region', () => {
    const there = new Stack(app, 'There', { env: { account: '111111111111', region: 'us-east-1' } });
    Defaults.of(app).logs({
      encryptionKey: kms.Key.fromKeyArn(there, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1'),
    });
    expect(() => make()).toThrow(
      "'encryptionKey' must be in the region of the log groups (eu-west-1), got 'us-east-1'; set a key in that region: Defaults.of(stack).logs({ encryptionKey })",
    );
  });
});

describe('alarms', () => {
  test('of every pattern tell the topic of the team, where none is given', () => {
    const topic = new sns.Topic(stack, 'Team');
    const own = new sns.Topic(stack, 'Own');
    Defaults.of(app).alarms({ topic });
    new QueueWorker(stack, 'Ingest', { handler: { code } });
    new ScheduledJob(stack, 'Nightly', { handler: { code }, schedule: 'rate(1 day)', alarmTopic: own });
    const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThan(4);
    for (const [id, { Properties }] of alarms) {
      expect(Properties.AlarmActions).toEqual([
        { Ref: stack.getLogicalId((id.startsWith('Nightly') ? own : topic).node.defaultChild as sns.CfnTopic) },
      ]);
    }
  });

  test('refuses a topic of another region, whether set for all or given', () => {
    const [here, there] = ['eu-west-1', 'us-east-1'].map(
      (region) => new Stack(app, region, { env: { account: '111111111111', region } }),
    );
    const topic = new sns.Topic(here!, 'Team', { topicName: 'team' });
    Defaults.of(app).alarms({ topic });
    expect(() => new Alarms(there!, 'Alarms')).toThrow(
      /'topic' must be in the region of the alarms \(us-east-1\): it is in eu-west-1.*Defaults.of\(stack\).alarms/,
    );
  });

  test('refuses to be set after alarms were made that tell nobody', () => {
    new Alarms(stack, 'Alarms');
    expect(() => Defaults.of(app).alarms({ topic: new sns.Topic(stack, 'Team') })).toThrow(
      /'alarms' must be set before/,
    );
  });
});

describe('wrong values', () => {
  const props = {
    functions: [
      'runtime',
      'architecture',
      'memorySize',
      'tracing',
      'logRetention',
      'environment',
      'layers',
      'permissionsBoundary',
      'tags',
    ],
    tables: ['encryption', 'removalPolicy'],
    logs: ['retention', 'encryptionKey'],
    alarms: ['topic'],
  } as const;
  const right = {
    memorySize: ['a number', ''],
    layers: ['an empty list'],
    environment: ['an empty object'],
    tags: ['an empty object'],
  } as Record<string, string[]>;
  const rows = Object.entries(props).flatMap(([kind, names]) =>
    names.flatMap((name) =>
      Object.keys(WRONG_VALUES)
        .filter((value) => !(right[name] ?? []).includes(value))
        .map((value) => [kind, name, value] as const),
    ),
  );
  test('refuses each of them in a sentence', () => {
    const kinder = rows.filter(([kind, name, value]) => {
      try {
        Defaults.of(new App())[kind as 'functions']({ [name]: WRONG_VALUES[value]!() });
        return true;
      } catch (error) {
        return !new RegExp(`^'${name}[^']*' must`).test((error as Error).message);
      }
    });
    expect(kinder).toEqual([]);
    expect(() => Defaults.of(undefined as unknown as Stack)).toThrow("'scope' must be a construct");
  });
});

/** Pages whose tables name who is told of alarms. */
const examples = path.join(__dirname, '../../../examples/aws');
const pages = readdirSync(examples)
  .map((name) => path.join(examples, name, 'README.md'))
  .map((file) => ({ name: path.basename(path.dirname(file)), text: readFileSync(file, 'utf8') }))
  .filter(({ text }) => /^\| prop/m.test(text));

test.each(pages.map(({ name, text }) => [name, text]))(
  'the page of %s says what takes a default of the team',
  (_, text) => {
    expect(text).toContain('(../../../docs/team-defaults.md)');
    const rows = text.split('\n').filter((line) => /^\| `alarmTopic`/.test(line));
    for (const row of rows) expect(row).toMatch(/or the team's|as for the hub/);
  },
);
