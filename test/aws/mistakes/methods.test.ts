import {
  App,
  aws_dynamodb,
  aws_events,
  aws_s3,
  aws_sns,
  aws_sqs,
  aws_ssm,
  CfnParameter,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import * as lintel from 'lintel/aws';
import { HANDLER, SAMPLES } from './samples';

/** Calls as a program makes them that is run without a type check. */
interface Untyped extends Readonly<Record<Name, Untyped>> {
  (...args: unknown[]): Untyped;
  new (...args: unknown[]): Untyped;
}
type Name =
  | 'Access'
  | 'Alarms'
  | 'ConcurrencyBudget'
  | 'Defaults'
  | 'EntityTable'
  | 'EventHub'
  | 'EventStore'
  | 'PooledDatabase'
  | 'QueueWorker'
  | 'Saga'
  | 'ServiceFunction'
  | 'Subscription'
  | 'acceptFrom'
  | 'admitting'
  | 'adopt'
  | 'and'
  | 'asyncApi'
  | 'bucket'
  | 'bus'
  | 'cap'
  | 'connect'
  | 'custom'
  | 'deadLetters'
  | 'forwardTo'
  | 'function'
  | 'functions'
  | 'lag'
  | 'of'
  | 'parameter'
  | 'project'
  | 'publish'
  | 'publishTo'
  | 'queue'
  | 'read'
  | 'readWrite'
  | 'replay'
  | 'secret'
  | 'stateMachine'
  | 'subscribe'
  | 'table'
  | 'topic'
  | 'write';
const L = lintel as unknown as Untyped;
const PLAIN = { builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } };
const env = { account: '111122223333', region: 'eu-west-1' };
const newStack = () => new Stack(new App(PLAIN), 'Shop', { env });

const table = (s: Stack) => new L.EntityTable(s, 'T', { partitionKey: 'id' });
const bucket = (s: Stack) => new aws_s3.Bucket(s, 'B');
const queue = (s: Stack) => new aws_sqs.Queue(s, 'Q');
const hub = (s: Stack, props = {}) => new L.EventHub(s, 'Hub', props);
const store = (s: Stack) => new L.EventStore(s, 'St');
const fn = (s: Stack, capability: unknown) =>
  new L.ServiceFunction(s, 'F', { entry: HANDLER, access: { IT: capability } });
const custom = (props: object) =>
  L.Access.custom({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'], ...props });
const unread = (prop: string, remedy: string) => `'${prop}' must not be given, since nothing reads it; ${remedy} (`;

test.each<[string, (s: Stack) => unknown, string]>([
  [
    'Access.table(bucket)',
    (s) => L.Access.table(bucket(s)),
    "'table' must be a table of DynamoDB, got 'Shop/B'; pass the table",
  ],
  [
    'Access.table(L1)',
    (s) => L.Access.table(new aws_dynamodb.CfnTable(s, 'T', { keySchema: [] })),
    "'table' must be a table of DynamoDB, got 'Shop/T'",
  ],
  [
    'Access.bucket(table)',
    (s) => L.Access.bucket(table(s)),
    "'bucket' must be a bucket, got 'Shop/T'; pass the bucket",
  ],
  [
    'Access.queue(topic)',
    (s) => L.Access.queue(new aws_sns.Topic(s, 'Topic')),
    "'queue' must be a queue, got 'Shop/Topic'; pass the queue",
  ],
  ['Access.topic(queue)', (s) => L.Access.topic(queue(s)), "'topic' must be a topic, got 'Shop/Q'; pass the topic"],
  [
    'Access.secret(parameter)',
    (s) => L.Access.secret(new aws_ssm.StringParameter(s, 'P', { stringValue: 'x' })),
    "'secret' must be a Secrets Manager secret, never its value; create one",
  ],
  [
    'Access.parameter(name)',
    () => L.Access.parameter('/limit'),
    "'parameter' must be a parameter, got '/limit'; pass it: StringParameter.",
  ],
  [
    'Access.function(QueueWorker)',
    (s) => L.Access.function(new L.QueueWorker(s, 'W', { handler: HANDLER })),
    "'function' must be a function, got 'Shop/W'; pass the function, such as the 'handler' of a pattern",
  ],
  [
    'Access.stateMachine(Saga)',
    (s) => L.Access.stateMachine(new L.Saga(s, 'G', { steps: [{ name: 'a', action: HANDLER }] })),
    "'stateMachine' must be a state machine, got 'Shop/G'; pass the machine; 'saga.start()' is that of a Saga",
  ],
  [
    'Access.bus(EventHub)',
    (s) => L.Access.bus(hub(s)),
    "'bus' must be an event bus, got 'Shop/Hub'; pass the bus; 'hub.publish(...)' is that of an EventHub",
  ],
  [
    'Access.admitting(ARN)',
    () => L.Access.admitting('arn:aws:sqs:eu-west-1:1:x'),
    "'admitting' must be a resource, got 'arn:aws:sqs:eu-west-1:1:x'",
  ],
  ['EntityTable.adopt(stack)', (s) => L.EntityTable.adopt(s), "'table' must be a table of DynamoDB, got 'Shop'"],
  [
    'custom()',
    () => L.Access.custom(),
    "'actions' must be given, got nothing; name each one: ['s3:GetObject'] (Access.custom)\n'resources' must be given",
  ],
  ['custom, a name', () => custom({ condition: {} }), unread('condition', "did you mean 'conditions'?")],
  [
    'custom, actions as text',
    () => custom({ actions: 's3:GetObject' }),
    "'actions' must be a list, got 's3:GetObject'; write it as ['s3:GetObject']",
  ],
  [
    'custom, a name of a bucket',
    () => custom({ resources: ['uploads'] }),
    "'resources.0' must be an ARN, or '*', got 'uploads'; write it as 'arn:aws:s3:::uploads/*'",
  ],
  ['custom, a bucket', (s) => custom({ resources: [bucket(s)] }), "'resources.0' must be a string, got 'Shop/B'"],
  [
    'custom, an operator',
    () => custom({ conditions: { StringEqual: { 'aws:PrincipalOrgID': 'o-1' } } }),
    "'conditions.StringEqual' must be an operator of IAM, got 'StringEqual'; write it as { StringEquals: {",
  ],
  [
    'custom, no operator',
    () => custom({ conditions: { 'aws:PrincipalOrgID': 'o-1' } }),
    "'conditions.aws:PrincipalOrgID' must be an object with a name for each, got 'o-1'",
  ],
  [
    'custom, a number as variable',
    () => custom({ variables: { PORT: 5 } }),
    "'variables.PORT' must be a string, got 5",
  ],
  [
    'custom, a reason that says nothing',
    () => custom({ resources: ['*'], reason: true }),
    "'reason' must be a string, got true",
  ],
  [
    'bucket.read, a prefix that is none',
    (s) => L.Access.bucket(bucket(s)).read({ prefx: 'in/' }),
    unread('prefx', "did you mean 'prefix'?"),
  ],
  [
    'bucket.write, a list',
    (s) => L.Access.bucket(bucket(s)).write({ list: true }),
    unread('list', "remove it; there is 'prefix'"),
  ],
  ['table.read, a scan that is none', (s) => table(s).read({ skan: true }), unread('skan', "did you mean 'scan'?")],
  [
    'table.read, keys that are none',
    (s) => table(s).read({ leadingKey: ['tenant-1'] }),
    unread('leadingKey', "did you mean 'leadingKeys'?"),
  ],
  [
    'table.read, one key',
    (s) => table(s).read({ leadingKeys: 'tenant-1' }),
    "'leadingKeys' must be a list, got 'tenant-1'; write it as ['tenant-1'] (Shop/T)",
  ],
  [
    'table.read("scan")',
    (s) => table(s).read('scan'),
    "'props' must be an object, got 'scan'; write { scan: ... } (Shop/T)",
  ],
  [
    'table.readWrite, both',
    (s) => table(s).readWrite({ bach: false, skan: true }),
    "did you mean 'batch'? (Shop/T)\n'skan' must not be given",
  ],
  [
    'capability.and(table)',
    (s) =>
      table(s)
        .read()
        .and(table(new Stack(s, 'Other'))),
    "'and' must be given a capability, got 'Shop/Other/T'; say what else may be done",
  ],
  ['capability.and()', (s) => table(s).read().and(), "'and' must be given a capability, got nothing"],
  ['access, a method', (s) => fn(s, table(s).read), "'access.IT' must be a capability, got a function"],
  [
    'access, a table of another app',
    (s) => fn(s, table(newStack()).read()),
    "'access.IT' must be of the same app, got 'Shop/T'; make it in this app, or import it (Shop/F)",
  ],
  [
    'a queue of another app',
    (s) => new L.QueueWorker(s, 'W', { handler: HANDLER, queue: queue(newStack()) }),
    "'queue' must be of the same app, got 'Shop/Q'",
  ],
  [
    'a step of another app',
    (s) =>
      new L.Saga(s, 'G', {
        steps: [{ name: 'a', action: new L.ServiceFunction(newStack(), 'F', { entry: HANDLER }) }],
      }),
    "'steps.0.action' must be of the same app, got 'Shop/F'",
  ],
  [
    'hub.subscribe without an id',
    (s) => hub(s).subscribe({ types: ['A'], handler: HANDLER }),
    "'id' must be a string, the id of the new construct, got { types: ['A'],",
  ],
  [
    'hub.subscribe twice',
    (s) => {
      const it = hub(s);
      it.subscribe('X', { types: ['A'], handler: HANDLER });
      it.subscribe('X', { types: ['B'], handler: HANDLER });
    },
    "'id' must be unique in its scope, got 'X'; choose another id (Shop/Hub)",
  ],
  [
    'hub.forwardTo, the id of the bus',
    (s) => hub(s).forwardTo('Bus', { to: new aws_events.EventBus(s, 'Other') }),
    "'id' must be unique in its scope, got 'Bus'",
  ],
  [
    'hub.acceptFrom, an id in words',
    (s) => hub(s).acceptFrom('our partner', { account: '222233334444', source: 'a', types: ['A'] }),
    "'id' must be at most 64 letters, digits, dashes and underscores, as it names the statement, got 'our partner'",
  ],
  [
    'hub.publish as text',
    (s) => hub(s).publish('shop.orders'),
    "'props' must be an object, got 'shop.orders'; write { source: ... } (Shop/Hub)",
  ],
  [
    'hub.replay()',
    (s) => hub(s, { archive: Duration.days(1) }).replay(),
    "'subscriptions' must be given, got nothing; name the subscriptions that get the events again: [billing] (Shop/Hub)",
  ],
  [
    'hub.replay, a name',
    (s) => hub(s, { archive: Duration.days(1) }).replay(['Billing']),
    "'subscriptions.0' must be a subscription, got 'Billing'; pass what 'hub.subscribe(...)' has returned",
  ],
  [
    'hub.replay, two of one id',
    (s) => {
      const it = hub(s, { archive: Duration.days(1) });
      const two = [new Stack(s, 'A'), new Stack(s, 'B')].map(
        (one) => new L.Subscription(one, 'X', { hub: it, types: ['A'], replays: 'process', handler: HANDLER }),
      );
      it.replay(two);
    },
    "'subscriptions' must be subscriptions of this hub, each with an id of its own, by which a replay names it, got ['X', 'X']",
  ],
  [
    'hub.asyncApi, a title that is none',
    (s) => hub(s).asyncApi({ titel: 'x' }),
    unread('titel', "did you mean 'title'?"),
  ],
  [
    'store.project without an id',
    (s) => store(s).project({ handler: HANDLER }),
    "'id' must be a string, the id of the new construct, got { handler:",
  ],
  [
    'store.publishTo()',
    (s) => store(s).publishTo(),
    "'hub' must be given, got nothing; name where the events go (Shop/St)",
  ],
  [
    'store.publishTo(table)',
    (s) => store(s).publishTo(table(s), { source: 'a' }),
    "'hub' must be an EventHub, or a bus, got 'Shop/T'; pass the hub",
  ],
  [
    'store.replay(id)',
    (s) => {
      const it = store(s);
      it.project('X', { handler: HANDLER });
      it.replay('X');
    },
    "'projection' must be a projection of this store, got 'X'; pass what 'store.project(...)' has returned (Shop/St)",
  ],
  [
    'store.replay, of another store',
    (s) => store(s).replay(new L.EventStore(s, 'Other').project('X', { handler: HANDLER })),
    "'projection' must be a projection of this store, got 'Shop/Other/X'",
  ],
  [
    'ConcurrencyBudget.of()',
    () => L.ConcurrencyBudget.of(),
    "'scope' must be a construct, got nothing; pass the app, a stage, a stack or another construct (ConcurrencyBudget.of)",
  ],
  [
    'ConcurrencyBudget, a name',
    (s) => L.ConcurrencyBudget.of(s, { acountLimit: 1000 }),
    unread('acountLimit', "did you mean 'accountLimit'?"),
  ],
  [
    'ConcurrencyBudget, the limit alone',
    (s) => L.ConcurrencyBudget.of(s, 1000),
    "'props' must be an object, got 1000; write { accountLimit: ... }",
  ],
  [
    'ConcurrencyBudget, in quotes',
    (s) => L.ConcurrencyBudget.of(s, { accountLimit: '1000' }),
    "'accountLimit' must be a number, or one for each account and region, got '1000'; write it without quotes: 1000",
  ],
  [
    'ConcurrencyBudget, the region first',
    (s) => L.ConcurrencyBudget.of(s, { accountLimit: { 'eu-west-1/111122223333': 1000 } }),
    "'accountLimit.eu-west-1/111122223333' must be keyed by account and region",
  ],
  ['cap, the number alone', (s) => L.ConcurrencyBudget.of(s).cap(5), "'scope' must be a construct, got 5"],
  [
    'Defaults, a list of tags',
    (s) => L.Defaults.of(s).functions({ tags: [{ key: 'a', value: 'b' }] }),
    "'tags' must be an object with a name for each",
  ],
  ['Defaults, the memory alone', (s) => L.Defaults.of(s).functions(512), "'props' must be an object, got 512"],
  [
    'db.connect, options in place of a user',
    (s) => new L.PooledDatabase(s, 'Db', SAMPLES.PooledDatabase!.base(s)).connect({ readOnly: true }),
    "'connect' must be a user name: lower-case letters, digits and underscores, not starting with a digit, got { readOnly: true }; write it as 'app_user' (Shop/Db)",
  ],
  [
    'alarms.function(table)',
    (s) => new L.Alarms(s, 'Al').function(table(s)),
    "'function' must be a function, got 'Shop/T'; pass the function",
  ],
  [
    'alarms.table(queue)',
    (s) => new L.Alarms(s, 'Al').table(queue(s)),
    "'table' must be a table of DynamoDB, got 'Shop/Q'; pass the table (Shop/Al)",
  ],
  [
    'alarms.lag in seconds',
    (s) => new L.Alarms(s, 'Al').lag(fn(s, table(s).read()), 60),
    "'lag' must be a Duration, got 60; write Duration.seconds(60) (Shop/Al)",
  ],
  [
    'alarms.deadLetters()',
    (s) => new L.Alarms(s, 'Al').deadLetters(),
    "'deadLetters' must be given, got nothing; pass the queue (Shop/Al)",
  ],
])('refuses %s', (_, make, message) => {
  const stack = newStack();
  expect(() => make(stack)).toThrow(
    expect.objectContaining({ name: 'PatternError', message: expect.stringContaining(message) as string }) as Error,
  );
});

describe.each(Object.entries(SAMPLES))('props of %s', (_, { make }) => {
  test.each<[string, (s: Stack) => unknown]>([
    ['null', () => null],
    ['a text', () => HANDLER],
    ['a list', () => []],
    ['a construct', queue],
    ['a promise', () => Promise.resolve({})],
    ['a function', () => () => ({})],
  ])('must not be %s', (_, wrong) => {
    const stack = newStack();
    expect(() => new make(stack, 'It', wrong(stack) as never)).toThrow("'props' must be an object, got ");
  });
});

test('takes what is right', () => {
  const stack = newStack();
  const limit = new CfnParameter(stack, 'Limit', { type: 'Number' }).valueAsNumber;
  L.ConcurrencyBudget.of(stack, {
    accountLimit: { '111122223333/eu-west-1': 1000, 'prod/unknown account/eu-west-1': 100 },
  }).cap(stack, limit);
  const files = L.Access.bucket(bucket(stack)).readWrite({ prefix: 'in/', list: true });
  const more = custom({
    resources: [`${new aws_s3.Bucket(stack, 'Own').bucketArn}/*`, '*'],
    conditions: { 'ForAllValues:StringLikeIfExists': { 'aws:TagKeys': ['a'] }, Null: { 'aws:TagKeys': 'false' } },
    reason: 'any object',
  });
  expect(() => fn(stack, files.and(more))).not.toThrow();
});
