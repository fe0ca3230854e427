import { App, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { QueueWorker, type QueueWorkerProps, ServiceFunction, WorkQueue } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
const seconds = Duration.seconds;
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const worker = (props: Partial<QueueWorkerProps> = {}) => new QueueWorker(stack, 'Ingest', { handler, ...props });
const template = () => Template.fromStack(stack);
const mapping = (properties: object) => template().hasResourceProperties('AWS::Lambda::EventSourceMapping', properties);
const queues = () =>
  Object.entries(template().findResources('AWS::SQS::Queue')).map(
    ([id, { Properties }]) => [id.replace(/[0-9A-F]{8}$/, ''), Properties] as const,
  );

test('gives batches of 10, reports single failures, and caps what runs at once at the mapping, without a reservation', () => {
  worker();
  mapping({
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 10 },
  });
  template().hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
});

test('hides messages for 6 x the timeout + the window, and puts failed ones into a dead-letter queue after 5 attempts', () => {
  worker({ handler: { code, timeout: seconds(20) }, batch: { size: 500, window: Duration.minutes(1) } });
  const [[, queue], [, dead]] = queues().sort(([a], [b]) => a.localeCompare(b)) as [[string, object], [string, object]];
  expect(queue).toMatchObject({
    VisibilityTimeout: 180,
    SqsManagedSseEnabled: true,
    RedrivePolicy: { maxReceiveCount: 5 },
  });
  expect(dead).toMatchObject({
    MessageRetentionPeriod: 1_209_600,
    RedriveAllowPolicy: { redrivePermission: 'byQueue' },
  });
  mapping({ BatchSize: 500, MaximumBatchingWindowInSeconds: 60 });
});

test('lets the handler receive from its queue and nothing else', () => {
  worker();
  template().hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('IngestQueue'), 'Arn'] },
        },
      ],
    },
  });
});

test('lets a sender send and find the queue', () => {
  new ServiceFunction(stack, 'Sender', { code, access: { JOBS: worker().send() } });
  template().hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { JOBS: { Ref: Match.stringLikeRegexp('IngestQueue') } } },
  });
});

test('passes the settings on', () => {
  worker({ maxConcurrency: 50, maxAttempts: 7, filters: [{ body: { kind: ['order'] } }] });
  mapping({
    ScalingConfig: { MaximumConcurrency: 50 },
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] },
  });
  template().hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 7 } });
});

test('keeps pollers ready in place of a cap', () => {
  worker({ pollers: { min: 2, max: 20 } });
  mapping({ ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 20 }, ScalingConfig: Match.absent() });
});

test('makes a FIFO queue with a FIFO dead-letter queue', () => {
  worker({ fifo: true });
  expect(queues().map(([, { FifoQueue }]) => FifoQueue)).toEqual([true, true]);
});

test('passes the settings of the queue on', () => {
  worker({
    fifo: true,
    retention: Duration.days(2),
    delay: seconds(30),
    maxMessageSize: Size.kibibytes(64),
    contentBasedDeduplication: true,
    highThroughput: true,
  });
  template().hasResourceProperties('AWS::SQS::Queue', {
    MessageRetentionPeriod: 172_800,
    DelaySeconds: 30,
    MaximumMessageSize: 65_536,
    ContentBasedDeduplication: true,
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    RedrivePolicy: Match.anyValue(),
  });
});

test.each([
  [4, { MaximumConcurrency: 4 }],
  [50, { MaximumConcurrency: 10 }],
  [1, undefined],
])('with a reservation of %d the mapping is capped at %j', (reservedConcurrency, config) => {
  worker({ handler: { code, reservedConcurrency } });
  mapping({ ScalingConfig: config ?? Match.absent() });
});

test('raises an alarm when the dead-letter queue holds a message', () => {
  worker({ alarmTopic: new Topic(stack, 'Ops') });
  template().hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    Dimensions: [
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'QueueName'] } },
    ],
    AlarmActions: [{ Ref: Match.stringLikeRegexp('Ops') }],
  });
});

test.each<[Partial<QueueWorkerProps>, string]>([
  [
    { batch: { size: 500 } },
    "'batch.size' must be at most 10 without 'batch.window', got 500; set 'batch.window' to at least 1 second (Shop/Ingest)",
  ],
  [{ batch: { size: 0 } }, "'batch.size' must be a whole number from 1 to 10000, got 0"],
  [{ batch: { size: 10_001, window: seconds(1) } }, "'batch.size' must be a whole number from 1 to 10000, got 10001"],
  [
    { batch: { window: seconds(301) } },
    "'batch.window' must be a whole number from 0 to 300 seconds, got 5 minutes 1 second",
  ],
  [{ fifo: true, batch: { size: 11 } }, "'batch.size' must be at most 10 with a FIFO queue, got 11"],
  [{ fifo: true, batch: { window: seconds(1) } }, "'batch.window' must not be given with a FIFO queue"],
  [
    { retention: Duration.minutes(10), handler: { code, timeout: Duration.minutes(5) } },
    "'retention' must be at least 9000 seconds: 5 attempts that each hide a message for 1800; otherwise a failing message is deleted before it reaches the dead-letter queue, got 10 minutes",
  ],
  [{ retention: Duration.days(14) }, "'retention' must be less than the 14 days of the dead-letter queue"],
  [{ delay: seconds(901) }, "'delay' must be a whole number from 0 to 900 seconds"],
  [
    { maxAttempts: 1, retention: seconds(60), delay: seconds(90), handler: { code, timeout: seconds(1) } },
    "'delay' must be shorter than the queue's retention, or no message is ever received",
  ],
  [{ maxMessageSize: Size.mebibytes(2) }, "'maxMessageSize' must be 1 KiB to 1 MiB"],
  [
    { maxMessageSize: Size.kibibytes(1), batch: { messageSize: Size.kibibytes(2) } },
    "'batch.messageSize' must be at most 'maxMessageSize': the queue accepts no larger message",
  ],
  [{ highThroughput: true }, "'highThroughput' must not be given without 'fifo'"],
  [{ contentBasedDeduplication: true }, "'contentBasedDeduplication' must not be given without 'fifo'"],
  [
    { alarms: { age: Duration.days(2) }, retention: Duration.days(1) },
    "'alarms.age' must be less than the retention of the queue (1 day)",
  ],
  [{ maxConcurrency: 1 }, "'maxConcurrency' must be a whole number from 2 to 1000, got 1"],
  [{ maxConcurrency: 1001 }, "'maxConcurrency' must be a whole number from 2 to 1000, got 1001"],
  [
    { maxConcurrency: 6, handler: { code, reservedConcurrency: 5 } },
    "'maxConcurrency' must be at most the handler's 'reservedConcurrency' (5)",
  ],
  [{ maxConcurrency: 6, pollers: { min: 2, max: 3 } }, "'maxConcurrency' must not be given with 'pollers'"],
  [{ pollers: { min: 1, max: 3 } }, "'pollers.min' must be a whole number from 2 to 200, got 1"],
  [{ pollers: { min: 5, max: 4 } }, "'pollers.max' must be at least 'pollers.min' (5), got 4"],
  [{ maxAttempts: 0 }, "'maxAttempts' must be a whole number from 1 to 1000, got 0"],
  [{ filters: [{}, {}, {}, {}, {}, {}] }, "'filters' must be at most 5, got 6"],
  [
    { filters: [{ body: { kind: [{ wildcard: 'order*' }] } }] },
    "'filters.0.body.kind.0' must be a comparison that Lambda supports, but has the operator 'wildcard', which Lambda does not support here, got { wildcard: 'order*' }",
  ],
  [
    { filters: [{ body: { total: [{ numeric: ['<', 5, '>', 1] }] } }] },
    "'filters.0.body.total.0' must be a comparison that Lambda supports, but has 'numeric' with '<' before '>': the lower bound comes first",
  ],
  [{ filters: [{ $or: [{ body: ['x'] }] }] }, "'filters.0.$or' must be a list of at least two patterns"],
])('refuses %j', (props, message) => {
  expect(() => worker(props)).toThrow(message);
});

test('refuses everything that is wrong at once', () => {
  expect(() => worker({ batch: { size: 500 }, maxConcurrency: 1, maxAttempts: 0 })).toThrow(
    /maxConcurrency[^]*maxAttempts[^]*batch\.size/,
  );
});

test.each<[Partial<QueueWorkerProps>]>([
  [{ batch: { size: 10_000, window: seconds(300) }, maxConcurrency: 1000, maxAttempts: 1000 }],
  [{ batch: { size: 1 }, maxConcurrency: 2, maxAttempts: 1 }],
  [
    {
      batch: { size: Token.asNumber({ Ref: 'S' }), window: seconds(Token.asNumber({ Ref: 'W' })) },
      maxConcurrency: Token.asNumber({ Ref: 'C' }),
    },
  ],
  [{ handler: { code, timeout: seconds(Token.asNumber({ Ref: 'T' })) } }],
])('accepts %j', (props) => {
  expect(() => worker(props)).not.toThrow();
});

describe('a queue that the team has', () => {
  const dead = () => ({ queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 5 });

  test('is used as it is, with its dead-letter queue under alarm', () => {
    const queue = new sqs.Queue(stack, 'Jobs', { visibilityTimeout: seconds(60), deadLetterQueue: dead() });
    const adopted = worker({ queue });
    expect([adopted.queue, adopted.deadLetterQueue]).toEqual([queue, stack.node.findChild('Dead')]);
    template().resourceCountIs('AWS::SQS::Queue', 2);
  });

  test('refuses times and a missing dead-letter queue, and says what to change', () => {
    expect(() => worker({ queue: new sqs.Queue(stack, 'Jobs'), handler: { code, timeout: seconds(60) } })).toThrow(
      "'queue' must hide a received message for at least 360 seconds: 6 x the handler's timeout (60 seconds) + the batching window (0 seconds); it hides it for 30, " +
        "got 'Shop/Jobs'; set its 'visibilityTimeout' to Duration.seconds(360) (Shop/Ingest)\n" +
        "'queue' must have a dead-letter queue, or a failing message is retried until it expires, got 'Shop/Jobs'; give it a 'deadLetterQueue', or let the worker create the queue (Shop/Ingest)",
    );
  });

  test('refuses props that the queue decides', () => {
    const queue = new WorkQueue(stack, 'Jobs', { consumer: { timeout: seconds(10) } });
    expect(() => worker({ queue, fifo: true, maxAttempts: 3 })).toThrow(
      /'maxAttempts' must not be given with 'queue'[^]*'fifo' must not be given with 'queue'/,
    );
  });

  test('may be imported, of which nothing is known, and FIFO rules follow its name', () => {
    const queue = sqs.Queue.fromQueueArn(stack, 'Imported', 'arn:aws:sqs:eu-west-1:111122223333:jobs.fifo');
    expect(() => worker({ queue, batch: { size: 11 } })).toThrow('must be at most 10 with a FIFO queue');
  });

  test('with a key of the team lets the handler decrypt through SQS', () => {
    const queue = new sqs.Queue(stack, 'Jobs', {
      visibilityTimeout: seconds(60),
      deadLetterQueue: dead(),
      encryptionMasterKey: new Key(stack, 'Key'),
    });
    worker({ queue });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt' })]) },
    });
  });
});

test('warns of batches that never fill, with the arithmetic', () => {
  worker({ batch: { size: 10_000, window: seconds(10) } });
  Annotations.fromStack(stack).hasWarning(
    '/Shop/Ingest',
    Match.stringLikeRegexp(
      "'batch.size' of 10000 messages of 1024 bytes makes 9.8 MiB, more than the 6 MiB of one invocation: Lambda delivers about 6144 at once",
    ),
  );
});

test.each([
  [{ size: 10_000, window: seconds(10), messageSize: Size.bytes(600) }],
  [{ size: 500, window: seconds(10) }],
  [{}],
])('does not warn of %j', (batch) => {
  worker({ batch });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('calls the warm alias', () => {
  worker({ handler: { code, warm: 1 } });
  mapping({ FunctionName: { 'Fn::Join': Match.arrayWith([Match.arrayWith([':live'])]) } });
});

test('minimal use', () => {
  worker();
  expect(stack).toMatchTemplateSnapshot();
});
