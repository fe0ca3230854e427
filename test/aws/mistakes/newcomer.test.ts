import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as L from 'lintel/aws';

/** What a newcomer writes without a type check: other types, other units, other names, one level too deep or too high. */
const H = 'test/aws/mistakes/handler.ts';
const any = (value: unknown) => value as never;
const hub = (s: Stack, props: object = {}) => new L.EventHub(s, 'Hub', props);
const sec = (s: Stack) => new secretsmanager.Secret(s, 'Sec');
const vpc = (s: Stack) =>
  ec2.Vpc.fromVpcAttributes(s, 'Net', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });

test.each<[string, (s: Stack) => unknown, string]>([
  [
    'QW batch = 10',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, batch: 10 })),
    "'batch' must be an object, got 10; write it as { size: 100, window: Duration.seconds(5) } (Shop/Q)",
  ],
  [
    'QW batch array',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, batch: [10] })),
    "'batch' must be an object, got [10]; write it as { size: 100, window: Duration.seconds(5) } (Shop/Q)",
  ],
  [
    'QW batch.window Size',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, batch: { size: 100, window: Size.kibibytes(1) } })),
    "'batch.window' must be a Duration, got 1 KiB; write Duration.seconds(30) (Shop/Q)",
  ],
  [
    'QW maxMessageSize Duration',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, maxMessageSize: Duration.seconds(3) })),
    "'maxMessageSize' must be a Size, got 3 seconds; write Size.kibibytes(64) (Shop/Q)",
  ],
  [
    'QW handler nested { handler: { entry } }',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: { handler: { entry: H } } })),
    "'handler.handler' must be a string, got { entry: 'test/aws/mistakes/handler.ts' }; write it as 'index.handler' (Shop/Q)",
  ],
  [
    'QW handler.enviroment typo',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: { entry: H, enviroment: { A: '1' } } })),
    "'handler.enviroment' must not be given, since nothing reads it; did you mean 'environment'? (Shop/Q)",
  ],
  [
    'QW handler.bundling.formt typo depth 3',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: { entry: H, bundling: { formt: 'esm' } } })),
    "'handler.bundling.formt' must not be given, since nothing reads it; did you mean 'format'? (Shop/Q)",
  ],
  [
    'QW handler.bundling.loader .sql txt',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: { entry: H, bundling: { loader: { '.sql': 'txt' } } } })),
    "'handler.bundling.loader..sql' must be one of 'text', 'json', 'binary', 'base64', 'dataurl', 'file', 'copy', 'empty', got 'txt'; did you mean 'text'? (Shop/Q)",
  ],
  [
    'QW alarms.age.priods depth 3',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, alarms: { age: { priods: 3 } } })),
    "'alarms.age.priods' must not be given, since nothing reads it; did you mean 'periods'? (Shop/Q)",
  ],
  [
    'QW alarms.errors unknown',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, alarms: { errors: 3 } })),
    "'alarms.errors' must not be given, since nothing reads it; write 'errorRate', in percent of the invocations (Shop/Q)",
  ],
  [
    'QW alarms false',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, alarms: false })),
    "'alarms' must be an object, got false; write it as { errorRate: 5 } (Shop/Q)",
  ],
  [
    'QW alarmTopic ARN',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, alarmTopic: 'arn:aws:sns:eu-west-1:1:t' })),
    "'alarmTopic' must be a topic, got 'arn:aws:sns:eu-west-1:1:t'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Q)",
  ],
  [
    'QW encryptionKey alias string',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, encryptionKey: 'alias/aws/sqs' })),
    "'encryptionKey' must be a KMS key, got 'alias/aws/sqs'; pass the key: new Key(this, 'Key'), or Key.fromKeyArn(...) (Shop/Q)",
  ],
  [
    'QW fifo "true"',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, fifo: 'true' })),
    "'fifo' must be true or false, got 'true'; write it without quotes (Shop/Q)",
  ],
  [
    'QW fifo null',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, fifo: null })),
    "'fifo' must be true or false, got null; give one of them (Shop/Q)",
  ],
  [
    'QW retention -0',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, retention: Duration.seconds(-0) })),
    "'retention' must be a whole number from 60 to 1209600 seconds, got 0 seconds; choose a value in that range, or remove it (Shop/Q)",
  ],
  [
    'QW maxAttempts 5.5',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, maxAttempts: 5.5 })),
    "'maxAttempts' must be a whole number from 1 to 1000, got 5.5; choose a value in that range, or remove it (Shop/Q)",
  ],
  [
    'QW filters object',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, filters: { body: { a: ['x'] } } })),
    "'filters' must be a list, got { body: { a: ['x'] } }; write it as [{ body: { kind: ['order'] } }] (Shop/Q)",
  ],
  [
    'QW filters value not array',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, filters: [{ body: { a: 'x' } }] })),
    "'filters.0.body.a' must be a list of the values that match, at least one, got 'x'; write it as ['x'] (Shop/Q)",
  ],
  [
    'QW delay minutes 16',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, delay: Duration.minutes(16) })),
    "'delay' must be a whole number from 0 to 900 seconds, got 16 minutes; choose a value in that range, or remove it (Shop/Q)",
  ],
  [
    'QW props Promise',
    (s) => new L.QueueWorker(s, 'Q', any(Promise.resolve({ handler: H }))),
    "'props' must be an object, got a promise; write { handler: ... } (Shop/Q)",
  ],
  [
    'QW props class',
    (s) => new L.QueueWorker(s, 'Q', any(class {})),
    "'props' must be an object, got a function; write { handler: ... } (Shop/Q)",
  ],
  [
    'QW props array',
    (s) => new L.QueueWorker(s, 'Q', any([{ handler: H }])),
    "'props' must be an object, got [{ handler: 'test/aws/mistakes/handler.ts' }]; write { handler: ... } (Shop/Q)",
  ],
  [
    'QW props with own __proto__',
    (s) => new L.QueueWorker(s, 'Q', any(JSON.parse(`{"handler":"${H}","__proto__":{"x":1}}`))),
    "'__proto__' must not be given, since nothing reads it; remove it; there are 'handler', 'batch', 'maxConcurrency', 'pollers', 'maxAttempts', 'fifo', 'filters', 'queue', 'encryptionKey', 'retention', 'delay', 'maxMessageSize' and others (Shop/Q)",
  ],
  [
    'QW props constructor',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, constructor: 1 })),
    "'constructor' must not be given, since nothing reads it; remove it; there are 'handler', 'batch', 'maxConcurrency', 'pollers', 'maxAttempts', 'fifo', 'filters', 'queue', 'encryptionKey', 'retention', 'delay', 'maxMessageSize' and others (Shop/Q)",
  ],
  [
    'QW queue another app',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, queue: new sqs.Queue(new Stack(new App(), 'X'), 'Q') })),
    "'queue' must be of the same app, got 'X/Q'; make it in this app, or import it (Shop/Q)",
  ],
  [
    'QW pollers min>max',
    (s) => new L.QueueWorker(s, 'Q', any({ handler: H, pollers: { min: 9, max: 3 } })),
    "'pollers.max' must be at least 'pollers.min' (9), got 3; raise it, or lower 'pollers.min' (Shop/Q)",
  ],
  [
    'SP source = table ARN',
    (s) => new L.StreamProcessor(s, 'P', any({ handler: H, source: 'arn:aws:kinesis:eu-west-1:1:stream/x' })),
    "'source' must be a Kinesis stream, or a table, got 'arn:aws:kinesis:eu-west-1:1:stream/x'; pass the stream: Stream.fromStreamArn(this, 'Clicks', 'arn:aws:kinesis:eu-west-1:1:stream/x') (Shop/P)",
  ],
  [
    'SP source table without stream',
    (s) =>
      new L.StreamProcessor(
        s,
        'P',
        any({
          handler: H,
          source: new dynamodb.TableV2(s, 'T', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }),
        }),
      ),
    "'source' must have a stream, got 'Shop/T'; set the table's 'stream' to what the handler needs, for example NEW_AND_OLD_IMAGES (Shop/P)",
  ],
  [
    'SP tumblingWindow 20 min',
    (s) => new L.StreamProcessor(s, 'P', any({ handler: H, tumblingWindow: Duration.minutes(20) })),
    "'tumblingWindow' must be a whole number from 0 to 900 seconds, got 20 minutes; choose a value in that range, or remove it (Shop/P)",
  ],
  [
    'SP retention 12 hours',
    (s) => new L.StreamProcessor(s, 'P', any({ handler: H, retention: Duration.hours(12) })),
    "'retention' must be a whole number from 86400 to 31536000 seconds, got 12 hours; choose a value in that range, or remove it (Shop/P)",
  ],
  [
    'SP batch.parallel 11',
    (s) => new L.StreamProcessor(s, 'P', any({ handler: H, batch: { parallelization: 11 } })),
    "'batch.parallelization' must not be given, since nothing reads it; remove it; there are 'size', 'window' (Shop/P)",
  ],
  [
    'FP bucket name',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, bucket: 'my-bucket' })),
    "'bucket' must be a bucket, got 'my-bucket'; pass the bucket: new Bucket(this, 'Files'), or Bucket.fromBucketName(...) (Shop/F)",
  ],
  [
    'FP suffix without list',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, suffix: ['.csv', '.csv'] })),
    "'suffix' must not overlap: S3 refuses two of which one includes the other, got '.csv'; remove the longer one (Shop/F)",
  ],
  [
    'FP prefix wildcard',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, prefix: 'in/*' })),
    "'prefix' must not contain a wildcard, got 'in/*'; give the characters that the keys start or end with (Shop/F)",
  ],
  [
    'FP outputPrefix inside prefix',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, prefix: 'in/', outputPrefix: 'in/out/' })),
    "'outputPrefix' must not overlap 'prefix' ('in/'): the handler would trigger itself, got 'in/out/'; give the two different prefixes, 'incoming/' and 'done/', or write to another bucket (Shop/F)",
  ],
  [
    'FP on "create"',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, on: ['create'] })),
    "'on.0' must be one of 'created', 'deleted', 'version-deleted', got 'create'; did you mean 'created'? (Shop/F)",
  ],
  [
    'FP lifecycle days number',
    (s) => new L.FileProcessor(s, 'F', any({ handler: H, lifecycle: { 'in/': { expireAfter: 30 } } })),
    "'lifecycle.in/.expireAfter' must be a Duration, got 30; write Duration.days(30) (Shop/F)",
  ],
  [
    'SJ schedule unix cron',
    (s) => new L.ScheduledJob(s, 'J', any({ handler: H, schedule: '0 3 * * *' })),
    "'schedule' must be a schedule that can fire; it is not rate(...), cron(...) or at(...), got '0 3 * * *'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ timeZone CET+1',
    (s) => new L.ScheduledJob(s, 'J', any({ handler: H, schedule: 'rate(1 day)', timeZone: 'UTC+1' })),
    "'timeZone' must be the IANA name of a time zone, got 'UTC+1'; write it as 'Europe/Berlin' (Shop/J)",
  ],
  [
    'SJ input bigint',
    (s) => new L.ScheduledJob(s, 'J', any({ handler: H, schedule: 'rate(1 day)', input: { at: 5n } })),
    "'input' must be an object that can be written as JSON, got { at: 5n }; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'API routes array',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: [['GET /', H]] })),
    "'routes' must be an object with a name for each, got [['GET /', 'test/aws/mistakes/handler.ts']]; write it as { 'GET /orders': 'src/list-orders.ts' } (Shop/A)",
  ],
  [
    'API route lower case method',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'get /x': H } })),
    "'routes' must start with one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, got 'get /x'; use one of these methods, in upper case (Shop/A)",
  ],
  [
    'API route unicode',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'GET /bücher': H } })),
    "'routes' must not have the segment 'bücher' in its path, got 'GET /bücher'; a segment is text such as 'orders', or as a whole one parameter such as '{id}' or, at the end, '{proxy+}' (Shop/A)",
  ],
  [
    'API route query',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'GET /x?y=1': H } })),
    "'routes' must not have the segment 'x?y=1' in its path, got 'GET /x?y=1'; a segment is text such as 'orders', or as a whole one parameter such as '{id}' or, at the end, '{proxy+}' (Shop/A)",
  ],
  [
    'API route trailing slash',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'GET /x/': H } })),
    "'routes' must not end in a slash, got 'GET /x/'; write '/x' (Shop/A)",
  ],
  [
    'API route duplicate by param name',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'GET /x/{a}': H, 'GET /x/{b}': H } })),
    "'routes' must name the parameter {a} as in 'GET /x/{a}', not {b}, got 'GET /x/{b}'; use one name per position (Shop/A)",
  ],
  [
    'API route value undefined',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', routes: { 'GET /x': undefined } })),
    "'routes.GET /x' must be given, got nothing; give the path of the module that exports 'handler' (Shop/A)",
  ],
  [
    'API cors true',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', cors: true, routes: { 'GET /x': H } })),
    "'cors' must be an object, got true; write it as { origins: ['https://shop.example.com'] } (Shop/A)",
  ],
  [
    'API cors origin with path',
    (s) =>
      new L.ServerlessApi(
        s,
        'A',
        any({ authorizer: 'none', cors: { origins: ['https://a.example.com/app'] }, routes: { 'GET /x': H } }),
      ),
    "'cors.origins' must be '*' or a scheme and a host without a path, got 'https://a.example.com/app'; write it as a browser sends it, such as 'https://shop.example.com' (Shop/A)",
  ],
  [
    'API throttle.brst depth 2',
    (s) =>
      new L.ServerlessApi(s, 'A', any({ authorizer: 'none', throttle: { rate: 1, brst: 2 }, routes: { 'GET /x': H } })),
    "'throttle.brst' must not be given, since nothing reads it; did you mean 'burst'? (Shop/A)",
  ],
  [
    'API throttle Infinity',
    (s) =>
      new L.ServerlessApi(
        s,
        'A',
        any({ authorizer: 'none', throttle: { rate: Infinity, burst: 5 }, routes: { 'GET /x': H } }),
      ),
    "'throttle.rate' must be a number, got Infinity; give a number (Shop/A)",
  ],
  [
    'API authorizer audience string',
    (s) =>
      new L.ServerlessApi(
        s,
        'A',
        any({ authorizer: { issuer: 'https://a.example.com', audience: 'shop' }, routes: { 'GET /x': H } }),
      ),
    "'authorizer.audience' must be a list, got 'shop'; write it as ['shop'] (Shop/A)",
  ],
  [
    'API authorizer issuer space',
    (s) =>
      new L.ServerlessApi(
        s,
        'A',
        any({ authorizer: { issuer: ' https://a.example.com', audience: ['shop'] }, routes: { 'GET /x': H } }),
      ),
    "'authorizer.issuer' must start with 'https://', got ' https://a.example.com'; use the issuer's URL exactly as in the claim 'iss' of its tokens (Shop/A)",
  ],
  [
    'API domain string',
    (s) => new L.ServerlessApi(s, 'A', any({ authorizer: 'none', domain: 'api.example.com', routes: { 'GET /x': H } })),
    "'domain' must be an object, got 'api.example.com'; write it as { name: 'api.example.com', certificate } (Shop/A)",
  ],
  [
    'WR signature string',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, signature: 'stripe' })),
    "'signature' must be an object; write it as { preset: 'stripe', secret } (Shop/W)",
  ],
  [
    'WR secret string',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, signature: { preset: 'stripe', secret: 'whsec_abc' } })),
    "'signature.secret' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/W)",
  ],
  [
    'WR preset Stripe',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, signature: { preset: 'Stripe', secret: sec(s) } })),
    "'signature.preset' must be one of github, meta, paddle, shopify, slack, square, standard-webhooks, stripe, twilio, zoom, got 'Stripe'; for another sender, give 'signature.header' and what it signs (Shop/W)",
  ],
  [
    'WR headers lower dup',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, headers: ['X-A', 'x-a'], signature: { preset: 'stripe', secret: sec(s) } }),
      ),
    "'headers' must name each header only once, ignoring case, got ['X-A', 'x-a']; remove the second (Shop/W)",
  ],
  [
    'WR path without slash',
    (s) =>
      new L.WebhookReceiver(s, 'W', any({ handler: H, path: 'hook', signature: { preset: 'stripe', secret: sec(s) } })),
    "'path' must start with a slash, without parameters or a trailing slash, got 'hook'; write it as '/stripe' (Shop/W)",
  ],
  [
    'Saga steps object',
    (s) => new L.Saga(s, 'S', any({ steps: { a: { action: H } } })),
    "'steps' must be a list, got { a: { action: 'test/aws/mistakes/handler.ts' } }; write it as [{ name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' }] (Shop/S)",
  ],
  [
    'Saga steps duplicate',
    (s) =>
      new L.Saga(
        s,
        'S',
        any({
          steps: [
            { name: 'a', action: H },
            { name: 'a', action: H },
          ],
        }),
      ),
    "'steps.1.name' must be unique among the steps, ignoring case, got 'a'; choose another name (Shop/S)",
  ],
  [
    'Saga empty',
    (s) => new L.Saga(s, 'S', any({ steps: [] })),
    "'steps' must have at least one step, got []; name what the saga does (Shop/S)",
  ],
  [
    'Saga step string',
    (s) => new L.Saga(s, 'S', any({ steps: [H] })),
    "'steps.0' must be a step, { parallel: [...] }, or { each, step, maxItems }, got 'test/aws/mistakes/handler.ts'; write it as { name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' } (Shop/S)",
  ],
  [
    'Saga timeout number',
    (s) => new L.Saga(s, 'S', any({ timeout: 60, steps: [{ name: 'a', action: H }] })),
    "'timeout' must be a Duration, got 60; write Duration.seconds(60) (Shop/S)",
  ],
  [
    'Saga retry.maxAttemps depth 3',
    (s) => new L.Saga(s, 'S', any({ steps: [{ name: 'a', action: H, retry: { maxAttemps: 3 } }] })),
    "'steps.0.retry.maxAttemps' must not be given, since nothing reads it; did you mean 'maxAttempts'? (Shop/S)",
  ],
  [
    'Saga compensation on step without',
    (s) => new L.Saga(s, 'S', any({ steps: [{ name: 'a', action: H, compensate: H }] })),
    "'steps.0.compensate' must not be given, since nothing reads it; write 'compensation' (Shop/S)",
  ],
  [
    'Hub subscribe types string',
    (s) => hub(s).subscribe('X', any({ handler: H, types: 'OrderPlaced' })),
    "'types' must be a list, got 'OrderPlaced'; write it as ['OrderPlaced'] (Shop/Hub/X)",
  ],
  [
    'Hub subscribe pattern + types',
    (s) => hub(s).subscribe('X', any({ handler: H, types: ['A'], pattern: { source: ['x'] } })),
    "'pattern' must not be given, since nothing reads it; remove it; there are 'handler', 'source', 'types', 'detail', 'maxHops', 'everything', 'buffer', 'maxAttempts', 'replays', 'batch', 'maxConcurrency', 'alarmTopic' and others (Shop/Hub/X)",
  ],
  [
    'Hub publish no source',
    (s) => hub(s).publish(any({ types: ['A'] })),
    "'source' must be given, got nothing; name who publishes: 'shop.orders' (Shop/Hub)",
  ],
  [
    'Hub publish source aws.',
    (s) => hub(s).publish(any({ source: 'aws.x', types: ['A'] })),
    "'source' must not start with 'aws', which EventBridge reserves for AWS, got 'aws.x'; choose another name, such as 'shop.orders' (Shop/Hub)",
  ],
  [
    'Hub busName unicode',
    (s) => hub(s, any({ busName: 'bús' })),
    "'busName' must not be given, since nothing reads it; remove it; there are 'archive', 'events', 'maxEntrySize', 'validate', 'register', 'claimCheck', 'encryptionKey', 'alarmTopic', 'alarms' (Shop/Hub)",
  ],
  [
    'Hub archive true',
    (s) => hub(s, any({ archive: true })),
    "'archive' must be a Duration, got true; write Duration.days(30) (Shop/Hub)",
  ],
  [
    'Hub schemas array',
    (s) => hub(s, any({ schemas: [{}] })),
    "'schemas' must not be given, since nothing reads it; remove it; there are 'archive', 'events', 'maxEntrySize', 'validate', 'register', 'claimCheck', 'encryptionKey', 'alarmTopic', 'alarms' (Shop/Hub)",
  ],
  [
    'ES project no handler',
    (s) => new L.EventStore(s, 'E').project('P', any({})),
    "'handler' must be given, got nothing; give the path of the module that exports 'handler' (Shop/E/P)",
  ],
  [
    'ES project handler + eventTypes string',
    (s) => new L.EventStore(s, 'E').project('P', any({ handler: H, eventTypes: 'A' })),
    "'eventTypes' must be a list, got 'A'; write it as ['OrderPlaced'] (Shop/E/P)",
  ],
  [
    'ES publishTo bus name',
    (s) => new L.EventStore(s, 'E').publishTo(any('default'), any({})),
    "'hub' must be an EventHub, or a bus, got 'default'; pass the hub, or EventBus.fromEventBusArn(this, 'Bus', arn) (Shop/E)",
  ],
  [
    'ES personal string',
    (s) => new L.EventStore(s, 'E', any({ personal: 'email' })),
    "'personal' must be an object with a name for each, got 'email'; write it as { OrderPlaced: ['name', 'email'] } (Shop/E)",
  ],
  [
    'ET indexes dup attribute',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: 'id', sortKey: 'id' })),
    "'sortKey' must differ from 'partitionKey', got 'id'; name another attribute, or remove it (Shop/T)",
  ],
  [
    'ET partitionKey empty',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: '' })),
    "'partitionKey' must name an attribute, with 1 to 255 characters, got ''; write it as 'id', or as { name: 'id', type: AttributeType.NUMBER } (Shop/T)",
  ],
  [
    'ET timeToLive = key',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: 'id', timeToLive: 'id' })),
    "'timeToLive' must not be a key of the table, got 'id'; name an attribute of its own, such as expiresAt (Shop/T)",
  ],
  [
    'ET replicas own region',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: 'id', replicas: ['eu-west-1'] })),
    "'replicas.0' must not be the stack's region, where the table itself is, got 'eu-west-1'; remove it (Shop/T)",
  ],
  [
    'ET replicas name typo',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: 'id', replicas: ['eu-wst-1'] })),
    "'replicas.0' must be an AWS region, got 'eu-wst-1'; did you mean 'eu-west-1'? (Shop/T)",
  ],
  [
    'ET billing L2 misspelt',
    (s) => new L.EntityTable(s, 'T', any({ partitionKey: 'id', biling: 1 })),
    "'biling' must not be given, since nothing reads it; did you mean 'billing'? (Shop/T)",
  ],
  [
    'PD capacity {1, 4} strings',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgres', capacity: { min: '1', max: '4' } })),
    "'capacity.min' must be a number, got '1'; write it without quotes: 1 (Shop/D)",
  ],
  [
    'PD engine postgresql',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgresql' })),
    "'engine' must be 'postgres' or 'mysql', got 'postgresql'; did you mean 'postgres'? (Shop/D)",
  ],
  [
    'PD vpc id',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: 'vpc-1', engine: 'postgres' })),
    "'vpc' must be a VPC, got 'vpc-1'; pass the VPC: new Vpc(this, 'Network'), or Vpc.fromLookup(...) (Shop/D)",
  ],
  [
    'PD readers 16',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgres', readers: 16 })),
    "'readers' must be a whole number from 0 to 15, got 16; choose a value in that range, or remove it (Shop/D)",
  ],
  [
    'PD users.read string',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgres', users: { app: { read: 'orders' } } })),
    "'users.app.read' must be a list, got 'orders'; write it as ['orders'] (Shop/D)",
  ],
  [
    'PD users.app.raed',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgres', users: { app: { raed: ['orders'] } } })),
    "'users.app.raed' must not be given, since nothing reads it; did you mean 'read'? (Shop/D)",
  ],
  [
    'PD backupRetention 40 days',
    (s) => new L.PooledDatabase(s, 'D', any({ vpc: vpc(s), engine: 'postgres', backupRetention: Duration.days(40) })),
    "'backupRetention' must be a whole number from 86400 to 3024000 seconds, got 40 days; choose 1 to 35 days (Shop/D)",
  ],
  [
    'HD kind typo',
    (s) => new L.HttpDatabase(s, 'D', any({ kind: 'neno', url: 'https://x.example.com', secret: sec(s) })),
    "'kind' must be one of 'dsql', 'neon', 'planetscale', 'turso', 'data-api', 'upstash', got 'neno'; did you mean 'neon'? (Shop/D)",
  ],
  [
    'HD secret string',
    (s) => new L.HttpDatabase(s, 'D', any({ kind: 'neon', url: 'https://x.example.com', secret: 'x' })),
    "'secret' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/D)",
  ],
  [
    'WQ consumer ARN',
    (s) => new L.WorkQueue(s, 'W', any({ consumer: 'arn:aws:lambda:x' })),
    "'consumer' must be a function, or { timeout }, got 'arn:aws:lambda:x'; pass the function that processes the messages (Shop/W)",
  ],
  [
    'WQ visibilityTimeout 30',
    (s) => new L.WorkQueue(s, 'W', any({ visibilityTimeout: 30 })),
    "'visibilityTimeout' must be a Duration, got 30; write Duration.seconds(30) (Shop/W)",
  ],
  [
    'SF access function not called',
    (s) => {
      const t = new L.EntityTable(s, 'T', { partitionKey: 'id' });
      return new L.ServiceFunction(s, 'F', any({ entry: H, access: { TABLE: t.read } }));
    },
    "'access.TABLE' must be a capability, got a function; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'SF access promise',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, access: { TABLE: Promise.resolve(1) } })),
    "'access.TABLE' must be a capability, known when the program runs, got a promise; write 'await' before it (Shop/F)",
  ],
  [
    'SF env key unicode',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, environment: { STÄGE: 'x' } })),
    "'environment.STÄGE' must be a variable name: a letter, then letters, digits or underscores, at least two characters, got 'STÄGE'; choose another name (Shop/F)",
  ],
  [
    'SF env Map',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, environment: new Map([['A', '1']]) })),
    "'environment' must be an object with a name for each, got [object Map]; write it as { STAGE: 'prod' } (Shop/F)",
  ],
  [
    'SF env Date',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, environment: { WHEN: new Date() } })),
    "'environment.WHEN' must be a string; give it a value, or remove it (Shop/F)",
  ],
  [
    'SF warm 0',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, warm: 0 })),
    "'warm' must be a whole number, at least 1, got 0; remove it to keep nothing warm (Shop/F)",
  ],
  [
    'SF reserved -1',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, reservedConcurrency: -1 })),
    "'reservedConcurrency' must be a whole number, at least 0, got -1; give the maximum concurrent executions (Shop/F)",
  ],
  [
    'SF runtime string',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, runtime: 'nodejs22.x' })),
    "'runtime' must be a runtime, got 'nodejs22.x'; write Runtime.NODEJS_24_X (Shop/F)",
  ],
  [
    'SF architecture string',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, architecture: 'arm64' })),
    "'architecture' must be an architecture, got 'arm64'; write Architecture.ARM_64 (Shop/F)",
  ],
  [
    'SF timeout 1.5 s',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, timeout: Duration.millis(1500) })),
    "'timeout' must be whole seconds from 1 to 900, got 1 second 500 millis; shorten it, or move longer work to a state machine or a durable function (Shop/F)",
  ],
  [
    'SF role ARN',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, role: 'arn:aws:iam::1:role/x' })),
    "'role' must be a role, got 'arn:aws:iam::1:role/x'; pass the role: Role.fromRoleName(this, 'Mandated', 'name') (Shop/F)",
  ],
  [
    'SF vpc id',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, vpc: 'vpc-1' })),
    "'vpc' must be a VPC, got 'vpc-1'; pass the VPC itself (Shop/F)",
  ],
  [
    'SF layers ARN',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] })),
    "'layers.0' must be a layer, got 'arn:aws:lambda:eu-west-1:1:layer:x:1'; pass the layer itself (Shop/F)",
  ],
  [
    'SF logRetention 7',
    (s) => new L.ServiceFunction(s, 'F', any({ entry: H, logRetention: 8 })),
    "'logRetention' must be a number of days that CloudWatch Logs supports, got 8; write RetentionDays.ONE_MONTH, or another RetentionDays (Shop/F)",
  ],
  [
    'Alarms topic string',
    (s) => new L.Alarms(s, 'Al', any({ topic: 'x' })),
    "'topic' must be a topic, got 'x'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Al)",
  ],
  [
    'Alarms function ARN',
    (s) => new L.Alarms(s, 'Al').function(any('arn')),
    "'function' must be a function, got 'arn'; pass the function, such as the 'handler' of a pattern (Shop/Al)",
  ],
  [
    'Access.queue string',
    () => L.Access.queue(any('url')).send(),
    "'queue' must be a queue, got 'url'; pass the queue: new Queue(this, 'Jobs'), or Queue.fromQueueArn(this, 'Jobs', arn) (Access.queue)",
  ],
  [
    'Access.table null',
    () => L.Access.table(any(null)).read(),
    "'table' must be a construct, got nothing; pass the construct, which must be created before this line (Access.table)",
  ],
  [
    'Access.bucket undefined',
    () => L.Access.bucket(any(undefined)).read(),
    "'bucket' must be a construct, got nothing; pass the construct, which must be created before this line (Access.bucket)",
  ],
  [
    'Access.secret string',
    () => L.Access.secret(any('x')).read(),
    "'secret' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Access.secret)",
  ],
  [
    'Access.function string',
    () => L.Access.function(any('x')).invoke(),
    "'function' must be a function, got 'x'; pass the function, such as the 'handler' of a pattern (Access.function)",
  ],
])('refuses %s', (_, make, message) => {
  const stack = new Stack(new App(), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  expect(() => make(stack)).toThrow(message);
});
