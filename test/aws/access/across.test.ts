import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { accessMatrix, read } from '../../../lib/access';
import { ModelAccess } from '../../../lib/core/iam/model-access';
import {
  Access,
  type AccessMap,
  EntityTable,
  type EntityTableProps,
  EventHub,
  EventStore,
  QueueWorker,
  Saga,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WorkQueue,
} from '../../../patterns/aws';

const OURS = '111111111111';
const THEIRS = '222222222222';
const REGION = 'eu-west-1';

let app: App;
let ours: Stack;
let theirs: Stack;
let far: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false, context: { '@aws-cdk/aws-iam:minimizePolicies': true } });
  ours = new Stack(app, 'Ours', { env: { account: OURS, region: REGION } });
  theirs = new Stack(app, 'Theirs', { env: { account: THEIRS, region: REGION } });
  far = new Stack(app, 'Far', { env: { account: OURS, region: 'us-east-2' } });
});

function user(access: AccessMap, scope = ours): ServiceFunction {
  const code = lambda.Code.fromInline('exports.handler = () => {}');
  return new ServiceFunction(scope, 'F', { code, access, onFailure: 'none' });
}

const inline = () => ({
  runtime: lambda.Runtime.NODEJS_24_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = () => {}'),
});

/** Each kind of resource, and what comes of its use from elsewhere. */
const KINDS: Record<string, (scope: Stack) => AccessMap> = {
  table: (s) => ({
    ORDERS: new EntityTable(s, 'Orders', {
      partitionKey: 'id',
      indexes: { byCustomer: 'customer' },
      tableName: 'orders',
    }).readWrite(),
  }),
  'table of version 1': (s) => ({
    ORDERS: Access.table(
      new dynamodb.Table(s, 'Orders', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
        tableName: 'orders',
      }),
    ).read(),
  }),
  queue: (s) => ({ JOBS: new WorkQueue(s, 'Jobs', { queueName: 'jobs' }).send() }),
  'queue with a key': (s) => ({
    JOBS: new WorkQueue(s, 'Jobs', { queueName: 'jobs', encryptionMasterKey: new kms.Key(s, 'Key') }).send(),
  }),
  topic: (s) => ({ NEWS: Access.topic(new sns.Topic(s, 'News', { topicName: 'news' })).publish() }),
  bucket: (s) => ({
    FILES: Access.bucket(new s3.Bucket(s, 'Files', { bucketName: 'files-of-theirs' })).read({ list: true }),
  }),
  stream: (s) => ({
    CLICKS: Access.stream(
      new kinesis.Stream(s, 'Clicks', { streamName: 'clicks', encryption: kinesis.StreamEncryption.UNENCRYPTED }),
    ).send(),
  }),
  function: (s) => ({
    PRICE: Access.function(new lambda.Function(s, 'Price', { ...inline(), functionName: 'price' })).invoke(),
  }),
  bus: (s) => ({ HUB: Access.bus(new events.EventBus(s, 'Bus', { eventBusName: 'shop' })).publish() }),
};

/** What the client of each kind takes, from an account to another. */
const FOUND: Record<keyof typeof KINDS, Record<string, string>> = {
  table: { ORDERS: `arn:aws:dynamodb:${REGION}:${THEIRS}:table/orders` },
  'table of version 1': { ORDERS: `arn:aws:dynamodb:${REGION}:${THEIRS}:table/orders` },
  queue: { JOBS: `https://sqs.${REGION}.amazonaws.com/${THEIRS}/jobs` },
  'queue with a key': { JOBS: `https://sqs.${REGION}.amazonaws.com/${THEIRS}/jobs` },
  topic: { NEWS: `arn:aws:sns:${REGION}:${THEIRS}:news` },
  bucket: { FILES: 'files-of-theirs' },
  stream: { CLICKS: `arn:aws:kinesis:${REGION}:${THEIRS}:stream/clicks` },
  function: { PRICE: `arn:aws:lambda:${REGION}:${THEIRS}:function:price` },
  bus: { HUB: `arn:aws:events:${REGION}:${THEIRS}:event-bus/shop` },
};

function variablesOf(stack: Stack): Record<string, string> {
  const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const variables = fn!.Properties.Environment?.Variables as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      JSON.stringify(value)
        .replace(/\{"Fn::Join":\["",\[(.*)\]\]\}/, '$1')
        .replace(/\{"Ref":"AWS::Partition"\}/g, '"aws"')
        .replace(/\{"Ref":"AWS::URLSuffix"\}/g, '"amazonaws.com"')
        .replace(/"|,/g, ''),
    ]),
  );
}

/** The verdicts of the matrix on a function's calls, and what they depend on. */
function judged(name = 'Ours/F') {
  const { entries } = accessMatrix(read(app.synth().directory));
  return entries
    .filter(({ principal, resource }) => principal.name === name && !/Logs|^\*$/.test(resource))
    .map(({ verdict, conditions }) =>
      [verdict, ...conditions.filter((one) => !one.includes('kms:ViaService'))].join(': '),
    );
}

test.each(Object.keys(KINDS))(
  'a %s of another account is named by what its client takes, and its policy admits the role and no other',
  (kind) => {
    user(KINDS[kind]!(theirs));
    const neighbour = new iam.Role(ours, 'Neighbour', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const statements = (ours.node.findChild('FRole').node.findChild('DefaultPolicy') as iam.Policy).document.toJSON();
    neighbour.addToPolicy(iam.PolicyStatement.fromJson({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }));
    new iam.CfnRolePolicy(ours, 'Same', {
      roleName: neighbour.roleName,
      policyName: 'Same',
      policyDocument: statements,
    });
    expect(variablesOf(ours)).toEqual(FOUND[kind]);
    const verdicts = judged();
    expect(verdicts.length).toBeGreaterThan(0);
    // Which key it is, an identity of another account cannot say: the policies of the keys do.
    const ofKey =
      kind === 'queue with a key'
        ? [`conditional: the policy of the resource, in account ${THEIRS}, allows it too`]
        : [];
    expect(verdicts.filter((one) => !/^(allowed|conditional)$/.test(one))).toEqual(ofKey);
    const others = judged('Ours/Neighbour');
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toMatch(/of (the resource|the key).* allows it too/);
  },
);

test('a resource of another region is found by its region beside what its client takes', () => {
  const table = new EntityTable(far, 'Orders', { partitionKey: 'id', tableName: 'orders' });
  const machine = new sfn.StateMachine(far, 'Flow', {
    stateMachineName: 'flow',
    definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(far, 'Pass')),
  });
  const topic = sns.Topic.fromTopicArn(ours, 'News', `arn:aws:sns:us-west-1:${OURS}:news`);
  user({ ORDERS: table.read(), START: Access.stateMachine(machine).start(), NEWS: Access.topic(topic).publish() });
  expect(variablesOf(ours)).toEqual({
    ORDERS: `arn:aws:dynamodb:us-east-2:${OURS}:table/orders`,
    ORDERS_REGION: 'us-east-2',
    START: `arn:aws:states:us-east-2:${OURS}:stateMachine:flow`,
    START_REGION: 'us-east-2',
    NEWS: `arn:aws:sns:us-west-1:${OURS}:news`,
    NEWS_REGION: 'us-west-1',
  });
  expect(new Set(judged())).toEqual(new Set(['allowed']));
  Template.fromStack(far).resourcePropertiesCountIs(
    'AWS::DynamoDB::GlobalTable',
    { Replicas: [{ ResourcePolicy: {} }] },
    0,
  );
});

describe('a table with replicas', () => {
  const KEY = `arn:aws:kms:us-east-2:${OURS}:key/there`;
  const replicated = (props: Partial<EntityTableProps> = {}, scope = ours) =>
    new EntityTable(scope, 'Orders', {
      partitionKey: 'id',
      tableName: 'orders',
      indexes: { byCustomer: 'customer' },
      replicas: ['us-east-2'],
      ...props,
    });

  test('is asked in the region of the function, by its name, with the key of that region', () => {
    const encryption = dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(ours, 'Key'), { 'us-east-2': KEY });
    user({ ORDERS: replicated({ encryption }).readWrite() }, far);
    expect(variablesOf(far)).toEqual({ ORDERS: 'orders' });
    const model = read(app.synth().directory);
    const { entries } = accessMatrix(model);
    const inFar = 'Ours/Orders (us-east-2)';
    expect(entries.filter(({ resource }) => resource === inFar).map(({ principal }) => principal.name)).toContain(
      'Far/F',
    );
    expect(ModelAccess.of(model).pattern(`${inFar}/index/*`)).toBe(
      `arn:aws:dynamodb:us-east-2:${OURS}:table/orders/index/*`,
    );
    const ofTable = entries.filter(({ principal, resource }) => principal.name === 'Far/F' && !/Logs/.test(resource));
    expect(new Set(ofTable.map(({ resource }) => resource))).toMatchInlineSnapshot(`
     Set {
       "*",
       "Ours/Orders (us-east-2)",
       "Ours/Orders (us-east-2)/index/byCustomer",
       "arn:aws:kms:us-east-2:111111111111:key/there",
     }
    `);
    const policies = JSON.stringify(Template.fromStack(far).findResources('AWS::IAM::Policy'));
    expect(policies).toContain(`:dynamodb:us-east-2:${OURS}:table/orders/index/byCustomer`);
    expect(policies).toContain(KEY);
    expect(policies).toContain('dynamodb.us-east-2.amazonaws.com');
    expect(policies).not.toContain(REGION);
    const sids = [...policies.matchAll(/"Sid":"(\w+)"/g)].map(([, sid]) => sid);
    expect(new Set(sids).size).toBe(sids.length);
  });

  test('is asked in its own region as ever', () => {
    user({ ORDERS: replicated().read() });
    const policies = JSON.stringify(Template.fromStack(ours).findResources('AWS::IAM::Policy'));
    expect(policies).toContain('"Fn::GetAtt":["OrdersA9B65338","Arn"]');
    expect(policies).not.toContain('us-east-2');
  });

  test('is asked in the region of its stack by a function of another account, whom its policy there admits', () => {
    ours.node.setContext('@aws-cdk/aws-dynamodb:resourcePolicyPerReplica', true);
    const place = { env: { account: THEIRS, region: 'us-east-2' } };
    user({ ORDERS: replicated().read() }, new Stack(app, 'TheirsFar', place));
    expect(variablesOf(app.node.findChild('TheirsFar') as Stack)).toEqual({
      ORDERS: `arn:aws:dynamodb:${REGION}:${OURS}:table/orders`,
      ORDERS_REGION: REGION,
    });
    Template.fromStack(ours).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [
        { Region: 'us-east-2', ResourcePolicy: Match.absent() },
        { Region: REGION, ResourcePolicy: Match.objectLike({}) },
      ],
    });
  });

  test('refuses a function in a region without one, one without a name, and one whose policy all replicas would have', () => {
    expect(() => user({ ORDERS: replicated({ replicas: ['us-west-1'] }).read() }, far)).toThrow(
      "'access.ORDERS' must have a replica in us-east-2, where the function is: it is a table in eu-west-1, us-west-1, got 'Ours/Orders'; add 'us-east-2' to 'replicas'",
    );
    const more = new Stack(app, 'More', { env: { account: OURS, region: REGION } });
    const nameless = replicated({ tableName: undefined }, more);
    const farther = new Stack(app, 'Farther', { env: { account: OURS, region: 'us-east-2' } });
    expect(() => user({ ORDERS: nameless.read() }, farther)).toThrow("'access.ORDERS' must have a name");
    expect(() =>
      user({ ORDERS: replicated({}, new Stack(app, 'S', { env: { account: OURS, region: REGION } })).read() }, theirs),
    ).toThrow(
      "must have a policy per replica, or DynamoDB refuses the table's policy in the other regions, got 'S/Orders'; set '@aws-cdk/aws-dynamodb:resourcePolicyPerReplica' to true",
    );
  });
});

test.each<[string, () => AccessMap, RegExp]>([
  [
    'an imported queue whose policy is not known, with the statement that belongs into it',
    () => ({ JOBS: Access.queue(sqs.Queue.fromQueueArn(ours, 'Q', `arn:aws:sqs:${REGION}:${THEIRS}:jobs`)).send() }),
    /'access.JOBS' must admit the function in its own policy, which this app does not manage: it is a queue of account 222222222222, and the function of 111111111111, got 'Ours\/Q'; add \{"Effect":"Allow","Principal":\{"AWS":"arn:aws:iam::111111111111:root"\},"Action":\["sqs:SendMessage"\],"Resource":\["arn:aws:sqs:eu-west-1:222222222222:jobs"\],"Condition":\{"ArnEquals":\{"aws:PrincipalArn":"arn:aws:iam::111111111111:role\/\w+"\}\}\} to that policy, and declare it by wrapping the resource in Access.admitting/,
  ],
  [
    'a table that has no name',
    () => ({ ORDERS: new EntityTable(theirs, 'Orders', { partitionKey: 'id' }).read() }),
    /'access.ORDERS' must have a name.*set 'tableName'.*naming a deployed resource replaces it/,
  ],
  [
    'a table with a key of AWS',
    () => ({
      ORDERS: new EntityTable(theirs, 'Orders', {
        partitionKey: 'id',
        tableName: 'orders',
        encryption: dynamodb.TableEncryptionV2.awsManagedKey(),
      }).read(),
    }),
    /must not use an AWS managed key, which does not serve other accounts.*'encryption'/,
  ],
  [
    'a queue, a stream and a bucket with keys of AWS',
    () => ({
      QUEUE: Access.queue(
        new sqs.Queue(theirs, 'Q', { queueName: 'q', encryption: sqs.QueueEncryption.KMS_MANAGED }),
      ).send(),
      STREAM: Access.stream(
        new kinesis.Stream(theirs, 'S', { streamName: 's', encryption: kinesis.StreamEncryption.MANAGED }),
      ).send(),
      BUCKET: Access.bucket(
        new s3.Bucket(theirs, 'B', { bucketName: 'b-of-theirs', encryption: s3.BucketEncryption.KMS_MANAGED }),
      ).read(),
    }),
    /'access.QUEUE'[^]*'access.STREAM' must not use an AWS managed key[^]*'access.BUCKET' must not use an AWS managed key/,
  ],
  [
    'a secret of this app, whose complete ARN is not known',
    () => ({ TOKEN: Access.secret(new secrets.Secret(theirs, 'Token', { secretName: 'token' })).read() }),
    /'access.TOKEN' must be known by its complete ARN/,
  ],
  [
    'a state machine, which nobody of another account starts',
    () => {
      const arn = `arn:aws:states:${REGION}:${THEIRS}:stateMachine:flow`;
      return {
        FLOW: Access.stateMachine(Access.admitting(sfn.StateMachine.fromStateMachineArn(ours, 'M', arn))).start(),
      };
    },
    /'access.FLOW' must be a state machine in the function's account/,
  ],
  [
    'a state machine of another region that has no name',
    () => {
      const definitionBody = sfn.DefinitionBody.fromChainable(new sfn.Pass(far, 'Pass'));
      return { FLOW: Access.stateMachine(new sfn.StateMachine(far, 'Flow', { definitionBody })).start() };
    },
    /'access.FLOW' must have a name.*set 'stateMachineName'/,
  ],
  [
    'a parameter, which its owner shares',
    () => ({
      FLAG: Access.parameter(
        new ssm.StringParameter(theirs, 'Flag', { stringValue: 'x', parameterName: '/flag' }),
      ).read(),
    }),
    /'access.FLAG' must admit the function in its own policy/,
  ],
])('refuses %s', (_, access, message) => {
  expect(() => user(access())).toThrow(message);
});

test('a resource of which its owner says that it admits us is used as it is, and the matrix says what it depends on', () => {
  const queue = sqs.Queue.fromQueueArn(ours, 'Q', `arn:aws:sqs:${REGION}:${THEIRS}:jobs`);
  const key = kms.Key.fromKeyArn(ours, 'K', `arn:aws:kms:${REGION}:${THEIRS}:key/1`);
  const secret = secrets.Secret.fromSecretAttributes(ours, 'S', {
    secretCompleteArn: `arn:aws:secretsmanager:${REGION}:${THEIRS}:secret:token-AbCdEf`,
    encryptionKey: Access.admitting(key),
  });
  user({ JOBS: Access.queue(Access.admitting(queue)).send(), TOKEN: Access.secret(Access.admitting(secret)).read() });
  expect(variablesOf(ours)).toEqual({
    JOBS: `https://sqs.${REGION}.amazonaws.com/${THEIRS}/jobs`,
    TOKEN: `arn:aws:secretsmanager:${REGION}:${THEIRS}:secret:token-AbCdEf`,
  });
  expect(judged()).toHaveLength(3);
  for (const one of judged()) expect(one).toMatch(/conditional: .*account 222222222222, allows it too/);
});

test('an account that is known only at deployment is not said to differ', () => {
  const open = new Stack(app, 'Open');
  user({ JOBS: Access.queue(sqs.Queue.fromQueueArn(open, 'Q', `arn:aws:sqs:${REGION}:${THEIRS}:jobs`)).send() }, open);
  expect(variablesOf(open)).toEqual({ JOBS: expect.any(String) });
});

test('a role gets no name for what is of its own account', () => {
  user({ JOBS: new WorkQueue(ours, 'Jobs').send() });
  Template.fromStack(ours).resourcePropertiesCountIs('AWS::IAM::Role', { RoleName: Match.anyValue() }, 0);
});

const STEP = () => ({
  name: 'Pay',
  action: { code: lambda.Code.fromInline('exports.handler = () => {}') },
});
const worker = (source?: object) => ({
  handler: { code: lambda.Code.fromInline('exports.handler = () => {}') },
  ...source,
});

test('queues and streams of another account in the region are read, by what their policies admit', () => {
  const jobs = new WorkQueue(theirs, 'Jobs', { queueName: 'jobs', visibilityTimeout: Duration.minutes(2) });
  const clicks = new kinesis.Stream(theirs, 'Clicks', {
    streamName: 'clicks',
    encryption: kinesis.StreamEncryption.UNENCRYPTED,
  });
  const { deadLetterQueue } = new QueueWorker(ours, 'Ingest', worker({ queue: jobs }));
  new StreamProcessor(ours, 'Count', worker({ source: clicks }));
  expect(deadLetterQueue).toBeUndefined();
  expect(
    [...judged('Ours/Ingest/Handler'), ...judged('Ours/Count/Handler')].filter((one) => one !== 'allowed'),
  ).toEqual([]);
  const sources = Object.values(Template.fromStack(ours).findResources('AWS::Lambda::EventSourceMapping'));
  expect(JSON.stringify(sources)).toContain(`:sqs:${REGION}:${THEIRS}:jobs`);
  expect(JSON.stringify(Template.fromStack(theirs))).toMatch(/"sqs:ReceiveMessage".*aws:PrincipalArn/);
});

test.each<[string, () => unknown, RegExp]>([
  [
    'a queue of another region as the source of a worker',
    () =>
      new QueueWorker(
        ours,
        'Ingest',
        worker({ queue: new WorkQueue(far, 'Jobs', { queueName: 'jobs', visibilityTimeout: Duration.minutes(2) }) }),
      ),
    /'queue' must be in the region of the function that consumes it/,
  ],
  [
    "a table's stream of another account in this app",
    () => {
      const table = new EntityTable(theirs, 'T', {
        partitionKey: 'id',
        tableName: 'orders',
        stream: dynamodb.StreamViewType.NEW_IMAGE,
      });
      return new StreamProcessor(ours, 'Count', worker({ source: table }));
    },
    /'source' must have a known stream ARN/,
  ],
  [
    'a handler of another account',
    () => new QueueWorker(ours, 'Ingest', { handler: new lambda.Function(theirs, 'H', inline()) }),
    /'handler' must be a function in the account and region of what invokes it: it is in 222222222222\/eu-west-1/,
  ],
  [
    'a route to a function of another region',
    () => {
      const handler = new lambda.Function(far, 'H', inline());
      return new ServerlessApi(ours, 'Api', { authorizer: 'none', routes: { 'GET /': handler } });
    },
    /must be a function in the account and region of what invokes it/,
  ],
  [
    'an authorizer of another account, of an API and of a route',
    () => {
      const authorizer = new lambda.Function(theirs, 'H', { ...inline(), functionName: 'guard' });
      const routes = { 'GET /': { ...worker().handler, authorizer } };
      return new ServerlessApi(ours, 'Api', { authorizer, routes });
    },
    /'authorizer' must be a function in the account[^]*'routes.GET \/.authorizer' must be a function in the account/,
  ],
  [
    'a queue of another account for the failures of a function',
    () => {
      const onFailure = new sqs.Queue(theirs, 'Q', { queueName: 'failures' });
      return new ServiceFunction(ours, 'F', { ...worker().handler, onFailure });
    },
    /'onFailure' must be in the account and the region of the function/,
  ],
  [
    'a bucket of another account for the failures of a stream',
    () => {
      const failures = new s3.Bucket(theirs, 'B', { bucketName: 'failures' });
      return new StreamProcessor(ours, 'Count', worker({ source: new kinesis.Stream(ours, 'Clicks'), failures }));
    },
    /'failures' must be in the account of the function/,
  ],
  [
    'calls in both directions between two stacks, of which each would wait for the other',
    () => {
      const [here, there] = [ours, theirs].map(
        (scope) => new lambda.Function(scope, 'Called', { ...inline(), functionName: 'called' }),
      );
      user({ THERE: Access.function(there!).invoke() });
      return user({ HERE: Access.function(here!).invoke() }, theirs);
    },
    /'access.HERE' must be in a stack deployed after the function's, whose role its policy names/,
  ],
])('refuses %s', (_, make, message) => {
  expect(make).toThrow(message);
});

test.each(['function', 'bus'])('a %s that a function has under two names admits it once', (kind) => {
  const [access] = Object.values(KINDS[kind]!(theirs));
  user({ FIRST: access!, SECOND: access! });
  expect(new Set(judged())).toEqual(new Set(['allowed']));
  Template.fromStack(theirs).resourceCountIs(
    kind === 'bus' ? 'AWS::Events::EventBusPolicy' : 'AWS::Lambda::Permission',
    1,
  );
});

test.each<[string, (scope: Stack) => AccessMap]>([
  [
    'starting a saga on a durable function',
    (s) => ({ SAGA: new Saga(s, 'Saga', { engine: 'durable-function', steps: [STEP()] }).start() }),
  ],
  ['starting a saga on a state machine', (s) => ({ SAGA: new Saga(s, 'Saga', { steps: [STEP()] }).start() })],
  ['answering for a saga', (s) => ({ SAGA: new Saga(s, 'Saga', { steps: [STEP()] }).answer() })],
  [
    'replaying a hub',
    (s) => {
      const hub = new EventHub(s, 'Hub', { archive: Duration.days(7) });
      return { HUB: hub.replay([hub.subscribe('S', { types: ['A'], replays: 'process', ...worker() })]) };
    },
  ],
  [
    'replaying a projection',
    (s) => {
      const store = new EventStore(s, 'Store');
      return { STORE: store.replay(store.project('P', worker())) };
    },
  ],
])('refuses %s from another account', (_, access) => {
  expect(() => user(access(theirs))).toThrow(
    /'access.\w+' must be (used from its own account|a state machine in the function's account)/,
  );
});
