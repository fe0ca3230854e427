import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  aws_apigatewayv2_authorizers,
  aws_cognito,
  aws_dynamodb,
  aws_events,
  aws_s3,
  aws_secretsmanager,
  aws_sqs,
  Duration,
  Stack,
} from 'aws-cdk-lib';
import * as lintel from 'lintel/aws';
import { ConcurrencyBudget, EntityTable, ServiceFunction } from 'lintel/aws';

type Pattern = new (scope: Stack, id: string, props: never) => unknown;

/** Makes something as a program does that is run without a type check. */
const build = (name: string, stack: Stack, id: string, props?: object) =>
  new (lintel as unknown as Readonly<Record<string, Pattern>>)[name]!(stack, id, props as never);
const table = (stack: Stack) => new EntityTable(stack, 'T', { partitionKey: 'id' });

const start = process.cwd();
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lintel-mistakes-'));
  process.chdir(home);
  writeFileSync('ok.ts', 'export const handler = async () => ({ statusCode: 200 });');
  writeFileSync('nohandler.ts', 'export const main = async () => 1;');
  writeFileSync('missingdep.ts', "import x from 'not-installed'; export const handler = async () => x;");
  writeFileSync('tla.ts', 'const x = await Promise.resolve(1); export const handler = async () => x;');
});
afterAll(() => {
  process.chdir(start);
  rmSync(home, { recursive: true });
});

/** Mistakes of an ordinary week; what else may be written in a prop is in every-prop.test.ts. */
test.each<[string, (stack: Stack) => unknown, string]>([
  [
    'QW batch.size string "10"',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', batch: { size: '10' } }),
    "'batch.size' must be a whole number from 1 to 10000, got '10'; write it without quotes: 10 (Shop/Q)",
  ],
  [
    'QW batch.window number 5',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', batch: { size: 100, window: 5 } }),
    "'batch.window' must be a Duration, got 5; write Duration.seconds(5) (Shop/Q)",
  ],
  [
    'QW typo batch.sise',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', batch: { sise: 5 } }),
    "'batch.sise' must not be given, since nothing reads it; did you mean 'size'? (Shop/Q)",
  ],
  [
    'QW no props',
    (s) => build('QueueWorker', s, 'Q'),
    "'handler' must be given, got nothing; give the path of the module that exports 'handler' (Shop/Q)",
  ],
  [
    'QW handler missing file',
    (s) => build('QueueWorker', s, 'Q', { handler: 'nope.ts' }),
    "'handler' must be the path of a file, relative to the working directory (there is none at 'nope.ts'), got 'nope.ts'; create it, or fix the path",
  ],
  [
    'QW handler = {handler: path}',
    (s) => build('QueueWorker', s, 'Q', { handler: { handler: 'ok.ts' } }),
    "'handler.entry' must be given, or 'code' instead, got nothing; give the path of the handler (Shop/Q)",
  ],
  [
    'QW handler = "ok.handler" (SAM style)',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.handler' }),
    "'handler' must be the path of a file, relative to the working directory (there is none at 'ok.handler'), got 'ok.handler'; did you mean 'ok.ts'?",
  ],
  [
    'QW handler = entry without extension',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok' }),
    "'handler' must be the path of a file, relative to the working directory (there is none at 'ok'), got 'ok'; did you mean 'ok.ts'?",
  ],
  [
    'QW maxConcurrency 1',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', maxConcurrency: 1 }),
    "'maxConcurrency' must be a whole number from 2 to 1000, got 1; choose a value in that range, or remove it (Shop/Q)",
  ],
  [
    'QW maxConcurrency & pollers',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', maxConcurrency: 5, pollers: { min: 2, max: 4 } }),
    "'maxConcurrency' must not be given with 'pollers', whose 'max' is the cap, got 5; remove one of them (Shop/Q)",
  ],
  [
    'QW fifo: imported queue fifo mismatch',
    (s) =>
      build('QueueWorker', s, 'Q', {
        handler: 'ok.ts',
        queue: aws_sqs.Queue.fromQueueArn(s, 'I', 'arn:aws:sqs:eu-west-1:111122223333:x.fifo'),
        batch: { size: 100, window: Duration.seconds(5) },
      }),
    "'batch.size' must be at most 10 with a FIFO queue, got 100; lower it to 10, or use a standard queue (Shop/Q)",
  ],
  [
    'QW own queue w/o DLQ',
    (s) => build('QueueWorker', s, 'Q', { handler: 'ok.ts', queue: new aws_sqs.Queue(s, 'Own') }),
    "'queue' must hide a received message for at least 60 seconds: 6 x the handler's timeout (10 seconds) + the batching window (0 seconds); it hides it for 30, got 'Shop/Own'; set its 'visibilityTimeout' to Duration.seconds(60) (Shop/Q)",
  ],
  [
    'QW queue + fifo',
    (s) =>
      build('QueueWorker', s, 'Q', {
        handler: 'ok.ts',
        fifo: true,
        queue: new aws_sqs.Queue(s, 'Own', {
          visibilityTimeout: Duration.seconds(60),
          deadLetterQueue: { queue: new aws_sqs.Queue(s, 'D'), maxReceiveCount: 5 },
        }),
      }),
    "'fifo' must not be given with 'queue', which decides it, got true; remove it, or set it where 'queue' is created (Shop/Q)",
  ],
  [
    'QW queue + maxAttempts',
    (s) =>
      build('QueueWorker', s, 'Q', {
        handler: 'ok.ts',
        maxAttempts: 9,
        queue: new aws_sqs.Queue(s, 'Own', {
          visibilityTimeout: Duration.seconds(60),
          deadLetterQueue: { queue: new aws_sqs.Queue(s, 'D'), maxReceiveCount: 5 },
        }),
      }),
    "'maxAttempts' must not be given with 'queue', which decides it, got 9; remove it, or set it where 'queue' is created (Shop/Q)",
  ],
  [
    'WorkQueue name .fifo without fifo',
    (s) => build('WorkQueue', s, 'W', { queueName: 'orders.fifo' }),
    "'queueName' must not end in '.fifo' without 'fifo', got 'orders.fifo'; set 'fifo' to true, or choose another name (Shop/W)",
  ],
  [
    'WorkQueue bad name',
    (s) => build('WorkQueue', s, 'W', { queueName: 'orders queue!' }),
    "'queueName' must be 1 to 80 letters, digits, hyphens and underscores, got 'orders queue!'; choose another name (Shop/W)",
  ],
  [
    'SF memory "512"',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', memorySize: '512' }),
    "'memorySize' must be a number, got '512'; write it without quotes: 512 (Shop/F)",
  ],
  [
    'SF timeout number 30',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', timeout: 30 }),
    "'timeout' must be a Duration, got 30; write Duration.seconds(30) (Shop/F)",
  ],
  [
    'SF timeout 16 min',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', timeout: Duration.minutes(16) }),
    "'timeout' must be whole seconds from 1 to 900, got 16 minutes; shorten it, or move longer work to a state machine or a durable function (Shop/F)",
  ],
  [
    'SF no export handler',
    (s) => build('ServiceFunction', s, 'F', { entry: 'nohandler.ts' }),
    "'entry' must export 'handler', which Lambda calls, got 'nohandler.ts'; export it, or set 'handler' to one of its exports: 'index.main' (Shop/F)",
  ],
  [
    'SF handler: "main" with entry (NodejsFunction style)',
    (s) => build('ServiceFunction', s, 'F', { entry: 'nohandler.ts', handler: 'main' }),
    "'handler' must start with 'index.', the file that 'entry' is bundled to, got 'main'; write it as 'index.main' (Shop/F)",
  ],
  [
    'SF handler: "index.nope" with entry',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', handler: 'index.nope' }),
    "'entry' must export 'nope', which Lambda calls, got 'ok.ts'; export it, or set 'handler' to one of its exports: 'index.handler' (Shop/F)",
  ],
  [
    'SF missing npm dep',
    (s) => build('ServiceFunction', s, 'F', { entry: 'missingdep.ts' }),
    "'entry' must bundle without an error, got 'missingdep.ts': missingdep.ts:1:15: Could not resolve \"not-installed\"; install the package, or name it in 'bundling.external' when the runtime or a layer has it (Shop/F)",
  ],
  [
    'SF top-level await cjs',
    (s) => build('ServiceFunction', s, 'F', { entry: 'tla.ts' }),
    "'entry' must bundle without an error, got 'tla.ts': tla.ts:1:11: Top-level await is currently not supported with the \"cjs\" output format; set 'bundling' to { format: 'esm' } (Shop/F)",
  ],
  [
    'SF environment plaintext key',
    (s) =>
      build('ServiceFunction', s, 'F', { entry: 'ok.ts', environment: { STRIPE_API_KEY: 'sk_live_abcdef0123456789' } }),
    "'environment.STRIPE_API_KEY' must not be a secret in plain text (it looks like a Stripe key); keep it in Secrets Manager and name it in 'secrets' (Shop/F)",
  ],
  [
    'SF environment number',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', environment: { PORT: 3000 } }),
    "'environment.PORT' must be a string; give it a value, or remove it (Shop/F)",
  ],
  [
    'SF access & env same name',
    (s) =>
      build('ServiceFunction', s, 'F', { entry: 'ok.ts', environment: { T: 'x' }, access: { T: table(s).read() } }),
    "'environment.T' must be a variable name: a letter, then letters, digits or underscores, at least two characters, got 'T'; choose another name (Shop/F)",
  ],
  [
    'SF access = table (not capability)',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', access: { T: table(s) } }),
    "'access.T' must be a capability, got 'Shop/T'; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'SF access = array',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', access: [table(s).read()] }),
    "'access' must be an object with a name for each, got ['Capability']; write it as { ORDERS: orders.read() } (Shop/F)",
  ],
  [
    'SF access name lower with dash',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', access: { 'my-table': table(s).read() } }),
    "'access.my-table' must be a variable name: a letter, then letters, digits or underscores, at least two characters, got 'my-table'; choose another name (Shop/F)",
  ],
  [
    'SF reservedConcurrentExecutions (L2 name)',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', reservedConcurrentExecutions: 5 }),
    "'reservedConcurrentExecutions' must not be given, since nothing reads it; write 'reservedConcurrency' (Shop/F)",
  ],
  [
    'SF secrets = secret name string',
    (s) => build('ServiceFunction', s, 'F', { entry: 'ok.ts', secrets: { A: 'my-secret' } }),
    "'secrets.A' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/F)",
  ],
  [
    'SF entry absolute /other',
    (s) => build('ServiceFunction', s, 'F', { entry: '/etc/passwd-nope.ts' }),
    "'entry' must be the path of a file, relative to the working directory (there is none at '../",
  ],
  [
    'SF entry number',
    (s) => build('ServiceFunction', s, 'F', { entry: 42 }),
    "'entry' must be a string, got 42; write it as 'src/place-order.ts' (Shop/F)",
  ],
  [
    'ET no partitionKey',
    (s) => build('EntityTable', s, 'T', {}),
    "'partitionKey' must name an attribute, with 1 to 255 characters, got nothing; write it as 'id', or as { name: 'id', type: AttributeType.NUMBER } (Shop/T)",
  ],
  [
    'ET partitionKey {id:"S"}',
    (s) => build('EntityTable', s, 'T', { partitionKey: { id: 'S' } }),
    "'partitionKey.id' must not be given, since nothing reads it; remove it; there are 'name', 'type' (Shop/T)",
  ],
  [
    'ET indexes array',
    (s) => build('EntityTable', s, 'T', { partitionKey: 'id', indexes: [{ indexName: 'x', partitionKey: 'y' }] }),
    "'indexes' must be an object with a name for each, got [{ indexName: 'x', partitionKey: 'y' }]; write it as { byCustomer: 'customerId' } (Shop/T)",
  ],
  [
    'ET timeToLive true',
    (s) => build('EntityTable', s, 'T', { partitionKey: 'id', timeToLive: true }),
    "'timeToLive' must be a string, got true; write it as 'expiresAt' (Shop/T)",
  ],
  [
    'ET key type mismatch in index',
    (s) =>
      build('EntityTable', s, 'T', {
        partitionKey: 'id',
        sortKey: 'ts',
        indexes: { i: { partitionKey: { name: 'ts', type: aws_dynamodb.AttributeType.NUMBER } } },
      }),
    "'indexes.i' must be named with 3 to 255 letters, digits, underscores, dots or hyphens, got 'i'; choose another name (Shop/T)",
  ],
  [
    'ET 21 GSIs',
    (s) =>
      build('EntityTable', s, 'T', {
        partitionKey: 'id',
        indexes: Object.fromEntries(Array.from({ length: 21 }, (_, i) => ['idx' + i, 'a' + i])),
      }),
    "'indexes' must be at most 20, got 21; let one index serve several queries, or split the table (Shop/T)",
  ],
  [
    'API authorizer undefined name "jwt"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'jwt', routes: { 'GET /x': 'ok.ts' } }),
    "'authorizer' must be 'none', 'iam', { issuer, audience }, { userPool } or a function, got 'jwt'; say who may call; 'none' means anyone (Shop/A)",
  ],
  [
    'API jwt http issuer',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: { issuer: 'http://x.example', audience: ['a'] },
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'authorizer.issuer' must start with 'https://', got 'http://x.example'; use the issuer's URL exactly as in the claim 'iss' of its tokens (Shop/A)",
  ],
  [
    'API jwt audience string',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: { issuer: 'https://x.example', audience: 'a' },
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'authorizer.audience' must be a list, got 'a'; write it as ['shop'] (Shop/A)",
  ],
  [
    'API jwt audiences typo',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: { issuer: 'https://x.example', audiences: ['a'] },
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'authorizer.audiences' must not be given, since nothing reads it; did you mean 'audience'? (Shop/A)",
  ],
  [
    'API authorizer = UserPool',
    (s) =>
      build('ServerlessApi', s, 'A', { authorizer: new aws_cognito.UserPool(s, 'UP'), routes: { 'GET /x': 'ok.ts' } }),
    "'authorizer' must be 'none', 'iam', { issuer, audience }, { userPool } or a function, got 'Shop/UP'; write { userPool, clients: [client] } (Shop/A)",
  ],
  [
    'API authorizer = CDK HttpJwtAuthorizer',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: new aws_apigatewayv2_authorizers.HttpJwtAuthorizer('x', 'https://x', { jwtAudience: ['a'] }),
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'authorizer.id' must not be given, since nothing reads it; remove it; there are 'issuer', 'audience', 'scopes' (Shop/A)",
  ],
  [
    'API route value null',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /x': null } }),
    "'routes.GET /x' must be given, got nothing; give the path of the module that exports 'handler' (Shop/A)",
  ],
  [
    'API clash {id} {name}',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: 'none',
        routes: { 'GET /x/{id}': 'ok.ts', 'POST /x/{name}': 'ok.ts' },
      }),
    "'routes' must name the parameter {id} as in 'GET /x/{id}', not {name}, got 'POST /x/{name}'; use one name per position (Shop/A)",
  ],
  [
    'API kind "REST"',
    (s) => build('ServerlessApi', s, 'A', { kind: 'REST', authorizer: 'none', routes: { 'GET /x': 'ok.ts' } }),
    "'kind' must be 'http' or 'rest', got 'REST'; did you mean 'rest'? (Shop/A)",
  ],
  [
    'API cors true',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', cors: true, routes: { 'GET /x': 'ok.ts' } }),
    "'cors' must be an object, got true; write it as { origins: ['https://shop.example.com'] } (Shop/A)",
  ],
  [
    'API cors allowOrigins (L2 name)',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: 'none',
        cors: { allowOrigins: ['*'] },
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'cors.allowOrigins' must not be given, since nothing reads it; write 'origins' (Shop/A)",
  ],
  [
    'API cors trailing slash',
    (s) =>
      build('ServerlessApi', s, 'A', {
        authorizer: 'none',
        cors: { origins: ['https://x.example/'] },
        routes: { 'GET /x': 'ok.ts' },
      }),
    "'cors.origins' must be '*' or a scheme and a host without a path, got 'https://x.example/'; write it as a browser sends it, such as 'https://shop.example.com' (Shop/A)",
  ],
  [
    'API throttle rate only',
    (s) =>
      build('ServerlessApi', s, 'A', { authorizer: 'none', throttle: { rate: 100 }, routes: { 'GET /x': 'ok.ts' } }),
    "'throttle.burst' must be given, got nothing; give the requests that may arrive at once (Shop/A)",
  ],
  [
    'API domain string',
    (s) =>
      build('ServerlessApi', s, 'A', { authorizer: 'none', domain: 'api.example.com', routes: { 'GET /x': 'ok.ts' } }),
    "'domain' must be an object, got 'api.example.com'; write it as { name: 'api.example.com', certificate } (Shop/A)",
  ],
  [
    'API route with acces typo',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /x': { entry: 'ok.ts', acces: {} } } }),
    "'routes.GET /x.acces' must not be given, since nothing reads it; did you mean 'access'? (Shop/A)",
  ],
  [
    'API handler file missing: all at once',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /x': 'no1.ts', 'GET /y': 'no2.ts' } }),
    "'routes.GET /x' must be the path of a file, relative to the working directory (there is none at 'no1.ts'), got 'no1.ts'; create it, or fix the path",
  ],
  [
    'SJ schedule = Schedule.cron()',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: aws_events.Schedule.cron({ hour: '3' }) }),
    "'schedule' must be a string, got ''; write it as text: 'cron(* 3 * * ? *)' (Shop/J)",
  ],
  [
    'SJ schedule = Duration',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: Duration.days(1) }),
    "'schedule' must be a string, got 1 day; write it as text: 'rate(1440 minutes)' (Shop/J)",
  ],
  [
    'SJ timezone typo',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'rate(1 day)', timezone: 'Europe/Berlin' }),
    "'timezone' must not be given, since nothing reads it; did you mean 'timeZone'? (Shop/J)",
  ],
  [
    'SJ flexibleWindow 30s',
    (s) =>
      build('ScheduledJob', s, 'J', {
        handler: 'ok.ts',
        schedule: 'rate(1 day)',
        flexibleWindow: Duration.seconds(30),
      }),
    "'flexibleWindow' must be whole minutes from 1 to 1440, got 30 seconds; leave it out for a run that starts on time (Shop/J)",
  ],
  [
    'FP prefix "/in/"',
    (s) => build('FileProcessor', s, 'F', { handler: 'ok.ts', prefix: '/in/' }),
    "'prefix' must not start with a slash, which keys usually do not, got '/in/'; write it as 'in/' (Shop/F)",
  ],
  [
    'FP suffix with a glob',
    (s) => build('FileProcessor', s, 'F', { handler: 'ok.ts', suffix: ['.jpg', '*.png'] }),
    "'suffix' must not contain a wildcard, got '*.png'; give the characters that the keys start or end with (Shop/F)",
  ],
  [
    'FP outputPrefix overlap',
    (s) => build('FileProcessor', s, 'F', { handler: 'ok.ts', prefix: 'in/', outputPrefix: 'in/thumbs/' }),
    "'outputPrefix' must not overlap 'prefix' ('in/'): the handler would trigger itself, got 'in/thumbs/'; give the two different prefixes, 'incoming/' and 'done/', or write to another bucket (Shop/F)",
  ],
  [
    'FP imported bucket',
    (s) =>
      build('FileProcessor', s, 'F', { handler: 'ok.ts', bucket: aws_s3.Bucket.fromBucketName(s, 'B', 'my-bucket') }),
    "'imported' must be 'enabled' or 'merge' for a bucket that this app does not create, got nothing; set 'enabled' if EventBridge is already on for the bucket, or 'merge' to switch it on at deployment (Shop/F)",
  ],
  [
    'FP imported bucket via notification',
    (s) =>
      build('FileProcessor', s, 'F', {
        handler: 'ok.ts',
        via: 'notification',
        bucket: aws_s3.Bucket.fromBucketName(s, 'B', 'my-bucket'),
      }),
    "'imported' must be 'enabled' or 'merge' for a bucket that this app does not create, got nothing; set 'enabled' if EventBridge is already on for the bucket, or 'merge' to switch it on at deployment (Shop/F)",
  ],
  [
    'SP table without stream',
    (s) => build('StreamProcessor', s, 'S', { handler: 'ok.ts', source: table(s) }),
    "'source' must have a stream, got 'Shop/T'; set the table's 'stream' to what the handler needs, for example NEW_AND_OLD_IMAGES (Shop/S)",
  ],
  [
    'SP imported table w/o stream ARN',
    (s) =>
      build('StreamProcessor', s, 'S', { handler: 'ok.ts', source: aws_dynamodb.Table.fromTableName(s, 'T', 'tbl') }),
    "'source' must have a stream, got 'Shop/T'; set the table's 'stream' to what the handler needs, for example NEW_AND_OLD_IMAGES (Shop/S)",
  ],
  [
    'SP source arn string',
    (s) =>
      build('StreamProcessor', s, 'S', { handler: 'ok.ts', source: 'arn:aws:kinesis:eu-west-1:111122223333:stream/x' }),
    "'source' must be a Kinesis stream, or a table, got 'arn:aws:kinesis:eu-west-1:111122223333:stream/x'; pass the stream: Stream.fromStreamArn(this, 'Clicks', 'arn:aws:kinesis:eu-west-1:111122223333:stream/x') (Shop/S)",
  ],
  [
    'SP maxAttempts -1',
    (s) => build('StreamProcessor', s, 'S', { handler: 'ok.ts', maxAttempts: -1 }),
    "'maxAttempts' must be a whole number from 1 to 10001, got -1; choose a value in that range, or remove it (Shop/S)",
  ],
  [
    'SP filters = object',
    (s) => build('StreamProcessor', s, 'S', { handler: 'ok.ts', filters: { eventName: ['INSERT'] } }),
    "'filters' must be a list, got { eventName: ['INSERT'] }; write it as [{ body: { kind: ['order'] } }] (Shop/S)",
  ],
  [
    'SP startingPosition string lower',
    (s) => build('StreamProcessor', s, 'S', { handler: 'ok.ts', startingPosition: 'latest' }),
    "'startingPosition' must be 'TRIM_HORIZON' or 'LATEST', got 'latest'; did you mean 'LATEST'? (Shop/S)",
  ],
  [
    'SP filter scalar',
    (s) => build('StreamProcessor', s, 'S', { handler: 'ok.ts', filters: [{ eventName: 'INSERT' }] }),
    "'filters.0.eventName' must be a list of the values that match, at least one, got 'INSERT'; write it as ['INSERT'] (Shop/S)",
  ],
  [
    'WH secret plaintext string',
    (s) => build('WebhookReceiver', s, 'W', { handler: 'ok.ts', signature: { header: 'X-Sig', secret: 'abc123' } }),
    "'signature.secret' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/W)",
  ],
  [
    'WH header with space',
    (s) =>
      build('WebhookReceiver', s, 'W', {
        handler: 'ok.ts',
        signature: { header: 'X Sig', secret: new aws_secretsmanager.Secret(s, 'S') },
      }),
    "'signature.header' must be a header name, got 'X Sig'; write it as 'X-Signature', or name the sender in 'signature.preset' (Shop/W)",
  ],
  [
    'WH existing function',
    (s) =>
      build('WebhookReceiver', s, 'W', {
        handler: build('ServiceFunction', s, 'F', { entry: 'ok.ts' }),
        signature: { header: 'X-Sig', secret: new aws_secretsmanager.Secret(s, 'S') },
      }),
    "'handler' must be the path of a module that exports 'handler', because the signature is checked around it, got 'Shop/F'; give its path, or set 'verify' to 'before-queue' (Shop/W)",
  ],
  [
    'WH throttle rate only',
    (s) =>
      build('WebhookReceiver', s, 'W', {
        handler: 'ok.ts',
        throttle: { rate: 5 },
        signature: { header: 'X-Sig', secret: new aws_secretsmanager.Secret(s, 'S') },
      }),
    "'throttle.burst' must be given, got nothing; give the requests that may arrive at once (Shop/W)",
  ],
  [
    'CB new ConcurrencyBudget(...)',
    (s) => build('ConcurrencyBudget', s, 'B', { accountLimit: 1000 }),
    "'accountLimit' must be a whole number, at least 10, got 'B'; give the account's concurrent executions in the region, as Lambda's console shows them (Shop)",
  ],
  [
    'CB place key typo',
    (s) => {
      ConcurrencyBudget.of(s, { accountLimit: { 'eu-west-1': 1000 } });
      build('ServiceFunction', s, 'F', { entry: 'ok.ts', reservedConcurrency: 950 });
    },
    "'accountLimit.eu-west-1' must be keyed by account and region, got 'eu-west-1'; write it as '111122223333/eu-west-1' (App)",
  ],
  [
    'SJ: alias as handler',
    (s) => {
      const { live } = new ServiceFunction(s, 'F', { entry: 'ok.ts', warm: 1 });
      build('ScheduledJob', s, 'Q', { handler: live, schedule: 'rate(1 day)' });
    },
    "'handler' must be a path, a path with settings, or a function, got 'Shop/F/Live'; pass the function itself; one with 'warm' is invoked through its alias (Shop/Q)",
  ],
  [
    'API route "get /x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'get /x': 'ok.ts' } }),
    "'routes' must start with one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, got 'get /x'; use one of these methods, in upper case (Shop/A)",
  ],
  [
    'API route "/x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { '/x': 'ok.ts' } }),
    "'routes' must be 'METHOD /path', got '/x'; write a method, one blank and a path, such as 'GET /orders' (Shop/A)",
  ],
  [
    'API route "GET x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET x': 'ok.ts' } }),
    "'routes' must be 'METHOD /path', got 'GET x'; write a method, one blank and a path, such as 'GET /orders' (Shop/A)",
  ],
  [
    'API route "GET  /x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET  /x': 'ok.ts' } }),
    "'routes' must be 'METHOD /path', got 'GET  /x'; write a method, one blank and a path, such as 'GET /orders' (Shop/A)",
  ],
  [
    'API route "GET /x/"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /x/': 'ok.ts' } }),
    "'routes' must not end in a slash, got 'GET /x/'; write '/x' (Shop/A)",
  ],
  [
    'API route "GET /:id"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /:id': 'ok.ts' } }),
    "'routes' must not have the segment ':id' in its path, got 'GET /:id'; write '{id}' (Shop/A)",
  ],
  [
    'API route "GET /{id}/.."',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /{id}/..': 'ok.ts' } }),
    "'routes' must not have the segment '..', which no client sends, got 'GET /{id}/..'; write the path itself (Shop/A)",
  ],
  [
    'API route "GET,POST /x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET,POST /x': 'ok.ts' } }),
    "'routes' must start with one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, got 'GET,POST /x'; use one of these methods, in upper case (Shop/A)",
  ],
  [
    'API route "GET /x?y=1"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /x?y=1': 'ok.ts' } }),
    "'routes' must not have the segment 'x?y=1' in its path, got 'GET /x?y=1'; a segment is text such as 'orders', or as a whole one parameter such as '{id}' or, at the end, '{proxy+}' (Shop/A)",
  ],
  [
    'API route "GET /a b"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /a b': 'ok.ts' } }),
    "'routes' must be 'METHOD /path', got 'GET /a b'; write a method, one blank and a path, such as 'GET /orders' (Shop/A)",
  ],
  [
    'API route "POST: /x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'POST: /x': 'ok.ts' } }),
    "'routes' must start with one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, ANY, got 'POST: /x'; use one of these methods, in upper case (Shop/A)",
  ],
  [
    'API route "GET /{proxy+}/x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /{proxy+}/x': 'ok.ts' } }),
    "'routes' must not continue after a greedy parameter, got 'GET /{proxy+}/x'; move '{proxy+}' to the end, or drop its '+' (Shop/A)",
  ],
  [
    'API route ""',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { '': 'ok.ts' } }),
    "'routes' must be 'METHOD /path', got ''; write a method, one blank and a path, such as 'GET /orders' (Shop/A)",
  ],
  [
    'API route "GET /{id}-x"',
    (s) => build('ServerlessApi', s, 'A', { authorizer: 'none', routes: { 'GET /{id}-x': 'ok.ts' } }),
    "'routes' must not have the segment '{id}-x' in its path, got 'GET /{id}-x'; a segment is text such as 'orders', or as a whole one parameter such as '{id}' or, at the end, '{proxy+}' (Shop/A)",
  ],
  [
    'SJ schedule 0 3 * * *',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: '0 3 * * *' }),
    "'schedule' must be a schedule that can fire; it is not rate(...), cron(...) or at(...), got '0 3 * * *'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule cron(0 3 * * *)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'cron(0 3 * * *)' }),
    "'schedule' must be a schedule that can fire; it must have ? in exactly one of its day fields, got 'cron(0 3 * * *)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule cron(0 3 * * * *)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'cron(0 3 * * * *)' }),
    "'schedule' must be a schedule that can fire; it must have ? in exactly one of its day fields, got 'cron(0 3 * * * *)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule every 5 minutes',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'every 5 minutes' }),
    "'schedule' must be a schedule that can fire; it is not rate(...), cron(...) or at(...), got 'every 5 minutes'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule rate(0 minutes)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'rate(0 minutes)' }),
    "'schedule' must be a schedule that can fire; it never fires: its rate is 0, got 'rate(0 minutes)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule cron(0 25 * * ? *)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'cron(0 25 * * ? *)' }),
    "'schedule' must be a schedule that can fire; it has '25' for its hour, which takes 0 to 23, got 'cron(0 25 * * ? *)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule at(2030-01-31)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'at(2030-01-31)' }),
    "'schedule' must be a schedule that can fire; it is not a time such as at(2030-01-31T08:30:00), got 'at(2030-01-31)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule rate(1 minute)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'rate(1 minute)' }),
    "'schedule' must leave 130 seconds between two runs, so that a late or repeated one ends before the next starts (10 of the handler's timeout, 0 of the flexible window, 120 to start and retry it), got 'rate(1 minute)'; run it less often, set 'overlap: true' if concurrent runs are harmless, or 'reservedConcurrency: 1' on the handler (Shop/J)",
  ],
  [
    'SJ schedule @daily',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: '@daily' }),
    "'schedule' must be a schedule that can fire; it is not rate(...), cron(...) or at(...), got '@daily'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'SJ schedule cron(0 3 30 2 ? *)',
    (s) => build('ScheduledJob', s, 'J', { handler: 'ok.ts', schedule: 'cron(0 3 30 2 ? *)' }),
    "'schedule' must be a schedule that can fire; it names a day that its months do not have, and never fires, got 'cron(0 3 30 2 ? *)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'WH handler no export',
    (s) =>
      build('WebhookReceiver', s, 'W', {
        handler: 'nohandler.ts',
        signature: { header: 'X-Sig', secret: new aws_secretsmanager.Secret(s, 'S') },
      }),
    "'handler.entry' must export 'handler', which Lambda calls, got 'nohandler.ts'; export it: export const handler = async (event) => { ... } (Shop/W)",
  ],
])('refuses %s', (_, make, message) => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  expect(() => make(stack)).toThrow(message);
});
