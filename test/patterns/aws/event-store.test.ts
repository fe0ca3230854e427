import { App, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  Access,
  EntityTable,
  EventHub,
  EventStore,
  type EventStoreProps,
  PooledDatabase,
  ServiceFunction,
  StreamProcessor,
} from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] })');
const handler = { code };
let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
  stack = new Stack(app, 'Shop');
});

const store = (props: EventStoreProps = {}) => new EventStore(stack, 'Orders', props);
const template = () => Template.fromStack(stack);

/** What a function may do, as `action resource`. */
function granted(of: string): string[] {
  return Object.entries(template().findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(of))
    .flatMap(
      ([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: object }[],
    )
    .flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => `${action} ${JSON.stringify(Resource).replace(/.*?"(\w+)[0-9A-F]{8}".*/, '$1')}`),
    );
}

test('keeps events by aggregate and version, recoverable, protected, with both images in the stream', () => {
  store();
  template().hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: Match.arrayWith([{ AttributeName: 'version', AttributeType: 'N' }]),
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    Replicas: [
      Match.objectLike({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ],
  });
});

test('lets who appends put and read, and neither update, delete, batch, use PartiQL nor scan', () => {
  new ServiceFunction(stack, 'Place', { code, access: { ORDERS: store({ snapshots: true }).append() } });
  expect(granted('Place').filter((one) => one.startsWith('dynamodb:'))).toEqual([
    'dynamodb:Query OrdersEvents',
    'dynamodb:GetItem OrdersEvents',
    'dynamodb:GetItem OrdersSnapshots',
    'dynamodb:PutItem OrdersEvents',
    'dynamodb:PutItem OrdersCommands',
    'dynamodb:GetItem OrdersCommands',
    'dynamodb:PutItem OrdersSnapshots',
  ]);
});

test('gives a projection exactly what its helper needs', () => {
  store().project('ByCustomer', { handler });
  expect(granted('OrdersByCustomerHandler')).toEqual([
    'dynamodb:Query OrdersEvents',
    'dynamodb:GetItem OrdersByCustomerCheckpoints',
    'dynamodb:PutItem OrdersByCustomerCheckpoints',
    ...['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
      (action) => `dynamodb:${action} OrdersByCustomerReadModel`,
    ),
    'sqs:SendMessage OrdersByCustomerParked',
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (action) => `dynamodb:${action} OrdersEvents`,
    ),
    's3:ListBucket OrdersFailures',
    's3:PutObject OrdersFailures',
  ]);
});

describe('a projection', () => {
  const mapping = (properties: object) =>
    template().hasResourceProperties('AWS::Lambda::EventSourceMapping', properties);
  const patterns = () =>
    Object.values(template().findResources('AWS::Lambda::EventSourceMapping')).flatMap(({ Properties }) =>
      (Properties.FilterCriteria.Filters as { Pattern: string }[]).map(({ Pattern }) => JSON.parse(Pattern) as object),
    );

  test('reads from the oldest record on, in bounds, and puts what it gives up into a bucket before the stream drops it', () => {
    store().project('ByCustomer', { handler });
    mapping({
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('OrdersEvents'), 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumRetryAttempts: 19,
      MaximumRecordAgeInSeconds: 23 * 3600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('OrdersFailures'), 'Arn'] } },
      },
      FilterCriteria: Match.absent(),
    });
  });

  test('tells its handler where everything is', () => {
    store({ personal: { OrderPlaced: ['email'] }, claimCheck: true }).project('ByCustomer', { handler });
    const named = (id: string) => ({ Ref: Match.stringLikeRegexp(id) });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          PROJECTION: 'ByCustomer',
          EVENTS: named('^OrdersEvents'),
          EVENTS_KEYS: named('^OrdersKeys'),
          EVENTS_BUCKET: named('^OrdersPayloads'),
          CHECKPOINTS: named('^OrdersByCustomerCheckpoints'),
          MODEL: named('^OrdersByCustomerReadModel'),
          PARKED: named('^OrdersByCustomerParked'),
        },
      },
    });
  });

  test('filters by the typed image, and lets through what is no new event', () => {
    store().project('ByCustomer', { handler, eventTypes: ['OrderPlaced', 'OrderShipped'] });
    expect(patterns()).toEqual([
      { dynamodb: { NewImage: { type: { S: ['OrderPlaced', 'OrderShipped'] } } } },
      { dynamodb: { OldImage: { id: { S: [{ exists: true }] } } } },
    ]);
  });

  test('filters the data of a Kinesis stream, which also bears a third reader', () => {
    const orders = store({ stream: 'kinesis' });
    for (const id of ['A', 'B', 'C']) orders.project(id, { handler, eventTypes: ['OrderPlaced'] });
    expect(() => app.synth()).not.toThrow();
    expect(patterns().slice(0, 2)).toEqual([
      { data: { dynamodb: { NewImage: { type: { S: ['OrderPlaced'] } } } } },
      { data: { dynamodb: { OldImage: { id: { S: [{ exists: true }] } } } } },
    ]);
    template().hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      StreamSpecification: Match.absent(),
      Replicas: [Match.objectLike({ KinesisStreamSpecification: Match.anyValue() })],
    });
  });

  test('spreads many types over filters of 4,096 characters each', () => {
    const eventTypes = Array.from({ length: 150 }, (_, index) => `${'Something'.repeat(5)}${index}`);
    store().project('ByCustomer', { handler, eventTypes });
    expect(patterns()).toHaveLength(3);
    for (const pattern of patterns()) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(4096);
    expect(() =>
      store().project('More', { handler, eventTypes: [...eventTypes, ...eventTypes, ...eventTypes] }),
    ).toThrow();
  });

  test('raises alarms on lag, on lag of half a day, on batches that were given up, on parked aggregates and on tampering', () => {
    store().project('ByCustomer', { handler });
    const alarm = (properties: object) => template().hasResourceProperties('AWS::CloudWatch::Alarm', properties);
    alarm({ MetricName: 'IteratorAge', Threshold: 300_000 });
    alarm({ MetricName: 'IteratorAge', Threshold: 12 * 3_600_000 });
    alarm({
      MetricName: 'OnFailureDestinationDeliveredEventCount',
      Dimensions: [{ Name: 'EventSourceMappingUUID', Value: { Ref: Match.stringLikeRegexp('Mapping') } }],
    });
    mapping({ MetricsConfig: { Metrics: ['EventCount'] } });
    alarm({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
    template().hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.message.tampering IS TRUE }',
      LogGroupName: { Ref: Match.stringLikeRegexp('ByCustomerHandlerLogs') },
    });
    alarm({ MetricName: 'Shop/Orders/ByCustomer/Tampering', Threshold: 0 });
  });

  test('takes a function that the team has, for one projection', () => {
    const fn = new lambda.Function(stack, 'Own', {
      code,
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
    });
    const orders = store();
    orders.project('ByCustomer', { handler: fn });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ PROJECTION: 'ByCustomer' }) },
    });
    expect(granted('OwnServiceRole')).toContain('dynamodb:Query OrdersEvents');
    expect(() => orders.project('Again', { handler: fn })).toThrow(
      "'handler' must serve only one projection, and already serves Shop/Orders/ByCustomer, got 'Shop/Own'; give each projection a function of its own (Shop/Orders/Again)",
    );
  });

  test('refuses a function of another stack, which would need the stack of the store as it needs it', () => {
    const handler = new ServiceFunction(new Stack(stack.node.root, 'Code'), 'Own', { code });
    expect(() => store().project('ByCustomer', { handler })).toThrow(
      /^'handler' must be in the same stack: .*, got 'Code\/Own'; give the path of its module, or create the function in this stack \(Shop\/Orders\/ByCustomer\)$/,
    );
  });

  test('keeps its model in a table or behind a capability of the team’s', () => {
    const orders = store();
    const readModel = new EntityTable(stack, 'Model', { partitionKey: 'id' });
    expect(orders.project('InTable', { handler, readModel }).readModel).toBe(readModel);
    const elsewhere = Access.custom({
      actions: ['aoss:APIAccessAll'],
      resources: ['arn:aws:aoss:eu-west-1:111122223333:collection/x'],
      variables: { ENDPOINT: 'https://x' },
    });
    orders.project('Elsewhere', { handler, readModel: elsewhere });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ PROJECTION: 'Elsewhere', MODEL_ENDPOINT: 'https://x' }) },
    });
    expect(granted('OrdersInTableHandler')).toContain('dynamodb:PutItem Model');
  });
});

test('spreads checkpoints over partitions by aggregate: those of a projection in one would bear a thousand writes a second', () => {
  store().project('ByCustomer', { handler });
  const [checkpoints] = Object.entries(template().findResources('AWS::DynamoDB::GlobalTable')).filter(([id]) =>
    id.includes('Checkpoints'),
  );
  expect((checkpoints![1].Properties as { KeySchema: object[] }).KeySchema).toEqual([
    { AttributeName: 'aggregate', KeyType: 'HASH' },
    { AttributeName: 'projection', KeyType: 'RANGE' },
  ]);
});

test('keeps a read model in a pooled database, where its handler comes by IAM as one user, with checkpoints for what is parked', () => {
  const vpc = new Vpc(stack, 'Network');
  const database = new PooledDatabase(stack, 'Reports', { vpc, engine: 'postgres' });
  store().project('Report', { handler: { code, vpc }, readModel: database.connect('projector') });
  template().hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: Match.anyValue(),
    Environment: {
      Variables: Match.objectLike({
        PROJECTION: 'Report',
        EVENTS: Match.anyValue(),
        CHECKPOINTS: Match.anyValue(),
        PARKED: Match.anyValue(),
        MODEL_HOST: Match.anyValue(),
        MODEL_PORT: '5432',
        MODEL_USER: 'projector',
      }),
    },
  });
  const allowed = granted('OrdersReportHandler');
  expect(allowed.filter((one) => one.startsWith('rds-db:'))).toHaveLength(1);
  expect(allowed).toContain('dynamodb:Query OrdersEvents');
  expect(allowed.filter((one) => one.includes('ReadModel'))).toEqual([]);
});

describe('replicas', () => {
  beforeEach(() => {
    stack = new Stack(app, 'Global', { env: { account: '111122223333', region: 'eu-west-1' } });
  });

  test('are for reading: an event is put in the write region only', () => {
    const orders = store({ replicas: ['us-east-1'], writeRegion: 'eu-west-1' });
    new ServiceFunction(stack, 'Place', { code, access: { ORDERS: orders.append() } });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:PutItem',
            Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
          }),
        ]),
      },
    });
  });

  test('leave a table’s stream one reader', () => {
    const orders = store({ replicas: ['us-east-1'], writeRegion: 'eu-west-1' });
    for (const id of ['A', 'B']) orders.project(id, { handler });
    expect(() => app.synth()).toThrow("'stream' must have at most 1 reader per shard in the whole app");
  });

  test.each<[EventStoreProps, string]>([
    [
      { replicas: ['us-east-1'] },
      "'replicas' must not be given without 'writeRegion', since two regions could append the same version, and one of the events would be lost, got ['us-east-1']; set 'writeRegion' to the region of the stack, and append there only (Global/Orders)",
    ],
    [
      { replicas: ['us-east-1'], writeRegion: 'us-east-1' },
      "'writeRegion' must be the region of the stack (eu-west-1), where commands and keys are, got 'us-east-1'; create the store in a stack in that region (Global/Orders)",
    ],
    [{ personal: { OrderPlaced: [] } }, "'personal.OrderPlaced' must name a field, got []"],
  ])('refuses %j', (props, message) => {
    expect(() => store(props)).toThrow(message);
  });
});

test('refuses a third reader of its table’s stream, also one that was made elsewhere, with the ways that work', () => {
  const orders = store();
  for (const id of ['A', 'B']) orders.project(id, { handler });
  new StreamProcessor(new Stack(app, 'Other'), 'Clicks', { handler, source: orders.table });
  expect(() => app.synth()).toThrow(
    "'stream' must have at most 2 readers per shard in the whole app (Shop/Orders/A/Mapping/Resource, Shop/Orders/B/Mapping/Resource, Other/Clicks/Mapping/Resource), got 3; " +
      "create the store with stream: 'kinesis', which allows five, or let one reader pass the events on: publishTo() an EventHub, and subscribe there (Shop/Orders)",
  );
});

test.each<[object, string]>([
  [
    { startingPosition: 'LATEST' },
    "'startingPosition' must not be given, since nothing reads it; leave it out: it is TRIM_HORIZON, since LATEST may miss events while a mapping is created or changed",
  ],
  [{ eventTypes: [] }, "'eventTypes' must name a type, or no event would arrive, got []; leave it out for all types"],
  [{ maxAttempts: 0 }, "'maxAttempts' must be a whole number from 1 to 10001, got 0"],
  [
    { handler: { code, environment: { MODEL: 'x' } } },
    "'handler.environment.MODEL' must not be a name that projections use, got 'MODEL'; choose another name",
  ],
  [
    { key: 'id' },
    "'key' must not be given, since nothing reads it; write it in the handler: projection({ key: (event) => ..., on: { ... } })",
  ],
])('refuses a projection with %j', (props, message) => {
  expect(() => store().project('ByCustomer', { handler, ...props })).toThrow(`${message}`);
});

test('refuses two projections of one id, and an id that a table of the store has', () => {
  const orders = store();
  orders.project('ByCustomer', { handler });
  for (const id of ['ByCustomer', 'Events'])
    expect(() => orders.project(id, { handler })).toThrow(
      `'id' must be unique in its scope, got '${id}'; choose another id (Shop/Orders)`,
    );
});

test('keeps keys of subjects in a table that can be restored for a day only, and lets them be forgotten', () => {
  const orders = store({ personal: { OrderPlaced: ['email'] }, snapshots: true });
  new ServiceFunction(stack, 'Forget', { code, access: { ORDERS: orders.forget() } });
  template().hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    Replicas: [
      Match.objectLike({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 1 },
      }),
    ],
  });
  expect(granted('Forget').filter((one) => /Delete|Put|Update/.test(one))).toEqual([
    'dynamodb:DeleteItem OrdersKeys',
    'dynamodb:DeleteItem OrdersSnapshots',
  ]);
  expect(() => new EventStore(stack, 'Plain').forget()).toThrow(
    "'forget' must be called on a store with personal fields; name them in 'personal': { OrderPlaced: ['name', 'email'] } (Shop/Plain)",
  );
});

test('minimal use', () => {
  store().project('ByCustomer', { handler });
  expect(stack).toMatchTemplateSnapshot();
});

describe('publishing', () => {
  const published = (props: EventStoreProps = {}) => {
    const orders = store(props);
    new ServiceFunction(stack, 'Place', { code, access: { ORDERS: orders.append() } });
    return orders.publishTo(new EventBus(stack, 'Bus'), { source: 'shop.orders' });
  };

  test('is a pipe from the stream through a function to the bus, in bounds', () => {
    published();
    const att = (id: string, attribute: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(id), attribute] });
    template().hasResourceProperties('AWS::Pipes::Pipe', {
      Source: att('^OrdersEvents', 'StreamArn'),
      SourceParameters: {
        DynamoDBStreamParameters: {
          StartingPosition: 'TRIM_HORIZON',
          BatchSize: 10,
          MaximumRetryAttempts: 19,
          MaximumRecordAgeInSeconds: 82_800,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: att('PublicationDeadLetterQueue', 'Arn') },
        },
      },
      Enrichment: att('PublicationEnrichment', 'Arn'),
      Target: att('^Bus', 'Arn'),
      TargetParameters: {
        EventBridgeEventBusParameters: { Source: 'shop.orders', DetailType: '$.type', Time: '$.time' },
      },
    });
    expect(granted('OrdersPublicationRole')).toEqual([
      ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
        (action) => `dynamodb:${action} OrdersEvents`,
      ),
      'lambda:InvokeFunction OrdersPublicationEnrichment',
      'sqs:SendMessage OrdersPublicationDeadLetterQueue',
      'events:PutEvents Bus',
    ]);
  });

  test('publishes again by a state machine, for who is allowed to start it', () => {
    const orders = store();
    expect(() => orders.republish()).toThrow(
      "'republish' must be called on a store that publishes its events; call 'publishTo()' first",
    );
    orders.publishTo(new EventBus(stack, 'Bus'), { source: 'shop.orders' });
    new ServiceFunction(stack, 'Operate', { code, access: { REPUBLISH: orders.republish() } });
    expect(granted('Operate').filter((one) => one.startsWith('states:Start'))).toEqual([
      'states:StartExecution OrdersPublicationRepublishMachine',
    ]);
    expect(granted('OrdersPublicationRepublisher')).toEqual(['dynamodb:Query OrdersEvents', 'events:PutEvents Bus']);
  });

  test('lets nobody append what the bus would not take', () => {
    published();
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORDERS_LIMIT: '253952' }) },
    });
  });

  test('lets what a hub takes be appended, where it takes more', () => {
    const orders = store();
    orders.publishTo(new EventHub(stack, 'Hub', { maxEntrySize: Size.kibibytes(1020) }), { source: 'shop.orders' });
    new ServiceFunction(stack, 'Place', { code, access: { ORDERS: orders.append() } });
    template().hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ ORDERS_LIMIT: String(1020 * 1024 - 8192) }) },
    });
  });

  test('tells of a pipe that stands still', () => {
    published();
    template().hasResourceProperties('AWS::CloudWatch::Alarm', {
      EvaluationPeriods: 3,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'IF(writes > 0 AND SUM([seen, writes * 0]) == 0, 1, 0)' }),
      ]),
    });
  });

  test('reads a Kinesis stream, and fetches what is too large for an item', () => {
    published({ stream: 'kinesis', claimCheck: true });
    template().hasResourceProperties('AWS::Pipes::Pipe', {
      SourceParameters: { KinesisStreamParameters: Match.objectLike({ StartingPosition: 'TRIM_HORIZON' }) },
    });
    expect(granted('OrdersPublicationEnrichment')).toEqual(['s3:GetObject OrdersPayloads']);
  });

  test('counts as a reader of the stream', () => {
    const orders = store();
    orders.publishTo(new EventBus(stack, 'Bus'), { source: 'shop.orders' });
    for (const id of ['A', 'B']) orders.project(id, { handler });
    expect(() => app.synth()).toThrow(/must have at most 2 readers .*Shop\/Orders\/Publication\/Pipe/);
  });

  test('refuses a second pipe, and a source of AWS’s', () => {
    const orders = store();
    const bus = new EventBus(stack, 'Bus');
    orders.publishTo({ bus }, { source: 'shop.orders' });
    expect(() => orders.publishTo(bus, { source: 'shop' })).toThrow("'publishTo' must be called only once");
    const other = new EventStore(stack, 'Other');
    expect(() => other.publishTo(bus, { source: 'aws.orders' })).toThrow(
      "'source' must not start with 'aws', which EventBridge reserves for AWS, got 'aws.orders'; choose another name, such as 'shop.orders' (Shop/Other/Publication)",
    );
  });
});

test('lets one function alone put events, where overwriting is to be prevented', () => {
  const orders = store({ writer: 'function' });
  new ServiceFunction(stack, 'Place', { code, access: { ORDERS: orders.append() } });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        ORDERS_WRITER: { 'Fn::GetAtt': [Match.stringLikeRegexp('OrdersWriter'), 'Arn'] },
      }),
    },
  });
  expect(granted('Place').filter((one) => one.includes(' Orders'))).toEqual([
    'dynamodb:Query OrdersEvents',
    'dynamodb:GetItem OrdersEvents',
    'lambda:InvokeFunction OrdersWriter',
    'dynamodb:GetItem OrdersCommands',
  ]);
  expect(granted('OrdersWriter')).toEqual(['dynamodb:PutItem OrdersEvents', 'dynamodb:PutItem OrdersCommands']);
});
