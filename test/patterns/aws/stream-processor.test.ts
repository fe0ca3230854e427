import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StreamViewType, TableV2, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Access, EntityTable, ServiceFunction, StreamProcessor, type StreamProcessorProps } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
  stack = new Stack(app, 'Shop');
});

const processor = (props: Partial<StreamProcessorProps> = {}, id = 'Clicks') =>
  new StreamProcessor(stack, id, { handler, ...props });
const mapping = (properties: object) =>
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', properties);
const table = (id = 'Orders') =>
  new EntityTable(stack, id, { partitionKey: 'id', stream: StreamViewType.NEW_AND_OLD_IMAGES });
const statements = () =>
  Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.includes('Handler'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

test('makes its own Kinesis stream: on demand, encrypted', () => {
  processor();
  Template.fromStack(stack).hasResourceProperties('AWS::Kinesis::Stream', {
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  });
});

test('bounds attempts and age, halves failed batches, lets the handler report failures, and keeps what is given up', () => {
  processor();
  mapping({
    BatchSize: 100,
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 4,
    MaximumRecordAgeInSeconds: 43_200,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: {
      OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] } },
    },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
});

test('lets the handler read the Kinesis stream and send to the failure queue, and nothing else', () => {
  processor();
  expect(statements()).toEqual([
    {
      Effect: 'Allow',
      Action: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      Resource: { 'Fn::GetAtt': [expect.stringContaining('Stream'), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: { 'Fn::GetAtt': [expect.stringContaining('DeadLetterQueue'), 'Arn'] },
    },
  ]);
});

test('reads the stream of a table', () => {
  processor({ source: table() });
  mapping({ EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Orders'), 'StreamArn'] } });
  expect(statements().map(({ Action }) => Action)).toEqual([
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    'dynamodb:ListStreams',
    'sqs:SendMessage',
  ]);
});

test('passes the settings on', () => {
  processor({
    batch: { size: 1000, window: Duration.seconds(5) },
    parallelization: 10,
    maxAttempts: 2,
    maxAge: Duration.minutes(1),
    filters: [{ eventName: ['INSERT'] }],
    tumblingWindow: Duration.minutes(15),
    startingPosition: lambda.StartingPosition.LATEST,
  });
  mapping({
    BatchSize: 1000,
    MaximumBatchingWindowInSeconds: 5,
    ParallelizationFactor: 10,
    MaximumRetryAttempts: 1,
    MaximumRecordAgeInSeconds: 60,
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    TumblingWindowInSeconds: 900,
    StartingPosition: 'LATEST',
  });
});

test('puts the records that were given up into a bucket, below the prefix that Lambda uses', () => {
  processor({ failures: new Bucket(stack, 'Failures') });
  mapping({
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('Failures'), 'Arn'] } } },
  });
  expect(statements().slice(1)).toEqual([
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: { 'Fn::GetAtt': [expect.stringContaining('Failures'), 'Arn'] },
    },
    {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringContaining('Failures'), 'Arn'] }, '/aws/lambda/*']] },
    },
  ]);
  Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
});

test('raises an alarm when records wait too long, and when the failure queue holds any', () => {
  processor({ alarms: { age: Duration.minutes(2) }, alarmTopic: new Topic(stack, 'Ops') });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'IteratorAge',
    Threshold: 120_000,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('Handler') } }],
    AlarmActions: [{ Ref: Match.stringLikeRegexp('Ops') }],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 0,
  });
});

test('calls the warm alias', () => {
  processor({ handler: { code, warm: 1 } });
  mapping({ FunctionName: { 'Fn::Join': Match.arrayWith([Match.arrayWith([':live'])]) } });
});

test('keeps records for longer, under a key that the handler may use', () => {
  processor({ retention: Duration.days(7), encryptionKey: new Key(stack, 'Key') });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Kinesis::Stream', {
    RetentionPeriodHours: 168,
    StreamEncryption: { EncryptionType: 'KMS', KeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
  });
  template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'kms:Decrypt',
          Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
        }),
        Match.objectLike({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
      ]),
    },
  });
});

test('refuses a retention and a key beside a stream that has its own', () => {
  const source = new kinesis.Stream(stack, 'Own');
  expect(() => processor({ source, retention: Duration.days(2) })).toThrow(
    "'retention' must not be given with 'source'",
  );
});

test.each<[Partial<StreamProcessorProps>, string]>([
  [
    { batch: { size: 0 } },
    "'batch.size' must be a whole number from 1 to 10000, got 0; choose a value in that range, or remove it (Shop/Clicks)",
  ],
  [{ batch: { size: 10_001 } }, "'batch.size' must be a whole number from 1 to 10000, got 10001"],
  [
    { batch: { window: Duration.seconds(301) } },
    "'batch.window' must be a whole number from 0 to 300 seconds, got 5 minutes 1 second",
  ],
  [{ parallelization: 11 }, "'parallelization' must be a whole number from 1 to 10, got 11"],
  [{ maxAttempts: 0 }, "'maxAttempts' must be a whole number from 1 to 10001, got 0"],
  [
    { maxAge: Duration.hours(24) },
    "'maxAge' must be less than the 1 day for which the stream keeps a record, or it is silently dropped, got 1 day; shorten it, or lengthen 'retention' (Shop/Clicks)",
  ],
  [
    { retention: Duration.hours(23) },
    "'retention' must be a whole number from 86400 to 31536000 seconds, got 23 hours",
  ],
  [{ maxAge: Duration.seconds(59) }, "'maxAge' must be a whole number from 60 to 604800 seconds, got 59 seconds"],
  [{ tumblingWindow: Duration.seconds(901) }, "'tumblingWindow' must be a whole number from 0 to 900 seconds"],
  [{ filters: [{}, {}, {}, {}, {}, {}] }, "'filters' must be at most 5, got 6"],
])('refuses %j', (props, message) => {
  expect(() => processor(props)).toThrow(message);
});

test.each<[Partial<StreamProcessorProps>]>([
  [{ batch: { size: 1, window: Duration.seconds(0) }, parallelization: 1, maxAttempts: 1 }],
  [
    {
      batch: { size: 10_000, window: Duration.seconds(300) },
      parallelization: 10,
      maxAttempts: 10_001,
      maxAge: Duration.days(7),
      retention: Duration.days(8),
    },
  ],
  [{ batch: { size: Token.asNumber({ Ref: 'Size' }), window: Duration.seconds(Token.asNumber({ Ref: 'Window' })) } }],
])('accepts %j', (props) => {
  expect(() => processor(props)).not.toThrow();
});

test('refuses a table without a stream, and numeric filters on a table', () => {
  const source = new EntityTable(stack, 'Plain', { partitionKey: 'id' });
  expect(() =>
    processor({ source, filters: [{ dynamodb: { NewImage: { age: { N: [{ numeric: ['>', 5] }] } } } }] }),
  ).toThrow(
    /'source' must have a stream, got 'Shop\/Plain'; set the table's 'stream' .*\(Shop\/Clicks\)\n'filters' must not use 'numeric' on a table's stream/,
  );
});

test('refuses a third reader of a table’s stream, wherever in the app it stands', () => {
  const source = table();
  processor({ source }, 'A');
  processor({ source }, 'B');
  expect(() => app.synth()).not.toThrow();
  app = new App({ builtinCloudFormationValidation: false });
  stack = new Stack(app, 'Shop');
  const busy = table();
  for (const id of ['A', 'B']) processor({ source: busy }, id);
  const elsewhere = new ServiceFunction(new Stack(app, 'Other'), 'Third', { code });
  elsewhere.addEventSourceMapping('Orders', {
    eventSourceArn: busy.tableStreamArn,
    startingPosition: lambda.StartingPosition.LATEST,
  });
  expect(() => app.synth()).toThrow(
    "'source' must have at most 2 readers per shard in the whole app (Shop/A/Mapping/Resource, Shop/B/Mapping/Resource, Other/Third/Orders/Resource), got 3; " +
      'let one reader pass the records on to the others, through an EventHub or a topic (Shop/A)',
  );
});

test('refuses a second reader of a global table’s stream', () => {
  stack = new Stack(app, 'Global', { env: { account: '111122223333', region: 'eu-west-1' } });
  const source = new TableV2(stack, 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
    replicas: [{ region: 'us-east-1' }],
  });
  for (const id of ['A', 'B']) processor({ source }, id);
  expect(() => app.synth()).toThrow("'source' must have at most 1 reader per shard in the whole app");
});

test('reads by a consumer of its own with enhanced fan-out, which shares nothing', () => {
  const source = new kinesis.Stream(stack, 'Own', {
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  });
  const { consumer } = processor({ source, enhancedFanOut: true });
  expect(consumer).toBeDefined();
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Kinesis::StreamConsumer', {
    ConsumerName: Match.stringLikeRegexp('^Shop-Clicks-'),
    StreamARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Own'), 'Arn'] },
  });
  mapping({ EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClicksConsumer'), 'ConsumerARN'] } });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge' });
  expect(statements().map(({ Action, Resource }) => [Action, Resource['Fn::GetAtt']?.[0]])).toEqual([
    [expect.arrayContaining(['kinesis:DescribeStream', 'kinesis:ListShards']), expect.stringMatching('^Own')],
    [['kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer'], expect.stringMatching('^ClicksConsumer')],
    ['kms:Decrypt', expect.stringMatching('^Key')],
    ['sqs:SendMessage', expect.stringContaining('DeadLetterQueue')],
  ]);
  expect(stack).toPassRules();
});

test('refuses a sixth reader of a Kinesis stream; those with enhanced fan-out do not count, and are twenty', async () => {
  const source = new kinesis.Stream(stack, 'Own', { streamMode: kinesis.StreamMode.PROVISIONED });
  for (const id of ['A', 'B', 'C', 'D', 'E']) processor({ source }, id);
  for (let n = 0; n < 20; n++) processor({ source, enhancedFanOut: true }, `Fan${n}`);
  const judged = (id: string) => stack.node.findChild(id).node.validate();
  expect(judged('A')).toEqual([]);
  // What is found in an app is kept until nothing is left to run.
  await Promise.resolve();
  processor({ source }, 'F');
  processor({ source, enhancedFanOut: true }, 'Fan20');
  expect(judged('F')).toEqual([
    expect.stringMatching(
      /^'source' must have at most 5 readers per shard .*, got 6; give readers dedicated throughput with 'enhancedFanOut: true', or let one/,
    ),
    "'source' must have at most 20 consumers with enhanced fan-out in the whole app, got 21; " +
      "leave 'enhancedFanOut' out where a reader can share throughput, or let one reader pass the records on (Shop/F)",
  ]);
});

test('takes as many consumers of an on-demand stream as an account with On-demand Advantage has', () => {
  const source = new kinesis.Stream(stack, 'Own', { streamMode: kinesis.StreamMode.ON_DEMAND });
  for (let n = 0; n < 51; n++) processor({ source, enhancedFanOut: true }, `Fan${n}`);
  expect(stack.node.findChild('Fan0').node.validate()).toEqual([
    expect.stringContaining('must have at most 50 consumers with enhanced fan-out in the whole app, got 51'),
  ]);
});

test('reads by a consumer that exists, which it does not make, and refuses one of another stream', () => {
  const arn = 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks';
  const consumerArn = `${arn}/consumer/fan:1700000000`;
  stack = new Stack(app, 'Existing', { env: { account: '111122223333', region: 'eu-west-1' } });
  const source = kinesis.Stream.fromStreamArn(stack, 'Theirs', arn);
  const fan = kinesis.StreamConsumer.fromStreamConsumerArn(stack, 'Fan', consumerArn);
  expect(processor({ source, enhancedFanOut: fan }).consumer).toBe(fan);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Kinesis::StreamConsumer', 0);
  mapping({ EventSourceArn: consumerArn });
  expect(
    statements()
      .filter(({ Resource }) => (Resource as unknown) === consumerArn)
      .map(({ Action }) => Action),
  ).toEqual([['kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer']]);
  const other = kinesis.Stream.fromStreamArn(stack, 'Other', `${arn}-of-others`);
  expect(() => processor({ source: other, enhancedFanOut: fan }, 'B')).toThrow(
    "'enhancedFanOut' must be a consumer of 'source', got 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks/consumer/fan:1700000000'; pass a consumer of that stream",
  );
  expect(() => processor({ enhancedFanOut: fan }, 'C')).toThrow("'enhancedFanOut' must be true without 'source'");
});

test('refuses enhanced fan-out of a table’s stream, and where the consumer cannot be made', () => {
  expect(() => processor({ source: table(), enhancedFanOut: true })).toThrow(
    "'enhancedFanOut' must not be given with a table, whose stream has no dedicated consumers, got true; leave it out, or let",
  );
  stack = new Stack(app, 'Placed', { env: { account: '111122223333', region: 'eu-west-1' } });
  const source = kinesis.Stream.fromStreamArn(stack, 'Theirs', 'arn:aws:kinesis:eu-west-1:999999999999:stream/clicks');
  expect(() => processor({ source: Access.admitting(source), enhancedFanOut: true })).toThrow(
    "'enhancedFanOut' must be used where the stream is, which is in 999999999999/eu-west-1",
  );
});

test('takes a stream that the team imports, and one that others send to', () => {
  const source = kinesis.Stream.fromStreamArn(
    stack,
    'Imported',
    'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks',
  );
  processor({ source });
  new ServiceFunction(stack, 'Sender', { code, access: { CLICKS: Access.stream(source).send() } });
  mapping({ EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks' });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Effect: 'Allow',
          Action: ['kinesis:PutRecord', 'kinesis:PutRecords'],
          Resource: 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks',
        },
      ]),
    },
  });
});

test('minimal use', () => {
  processor();
  expect(stack).toMatchTemplateSnapshot();
});
