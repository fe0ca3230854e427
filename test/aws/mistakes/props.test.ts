import {
  App,
  aws_cognito,
  aws_events,
  aws_iam,
  aws_kinesis,
  aws_lambda,
  aws_s3,
  aws_secretsmanager,
  aws_sqs,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import {
  Alarms,
  EntityTable,
  FileProcessor,
  QueueWorker,
  ScheduledJob,
  ServerlessApi,
  ServiceFunction,
  StreamProcessor,
  WebhookReceiver,
  WorkQueue,
} from 'lintel/aws';

/** Props as somebody writes them who has no type check. */
type Loose = Record<string, unknown>;
type Pattern = new (scope: Stack, id: string, props: never) => unknown;

const HANDLER = 'test/aws/mistakes/handler.ts';
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
});

const make = (Class: Pattern, props: Loose) => () => new Class(stack, 'It', props as never);
const secret = () => new aws_secretsmanager.Secret(stack, 'Secret');
const api = { authorizer: 'none', routes: { 'GET /x': HANDLER } };
const unread = (prop: string, remedy: string) =>
  `'${prop}' must not be given, since nothing reads it; ${remedy} (Shop/It)`;

describe('a name that does not exist', () => {
  test.each<[Pattern, Loose, string]>([
    [ServerlessApi, { ...api, authoriser: 'iam' }, unread('authoriser', "did you mean 'authorizer'?")],
    [
      ServerlessApi,
      { ...api, routes: { 'GET /x': { entry: HANDLER, acces: {} } } },
      unread('routes.GET /x.acces', "did you mean 'access'?"),
    ],
    [
      ServerlessApi,
      { ...api, routes: { 'GET /x': { handler: HANDLER, authoriser: 'iam' } } },
      unread('routes.GET /x.authoriser', "did you mean 'authorizer'?"),
    ],
    [
      ServerlessApi,
      { ...api, cors: { origins: ['*'], allowHeaders: ['x'] } },
      unread('cors.allowHeaders', "write 'headers'"),
    ],
    [
      ServerlessApi,
      { ...api, domainName: 'a.example.com' },
      unread('domainName', "write 'domain: { name, certificate }'"),
    ],
    [
      ServerlessApi,
      { ...api, timeout: 3 },
      "'timeout' must not be given, since nothing reads it; remove it; there are 'routes', 'authorizer', ",
    ],
    [
      ScheduledJob,
      { handler: HANDLER, schedule: 'rate(1 day)', timezone: 'Europe/Berlin' },
      unread('timezone', "did you mean 'timeZone'?"),
    ],
    [QueueWorker, { handler: HANDLER, batchSize: 5 }, unread('batchSize', "write 'batch: { size: ... }'")],
    [QueueWorker, { handler: HANDLER, batch: { sise: 5 } }, unread('batch.sise', "did you mean 'size'?")],
    [QueueWorker, { handler: { entry: HANDLER, acces: {} } }, unread('handler.acces', "did you mean 'access'?")],
    [
      QueueWorker,
      { handler: HANDLER, timeout: Duration.seconds(5) },
      unread('timeout', "set it on the handler: { entry: 'src/handler.ts', timeout: ... }"),
    ],
    [QueueWorker, { entry: HANDLER }, unread('entry', "write 'handler'")],
    [
      StreamProcessor,
      { handler: HANDLER, retryAttempts: 3 },
      unread('retryAttempts', "write 'maxAttempts', which counts the first attempt too"),
    ],
    [FileProcessor, { handler: HANDLER, sufix: '.csv' }, unread('sufix', "did you mean 'suffix'?")],
    [
      WorkQueue,
      { visibilityTimout: Duration.seconds(5) },
      unread('visibilityTimout', "did you mean 'visibilityTimeout'?"),
    ],
    [
      EntityTable,
      { partitionKey: 'id', timeToLiveAttribute: 'ttl' },
      unread('timeToLiveAttribute', "write 'timeToLive'"),
    ],
    [
      EntityTable,
      { partitionKey: 'id', indexes: { byX: { partitionKey: 'x', sortkey: 'y' } } },
      unread('indexes.byX.sortkey', "did you mean 'sortKey'?"),
    ],
    [
      ServiceFunction,
      { entry: HANDLER, reservedConcurrentExecutions: 5 },
      unread('reservedConcurrentExecutions', "write 'reservedConcurrency'"),
    ],
    [
      ServiceFunction,
      { entry: HANDLER, deadLetterQueueEnabled: true },
      unread('deadLetterQueueEnabled', "leave 'onFailure' out for a new dead-letter queue"),
    ],
    [
      ServiceFunction,
      { entry: HANDLER, bundling: { formt: 'esm' } },
      unread('bundling.formt', "did you mean 'format'?"),
    ],
    [Alarms, { alarmTopic: undefined, topics: [] }, unread('topics', "did you mean 'topic'?")],
  ])('%p refuses %j', (Class, props, message) => {
    expect(make(Class, props)).toThrow(message);
  });
});

describe('a value of another type', () => {
  test.each<[string, Pattern, () => Loose, string]>([
    [
      'a number of seconds',
      ServiceFunction,
      () => ({ entry: HANDLER, timeout: 30 }),
      "'timeout' must be a Duration, got 30; write Duration.seconds(30)",
    ],
    [
      'memory in quotes',
      ServiceFunction,
      () => ({ entry: HANDLER, memorySize: '512' }),
      "'memorySize' must be a number, got '512'; write it without quotes: 512",
    ],
    [
      'a number as the entry',
      ServiceFunction,
      () => ({ entry: 42 }),
      "'entry' must be a string, got 42; write it as 'src/place-order.ts'",
    ],
    [
      'access as a list',
      ServiceFunction,
      () => ({ entry: HANDLER, access: [new EntityTable(stack, 'T', { partitionKey: 'id' }).read()] }),
      "'access' must be an object with a name for each",
    ],
    [
      'a secret by its name',
      ServiceFunction,
      () => ({ entry: HANDLER, secrets: { KEY: 'hunter2' } }),
      "'secrets.KEY' must be a Secrets Manager secret, never its value; create one",
    ],
    [
      'a window in seconds',
      QueueWorker,
      () => ({ handler: HANDLER, batch: { size: 100, window: 5 } }),
      "'batch.window' must be a Duration, got 5; write Duration.seconds(5)",
    ],
    [
      'a size in quotes',
      QueueWorker,
      () => ({ handler: HANDLER, batch: { size: '10' } }),
      "'batch.size' must be a whole number from 1 to 10000, got '10'; write it without quotes: 10",
    ],
    [
      'the batch as a number',
      QueueWorker,
      () => ({ handler: HANDLER, batch: 10 }),
      "'batch' must be an object, got 10; write it as { size: 100, window: Duration.seconds(5) }",
    ],
    [
      'a queue by its URL',
      QueueWorker,
      () => ({ handler: HANDLER, queue: 'https://sqs.eu-west-1.amazonaws.com/1/jobs' }),
      "'queue' must be a queue, got 'https://sqs.eu-west-1.amazonaws.com/1/jobs'; pass the queue",
    ],
    [
      'a queue by its ARN',
      QueueWorker,
      () => ({ handler: HANDLER, queue: 'arn:aws:sqs:eu-west-1:1:jobs' }),
      "pass the queue: Queue.fromQueueArn(this, 'Jobs', 'arn:aws:sqs:eu-west-1:1:jobs')",
    ],
    [
      'a queue as the handler',
      QueueWorker,
      () => ({ handler: new aws_sqs.Queue(stack, 'Q') }),
      "'handler' must be a path, a path with settings, or a function, got 'Shop/Q'",
    ],
    [
      'fifo in quotes',
      QueueWorker,
      () => ({ handler: HANDLER, fifo: 'true' }),
      "'fifo' must be true or false, got 'true'; write it without quotes",
    ],
    [
      'filters that are one pattern',
      StreamProcessor,
      () => ({ handler: HANDLER, filters: { eventName: ['INSERT'] } }),
      "'filters' must be a list, got { eventName: ['INSERT'] }",
    ],
    [
      'a filter without a list',
      StreamProcessor,
      () => ({ handler: HANDLER, filters: [{ eventName: 'INSERT' }] }),
      "'filters.0.eventName' must be a list of the values that match, at least one, got 'INSERT'; write it as ['INSERT']",
    ],
    [
      'a source by its ARN',
      StreamProcessor,
      () => ({ handler: HANDLER, source: 'arn:aws:kinesis:eu-west-1:1:stream/x' }),
      "'source' must be a Kinesis stream, or a table, got 'arn:aws:kinesis:eu-west-1:1:stream/x'; pass the stream: Stream.fromStreamArn(",
    ],
    [
      'a starting position in lower case',
      StreamProcessor,
      () => ({ handler: HANDLER, startingPosition: 'latest' }),
      "'startingPosition' must be 'TRIM_HORIZON' or 'LATEST', got 'latest'; did you mean 'LATEST'?",
    ],
    [
      'a schedule of CDK',
      ScheduledJob,
      () => ({ handler: HANDLER, schedule: aws_events.Schedule.cron({ hour: '3', minute: '0' }) }),
      "write it as text: 'cron(0 3 * * ? *)'",
    ],
    [
      'a duration as the schedule',
      ScheduledJob,
      () => ({ handler: HANDLER, schedule: Duration.days(1) }),
      "write it as text: 'rate(1440 minutes)'",
    ],
    [
      'a number of suffixes',
      FileProcessor,
      () => ({ handler: HANDLER, suffix: 5 }),
      "'suffix' must be a string or a list of strings, got 5; write it as '.csv'",
    ],
    [
      'a bucket by its name',
      FileProcessor,
      () => ({ handler: HANDLER, bucket: 'files' }),
      "'bucket' must be a bucket, got 'files'; pass the bucket",
    ],
    [
      'a user pool as the authorizer',
      ServerlessApi,
      () => ({ ...api, authorizer: new aws_cognito.UserPool(stack, 'Pool') }),
      "'authorizer' must be 'none', 'iam', { issuer, audience }, { userPool } or a function, got 'Shop/Pool'; write { userPool, clients: [client] }",
    ],
    [
      'one audience as text',
      ServerlessApi,
      () => ({ ...api, authorizer: { issuer: 'https://a.example.com', audience: 'shop' } }),
      "'authorizer.audience' must be a list, got 'shop'; write it as ['shop']",
    ],
    [
      'a kind in upper case',
      ServerlessApi,
      () => ({ ...api, kind: 'REST' }),
      "'kind' must be 'http' or 'rest', got 'REST'; did you mean 'rest'?",
    ],
    [
      'cors as a switch',
      ServerlessApi,
      () => ({ ...api, cors: true }),
      "'cors' must be an object, got true; write it as { origins: ['https://shop.example.com'] }",
    ],
    [
      'half a throttle',
      ServerlessApi,
      () => ({ ...api, throttle: { rate: 5 } }),
      "'throttle.burst' must be given, got nothing; give the requests that may arrive at once",
    ],
    [
      'a domain by its name',
      ServerlessApi,
      () => ({ ...api, domain: 'api.example.com' }),
      "'domain' must be an object, got 'api.example.com'; write it as { name: 'api.example.com', certificate }",
    ],
    [
      'a route without a handler',
      ServerlessApi,
      () => ({ ...api, routes: { 'GET /x': null } }),
      "'routes.GET /x' must be given, got nothing; give the path of the module",
    ],
    [
      'a secret of a webhook in plain text',
      WebhookReceiver,
      () => ({ handler: HANDLER, signature: { header: 'X-Sig', secret: 'hunter2' } }),
      "'signature.secret' must be a Secrets Manager secret, never its value; create one",
    ],
    [
      'the time to live as a switch',
      EntityTable,
      () => ({ partitionKey: 'id', timeToLive: true }),
      "'timeToLive' must be a string, got true; write it as 'expiresAt'",
    ],
    [
      'indexes as a list',
      EntityTable,
      () => ({ partitionKey: 'id', indexes: [{ indexName: 'x', partitionKey: 'y' }] }),
      "'indexes' must be an object with a name for each",
    ],
  ])('refuses %s', (_, Class, props, message) => {
    const given = props();
    expect(make(Class, given)).toThrow(message);
    expect(make(Class, given)).not.toThrow(/hunter2|TypeError|is not a function|Cannot read/);
  });
});

describe('props in the words of their user', () => {
  test.each<[Pattern, Loose, string]>([
    [
      QueueWorker,
      { handler: 'src/nope.ts' },
      "'handler' must be the path of a file, relative to the working directory (there is none at 'src/nope.ts'), got 'src/nope.ts'",
    ],
    [QueueWorker, { handler: { entry: 'src/nope.ts' } }, "'handler.entry' must be the path of a file"],
    [QueueWorker, { handler: { handler: HANDLER } }, "'handler.entry' must be given, or 'code' instead"],
    [QueueWorker, { handler: 'test/aws/mistakes/handler' }, "did you mean 'test/aws/mistakes/handler.ts'?"],
    [QueueWorker, { handler: 'test/aws/mistakes/handler.handler' }, "did you mean 'test/aws/mistakes/handler.ts'?"],
    [
      QueueWorker,
      { handler: { entry: HANDLER, timeout: Duration.minutes(16) } },
      "'handler.timeout' must be whole seconds from 1 to 900",
    ],
    [
      FileProcessor,
      { handler: HANDLER, batch: { size: 500 } },
      "'batch.size' must be at most 10 without 'batch.window', got 500; set 'batch.window' to at least 1 second (Shop/It)",
    ],
    [
      FileProcessor,
      { handler: HANDLER, prefix: '/in/' },
      "'prefix' must not start with a slash, which keys usually do not, got '/in/'; write it as 'in/' (Shop/It)",
    ],
    [
      WorkQueue,
      { queueName: 'orders.fifo' },
      "'queueName' must not end in '.fifo' without 'fifo', got 'orders.fifo'; set 'fifo' to true, or choose another name (Shop/It)",
    ],
    [
      WorkQueue,
      { queueName: 'orders queue!' },
      "'queueName' must be 1 to 80 letters, digits, hyphens and underscores, got 'orders queue!'",
    ],
    [
      ServerlessApi,
      { ...api, routes: { 'GET /x': { entry: HANDLER, timeout: 30 } } },
      "'routes.GET /x.timeout' must be a Duration, got 30; write Duration.seconds(30) (Shop/It)",
    ],
  ])('%p refuses %j', (Class, props, message) => {
    expect(make(Class, props)).toThrow(message);
  });

  test('all at once, types and rules alike, each once', () => {
    const props = { handler: 'src/nope.ts', maxConcurrency: 1, batch: { size: 500, windo: 5 }, fifo: 'no' };
    try {
      make(QueueWorker, props)();
      throw new Error('accepted');
    } catch (error) {
      const lines = (error as Error).message.split('\n');
      const props = lines.map((line) => /^'([^']+)'/.exec(line)?.[1]);
      expect(props.sort()).toEqual(['batch.size', 'batch.windo', 'fifo', 'handler', 'maxConcurrency']);
      for (const line of lines) expect(line).toMatch(/ \(Shop\/It\)$/);
    }
  });

  test('no props at all', () => {
    for (const Class of [
      QueueWorker,
      StreamProcessor,
      ScheduledJob,
      FileProcessor,
      WebhookReceiver,
      ServerlessApi,
      EntityTable,
      ServiceFunction,
    ] as unknown as Pattern[]) {
      expect(() => new Class(stack, Class.name, undefined as never)).toThrow(/got nothing/);
    }
  });
});

describe('what is honoured', () => {
  test('a role that the organisation mandates', () => {
    const role = new aws_iam.Role(stack, 'Mandated', {
      assumedBy: new aws_iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    expect(new ServiceFunction(stack, 'F', { entry: HANDLER, role }).role).toBe(role);
  });

  test("a FIFO queue's name gets its suffix", () => {
    const queue = new WorkQueue(stack, 'Q', { queueName: 'orders', fifo: true });
    expect(stack.resolve((queue.node.defaultChild as aws_sqs.CfnQueue).queueName)).toBe('orders.fifo');
  });

  test('constructs of CDK, imported ones too', () => {
    const handler = { code: aws_lambda.Code.fromInline('exports.handler = async () => {}') };
    new StreamProcessor(stack, 'S', {
      handler,
      source: aws_kinesis.Stream.fromStreamArn(stack, 'I', 'arn:aws:kinesis:eu-west-1:111122223333:stream/x'),
    });
    new FileProcessor(stack, 'F', {
      handler,
      bucket: aws_s3.Bucket.fromBucketName(stack, 'B', 'files'),
      imported: 'enabled',
    });
    new WebhookReceiver(stack, 'W', { handler: HANDLER, signature: { header: 'X-Sig', secret: secret() } });
  });
});
