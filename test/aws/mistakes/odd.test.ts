import { App, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as L from 'lintel/aws';
/** What a hostile newcomer writes: lists with holes, getters that throw, tokens for literals, L1s for L2s, values of other types. */
const H = 'test/aws/mistakes/handler.ts';
const any = (value: unknown) => value as never;
const sec = (s: Stack) => new secretsmanager.Secret(s, 'Sec');
const hub = (s: Stack, props: object = {}) => new L.EventHub(s, 'Hub', any(props));
const Q = (props: unknown) => (s: Stack) => new L.QueueWorker(s, 'Q', any(props));
const F = (props: unknown) => (s: Stack) => new L.ServiceFunction(s, 'F', any(props));
const A = (props: unknown) => (s: Stack) => new L.ServerlessApi(s, 'A', any(props));
const SG = (props: unknown) => (s: Stack) => new L.Saga(s, 'S', any(props));
const T = (props: unknown) => (s: Stack) => new L.EntityTable(s, 'T', any(props));
const J = (props: unknown) => (s: Stack) => new L.ScheduledJob(s, 'J', any(props));
const FP = (props: unknown) => (s: Stack) => new L.FileProcessor(s, 'P', any(props));
const SP = (props: unknown) => (s: Stack) => new L.StreamProcessor(s, 'P', any(props));
const AL = (props: unknown) => (s: Stack) => new L.Alarms(s, 'Al', any(props));
const thrower = (name: string, more: object = {}) =>
  Object.defineProperty({ ...more }, name, {
    enumerable: true,
    get() {
      throw new Error('boom of getter');
    },
  });
class Props {
  handler = H;
  get batch() {
    return { size: 10 };
  }
}
class SubProps extends Props {
  get maxAttempts() {
    return 3;
  }
}
const holes = (...at: unknown[]) => {
  const a = new Array(3) as unknown[];
  a[1] = at[0];
  return a;
};
const nullProto = (o: object) => Object.assign(Object.create(null) as object, o);
const cyc: Record<string, unknown> = {};
cyc.self = cyc;
const deep = (n: number): unknown => {
  let o: unknown = 1;
  for (let i = 0; i < n; i++) o = { a: o };
  return o;
};
const big = Array.from({ length: 100000 }, (_, i) => i);
const token = () => Token.asString({ Ref: 'AWS::StackName' });
const num = () => Token.asNumber({ Ref: 'X' });
const lst = () => Token.asList({ Ref: 'X' });
const stack = () =>
  new Stack(new App({ builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } }), 'Shop', {
    env: { account: '111122223333', region: 'eu-west-1' },
  });

test.each<[string, (s: Stack) => unknown, string]>([
  [
    'QW getter throws handler',
    Q(thrower('handler')),
    "'handler' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/Q)",
  ],
  [
    'QW getter throws batch',
    Q(thrower('batch', { handler: H })),
    "'batch' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/Q)",
  ],
  [
    'QW getter throws unknown',
    Q(thrower('zzz', { handler: H })),
    "'zzz' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/Q)",
  ],
  [
    'QW nested getter throws',
    Q({ handler: H, batch: thrower('size') }),
    "'batch.size' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/Q)",
  ],
  [
    'QW handler getter throws',
    Q({ handler: thrower('entry') }),
    "'handler.entry' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/Q)",
  ],
  [
    'QW null proto bad',
    Q({ handler: H, batch: nullProto({ sizes: 10 }) }),
    "'batch.sizes' must not be given, since nothing reads it; did you mean 'size'? (Shop/Q)",
  ],
  [
    'QW null proto as string',
    Q({ handler: nullProto({}) }),
    "'handler.entry' must be given, or 'code' instead, got nothing; give the path of the handler (Shop/Q)",
  ],
  [
    'QW batch null proto as topic',
    Q({ handler: H, alarmTopic: nullProto({}) }),
    "'alarmTopic' must be a topic, got {}; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Q)",
  ],
  [
    'QW Map',
    Q(new Map([['handler', H]])),
    "'handler' must be given, got nothing; give the path of the module that exports 'handler' (Shop/Q)",
  ],
  [
    'QW Symbol',
    Q({ handler: Symbol('x') }),
    "'handler' must be a path, a path with settings, or a function, got Symbol(x); write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'QW cyc',
    Q({ handler: H, batch: cyc }),
    "'batch.self' must not be given, since nothing reads it; remove it; there are 'size', 'window', 'messageSize' (Shop/Q)",
  ],
  [
    'QW cyc filters',
    Q({ handler: H, filters: [{ body: cyc }] }),
    "'filters.0.body.self' must not hold itself; write out what it is to hold (Shop/Q)",
  ],
  [
    'QW deep filters',
    Q({ handler: H, filters: [{ body: deep(5000) }] }),
    "'filters' must not be nested deeper than 200 levels; flatten it, or pass a reference to it (Shop/Q)",
  ],
  [
    'QW big handler',
    Q({ handler: big }),
    "'handler' must be a path, a path with settings, or a function, got [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, ...]; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'QW big batch',
    Q({ handler: H, batch: { size: big } }),
    "'batch.size' must be a whole number from 1 to 10000, got [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, ...]; give a number (Shop/Q)",
  ],
  [
    'QW Date invalid',
    Q({ handler: H, retention: new Date(NaN) }),
    "'retention' must be a Duration, got Invalid Date; write Duration.seconds(30) (Shop/Q)",
  ],
  [
    'QW RegExp',
    Q({ handler: /x/ }),
    "'handler' must be a path, a path with settings, or a function, got /x/; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'QW Proxy revoked',
    Q({
      handler: H,
      batch: (() => {
        const p = Proxy.revocable({}, {});
        p.revoke();
        return p.proxy;
      })(),
    }),
    "'batch' must be readable: reading it throws 'Cannot perform 'ownKeys' on a proxy that has been revoked'; give the value itself (Shop/Q)",
  ],
  [
    'QW token fifo',
    Q({ handler: H, fifo: token() }),
    "'fifo' must be true or false, got a value that is known only at deployment; give one of them (Shop/Q)",
  ],
  [
    'QW token handler',
    Q({ handler: token() }),
    "'handler' must be a path, a path with settings, or a function, known when the program runs, got a value that is known only at deployment; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'QW token filters',
    Q({ handler: H, filters: lst() }),
    "'filters' must be a list, got a value that is known only at deployment; write it as [{ body: { kind: ['order'] } }] (Shop/Q)",
  ],
  [
    'QW batch Lazy',
    Q({ handler: H, batch: Lazy.any({ produce: () => ({ size: 1 }) }) }),
    "'batch' must be an object, got a value that is known only at deployment; write it as { size: 100, window: Duration.seconds(5) } (Shop/Q)",
  ],
  [
    'QW NaN Duration',
    Q({ handler: H, retention: { toSeconds: () => NaN } }),
    "'retention' must be a Duration, got { toSeconds: a function }; write Duration.seconds(30) (Shop/Q)",
  ],
  [
    'QW filters holes',
    Q({ handler: H, filters: holes({ body: { a: ['x'] } }) }),
    "'filters.0' must be a pattern, got nothing; write it as { body: { kind: ['order'] } } (Shop/Q)\n'filters.2' must be a pattern, got nothing; write it as { body: { kind: ['order'] } } (Shop/Q)",
  ],
  [
    'QW filters null',
    Q({ handler: H, filters: [null] }),
    "'filters.0' must be a pattern, got null; write it as { body: { kind: ['order'] } } (Shop/Q)",
  ],
  [
    'QW handler String object',
    Q({ handler: new String(H) }),
    "'handler' must be a path, a path with settings, or a function, got test/aws/mistakes/handler.ts; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'QW maxAttempts Number object',
    Q({ handler: H, maxAttempts: new Number(3) }),
    "'maxAttempts' must be a whole number from 1 to 1000, got 3; give a number (Shop/Q)",
  ],
  [
    'QW maxAttempts 1e21',
    Q({ handler: H, maxAttempts: 1e21 }),
    "'maxAttempts' must be a whole number from 1 to 1000, got 1e+21; choose a value in that range, or remove it (Shop/Q)",
  ],
  [
    'QW L1 queue',
    (s) => Q({ handler: H, queue: new sqs.CfnQueue(s, 'L1') })(s),
    "'queue' must be a queue, got 'Shop/L1'; pass the queue: new Queue(this, 'Jobs'), or Queue.fromQueueArn(this, 'Jobs', arn) (Shop/Q)",
  ],
  [
    'QW L1 key',
    (s) => Q({ handler: H, encryptionKey: new kms.CfnKey(s, 'L1', {}) })(s),
    "'encryptionKey' must be a KMS key, got 'Shop/L1'; pass the key: new Key(this, 'Key'), or Key.fromKeyArn(...) (Shop/Q)",
  ],
  [
    'QW L1 topic',
    (s) => Q({ handler: H, alarmTopic: new sns.CfnTopic(s, 'L1') })(s),
    "'alarmTopic' must be a topic, got 'Shop/L1'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Q)",
  ],
  [
    'QW L1 function',
    (s) => Q({ handler: new lambda.CfnFunction(s, 'L1', { code: {}, role: 'x' }) })(s),
    "'handler' must be a path, a path with settings, or a function, got 'Shop/L1'; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/Q)",
  ],
  [
    'F env undefined',
    F({ entry: H, environment: { AA: undefined } }),
    "'environment.AA' must be a string, got nothing; give it a value, or remove it (Shop/F)",
  ],
  [
    'F env null',
    F({ entry: H, environment: { AA: null } }),
    "'environment.AA' must be a string; give it a value, or remove it (Shop/F)",
  ],
  [
    'F env number',
    F({ entry: H, environment: { AA: 1 } }),
    "'environment.AA' must be a string; give it a value, or remove it (Shop/F)",
  ],
  [
    'F env unicode name',
    F({ entry: H, environment: { Ä: 'x' } }),
    "'environment.Ä' must be a variable name: a letter, then letters, digits or underscores, at least two characters, got 'Ä'; choose another name (Shop/F)",
  ],
  [
    'F env reserved',
    F({ entry: H, environment: { AWS_REGION: 'x' } }),
    "'environment.AWS_REGION' must not be a name that Lambda reserves, got 'AWS_REGION'; choose another name (Shop/F)",
  ],
  [
    'F env huge',
    F({ entry: H, environment: { AA: 'x'.repeat(5000) } }),
    "'environment' must be at most 4096 bytes with all names and values, got '5002 bytes'; keep large settings in a parameter or an object, and pass the function its name (Shop/F)",
  ],
  [
    'F env Map',
    F({ entry: H, environment: new Map([['AA', 'x']]) }),
    "'environment' must be an object with a name for each, got [object Map]; write it as { STAGE: 'prod' } (Shop/F)",
  ],
  [
    'F env array',
    F({ entry: H, environment: ['AA=1'] }),
    "'environment' must be an object with a name for each, got ['AA=1']; write it as { STAGE: 'prod' } (Shop/F)",
  ],
  [
    'F memory string',
    F({ entry: H, memorySize: '512' }),
    "'memorySize' must be a number, got '512'; write it without quotes: 512 (Shop/F)",
  ],
  [
    'F memory Size',
    F({ entry: H, memorySize: Size.mebibytes(512) }),
    "'memorySize' must be a number, got 512 MiB; give a number (Shop/F)",
  ],
  ['F memory NaN', F({ entry: H, memorySize: NaN }), "'memorySize' must be a number, got NaN; give a number (Shop/F)"],
  [
    'F memory 10241',
    F({ entry: H, memorySize: 10241 }),
    "'memorySize' must be whole MB from 128 to 10240, got 10241; choose a size in that range (Shop/F)",
  ],
  [
    'F timeout 0',
    F({ entry: H, timeout: Duration.seconds(0) }),
    "'timeout' must be whole seconds from 1 to 900, got 0 seconds; shorten it, or move longer work to a state machine or a durable function (Shop/F)",
  ],
  [
    'F timeout millis',
    F({ entry: H, timeout: Duration.millis(1500) }),
    "'timeout' must be whole seconds from 1 to 900, got 1 second 500 millis; shorten it, or move longer work to a state machine or a durable function (Shop/F)",
  ],
  [
    'F timeout 901',
    F({ entry: H, timeout: Duration.seconds(901) }),
    "'timeout' must be whole seconds from 1 to 900, got 15 minutes 1 second; shorten it, or move longer work to a state machine or a durable function (Shop/F)",
  ],
  ['F layers null', F({ entry: H, layers: null }), "'layers' must be a list, got null; write it as [layer] (Shop/F)"],
  [
    'F layers holes',
    F({ entry: H, layers: holes() }),
    "'layers.0' must be a layer, got nothing; pass the layer itself (Shop/F)\n'layers.1' must be a layer, got nothing; pass the layer itself (Shop/F)\n'layers.2' must be a layer, got nothing; pass the layer itself (Shop/F)",
  ],
  [
    'F layers arn',
    F({ entry: H, layers: ['arn:aws:lambda:eu-west-1:1:layer:x:1'] }),
    "'layers.0' must be a layer, got 'arn:aws:lambda:eu-west-1:1:layer:x:1'; pass the layer itself (Shop/F)",
  ],
  [
    'F layers L1',
    (s) =>
      F({ entry: H, layers: [new lambda.CfnLayerVersion(s, 'Ly', { content: { s3Bucket: 'b', s3Key: 'k' } })] })(s),
    "'layers.0' must be a layer, got 'Shop/Ly'; pass the layer itself (Shop/F)",
  ],
  [
    'F logGroup L1',
    (s) => F({ entry: H, logGroup: new logs.CfnLogGroup(s, 'G', {}) })(s),
    "'logGroup' must be a log group, got 'Shop/G'; pass the log group: new LogGroup(this, 'Logs') (Shop/F)",
  ],
  [
    'F access table itself',
    (s) =>
      F({
        entry: H,
        access: {
          DB: new dynamodb.TableV2(s, 'TT', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } }),
        },
      })(s),
    "'access.DB' must be a capability, got 'Shop/TT'; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'F access method itself',
    (s) => F({ entry: H, access: { DB: new L.EntityTable(s, 'TT', { partitionKey: 'id' }).read } })(s),
    "'access.DB' must be a capability, got a function; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'F access null',
    F({ entry: H, access: { DB: null } }),
    "'access.DB' must be a capability, got null; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'F access undefined',
    F({ entry: H, access: { DB: undefined } }),
    "'access.DB' must be a capability, got nothing; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'F access array',
    (s) => F({ entry: H, access: [new L.EntityTable(s, 'TT', { partitionKey: 'id' }).read()] })(s),
    "'access' must be an object with a name for each, got ['Capability']; write it as { ORDERS: orders.read() } (Shop/F)",
  ],
  [
    'F access L1 table',
    (s) =>
      F({ entry: H, access: { DB: L.Access.table(any(new dynamodb.CfnTable(s, 'TT', { keySchema: [] }))).read() } })(s),
    "'table' must be a table of DynamoDB, got 'Shop/TT'; pass the table: new EntityTable(...), or Table.fromTableArn(this, 'Orders', arn) (Access.table)",
  ],
  [
    'F access L1 bucket',
    (s) => F({ entry: H, access: { DB: L.Access.bucket(any(new s3.CfnBucket(s, 'TT', {}))).read() } })(s),
    "'bucket' must be a bucket, got 'Shop/TT'; pass the bucket: new Bucket(this, 'Files'), or Bucket.fromBucketName(...) (Access.bucket)",
  ],
  [
    'F access L1 queue',
    (s) => F({ entry: H, access: { DB: L.Access.queue(any(new sqs.CfnQueue(s, 'TT', {}))).send() } })(s),
    "'queue' must be a queue, got 'Shop/TT'; pass the queue: new Queue(this, 'Jobs'), or Queue.fromQueueArn(this, 'Jobs', arn) (Access.queue)",
  ],
  [
    'F access L1 topic',
    (s) => F({ entry: H, access: { DB: L.Access.topic(any(new sns.CfnTopic(s, 'TT', {}))).publish() } })(s),
    "'topic' must be a topic, got 'Shop/TT'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Access.topic)",
  ],
  [
    'F access L1 fn',
    (s) =>
      F({
        entry: H,
        access: { DB: L.Access.function(any(new lambda.CfnFunction(s, 'L1', { code: {}, role: 'x' }))).invoke() },
      })(s),
    "'function' must be a function, got 'Shop/L1'; pass the function, such as the 'handler' of a pattern (Access.function)",
  ],
  [
    'F access bucket prefix num',
    (s) => F({ entry: H, access: { DB: L.Access.bucket(new s3.Bucket(s, 'BB')).read(any({ prefix: 5 })) } })(s),
    "'prefix' must be a string, got 5; write it as 'invoices/' (Shop/BB)",
  ],
  [
    'F access bucket prefix string',
    (s) => F({ entry: H, access: { DB: L.Access.bucket(new s3.Bucket(s, 'BB')).read(any('in/')) } })(s),
    "'props' must be an object, got 'in/'; write { prefix: ... } (Shop/BB)",
  ],
  [
    'F access bucket null',
    F({ entry: H, access: { DB: 'x' } }),
    "'access.DB' must be a capability, got 'x'; say what the function may do with the resource, such as 'orders.read()' or 'Access.queue(queue).send()' (Shop/F)",
  ],
  [
    'F secrets string',
    F({ entry: H, secrets: { KEY: 'arn:aws:secretsmanager:eu-west-1:1:secret:x' } }),
    "'secrets.KEY' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/F)",
  ],
  [
    'F secrets L1',
    (s) => F({ entry: H, secrets: { KEY: new secretsmanager.CfnSecret(s, 'X', {}) } })(s),
    "'secrets.KEY' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/F)",
  ],
  [
    'F description number',
    F({ entry: H, description: 4 }),
    "'description' must be a string, got 4; write it as 'Places orders' (Shop/F)",
  ],
  [
    'F functionName unicode',
    F({ entry: H, functionName: 'fünktion' }),
    "'functionName' must be 1 to 64 letters, digits, hyphens and underscores, got 'fünktion'; fix it, or leave it out, so that a replacement never clashes with the name (Shop/F)",
  ],
  [
    'F bundling esbuildArgs',
    F({ entry: H, bundling: { externalModules: 'x' } }),
    "'bundling.externalModules' must not be given, since nothing reads it; remove it; there are 'external', 'format', 'alias', 'loader', 'define', 'sdk', 'nodeModules', 'plugins', 'pluginsKey' (Shop/F)",
  ],
  [
    'F architecture string',
    F({ entry: H, architecture: 'arm64' }),
    "'architecture' must be an architecture, got 'arm64'; write Architecture.ARM_64 (Shop/F)",
  ],
  [
    'F runtime string',
    F({ entry: H, runtime: 'nodejs22.x' }),
    "'runtime' must be a runtime, got 'nodejs22.x'; write Runtime.NODEJS_24_X (Shop/F)",
  ],
  [
    'F runtime python',
    F({ entry: H, runtime: lambda.Runtime.PYTHON_3_13 }),
    "'runtime' must be a Node.js runtime with 'entry', which is bundled to JavaScript, got 'python3.13'; remove it, or pass the code as 'code' with its 'handler' (Shop/F)",
  ],
  [
    'F ephemeral number',
    F({ entry: H, ephemeralStorageSize: 1024 }),
    "'ephemeralStorageSize' must be a Size, got 1024; write Size.kibibytes(1) (Shop/F)",
  ],
  [
    'F ephemeral small',
    F({ entry: H, ephemeralStorageSize: Size.mebibytes(100) }),
    "'ephemeralStorageSize' must be whole MiB from 512 to 10240, got 100 MiB; choose a size in that range (Shop/F)",
  ],
  [
    'F reserved -1',
    F({ entry: H, reservedConcurrentExecutions: -1 }),
    "'reservedConcurrentExecutions' must not be given, since nothing reads it; write 'reservedConcurrency' (Shop/F)",
  ],
  [
    'F initialPolicy objects',
    F({ entry: H, initialPolicy: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }),
    "'initialPolicy' must not be given, since nothing reads it; use 'access', or call 'addToRolePolicy' on the function (Shop/F)",
  ],
  [
    'F events',
    F({ entry: H, events: [null] }),
    "'events.0' must be an event source, got null; pass a CDK event source (Shop/F)",
  ],
  [
    'A routes null',
    A({ authorizer: 'none', routes: null }),
    "'routes' must be given, got nothing; say what it serves, such as { 'GET /orders': 'src/list-orders.ts' } (Shop/A)",
  ],
  [
    'A routes Map',
    A({ authorizer: 'none', routes: new Map([['GET /x', H]]) }),
    "'routes' must be an object with a name for each, got [object Map]; write it as { 'GET /orders': 'src/list-orders.ts' } (Shop/A)",
  ],
  [
    'A routes empty',
    A({ authorizer: 'none', routes: {} }),
    "'routes' must have at least one route, got []; add one, such as 'GET /orders': 'src/list-orders.ts' (Shop/A)",
  ],
  [
    'A route promise',
    A({ authorizer: 'none', routes: { 'GET /x': Promise.resolve(H) } }),
    "'routes.GET /x' must be a path, a path with settings, or a function, known when the program runs, got a promise; write 'await' before it (Shop/A)",
  ],
  [
    'A route import',
    A({ authorizer: 'none', routes: { 'GET /x': () => 1 } }),
    "'routes.GET /x' must be a path, a path with settings, or a function, got a function; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/A)",
  ],
  [
    'A route array',
    A({ authorizer: 'none', routes: { 'GET /x': [H] } }),
    "'routes.GET /x' must be a path, a path with settings, or a function, got ['test/aws/mistakes/handler.ts']; write it as 'src/handler.ts', or { entry: 'src/handler.ts', timeout: Duration.seconds(30) } (Shop/A)",
  ],
  [
    'A authorizer token',
    A({ authorizer: token(), routes: { 'GET /x': H } }),
    "'authorizer' must be 'none', 'iam', { issuer, audience }, { userPool } or a function, got a value that is known only at deployment; say who may call; 'none' means anyone (Shop/A)",
  ],
  [
    'A authorizer issuer http',
    A({ authorizer: { issuer: 'http://x', audience: ['x'] }, routes: { 'GET /x': H } }),
    "'authorizer.issuer' must start with 'https://', got 'http://x'; use the issuer's URL exactly as in the claim 'iss' of its tokens (Shop/A)",
  ],
  [
    'A authorizer audience empty',
    A({ authorizer: { issuer: 'https://x.com', audience: [] }, routes: { 'GET /x': H } }),
    "'authorizer.audience' must have 1 to 50 audiences, got []; name the audiences in the claim 'aud' of its tokens (Shop/A)",
  ],
  [
    'A authorizer audience holes',
    A({ authorizer: { issuer: 'https://x.com', audience: holes('x') }, routes: { 'GET /x': H } }),
    "'authorizer.audience.0' must be a string, got nothing; write it as 'shop' (Shop/A)\n'authorizer.audience.2' must be a string, got nothing; write it as 'shop' (Shop/A)",
  ],
  [
    'A authorizer audience string',
    A({ authorizer: { issuer: 'https://x.com', audience: 'x' }, routes: { 'GET /x': H } }),
    "'authorizer.audience' must be a list, got 'x'; write it as ['shop'] (Shop/A)",
  ],
  [
    'A authorizer pool L1',
    (s) => A({ authorizer: { userPool: new cognito.CfnUserPool(s, 'UP'), clients: [] }, routes: { 'GET /x': H } })(s),
    "'authorizer.userPool' must be a user pool, got 'Shop/UP'; pass the pool: new UserPool(this, 'Users'), or UserPool.fromUserPoolId(...) (Shop/A)\n'authorizer.clients' must have 1 to 50 clients, got []; name the clients whose tokens are accepted (Shop/A)",
  ],
  [
    'A throttle NaN',
    A({ authorizer: 'none', throttle: { rate: NaN, burst: NaN }, routes: { 'GET /x': H } }),
    "'throttle.rate' must be a number, got NaN; give a number (Shop/A)\n'throttle.burst' must be a number, got NaN; give a number (Shop/A)",
  ],
  [
    'A cors empty',
    A({ authorizer: 'none', cors: { origins: [] }, routes: { 'GET /x': H } }),
    "'cors.origins' must have at least one origin, got []; name the pages' origin, such as 'https://shop.example.com' (Shop/A)",
  ],
  [
    'A domain string',
    A({ authorizer: 'none', domain: 'api.example.com', routes: { 'GET /x': H } }),
    "'domain' must be an object, got 'api.example.com'; write it as { name: 'api.example.com', certificate } (Shop/A)",
  ],
  [
    'A domain unicode',
    (s) =>
      A({
        authorizer: 'none',
        domain: { name: 'bücher.example.com', certificate: any({ certificateArn: 'x' }) },
        routes: { 'GET /x': H },
      })(s),
    "'domain.name' must be a host name in lower case, got 'bücher.example.com'; write it without scheme, port and path, such as 'api.example.com' (Shop/A)",
  ],
  [
    'A stageVariables num',
    A({ authorizer: 'none', stageVariables: { a: 1 }, routes: { 'GET /x': H } }),
    "'stageVariables.a' must be a string, got 1; write it as 'orders' (Shop/A)",
  ],
  [
    'A stageVariables unicode',
    A({ authorizer: 'none', stageVariables: { a: 'ü' }, routes: { 'GET /x': H } }),
    "'stageVariables.a' must be 1 to 512 characters allowed in a URL, got 'ü'; keep other values in the functions' environment (Shop/A)",
  ],
  [
    'A validate',
    A({ authorizer: 'none', kind: 'rest', routes: { 'GET /x': { entry: H, validate: { body: cyc } } } }),
    "'routes.GET /x.validate.body' must be a JSON Schema, got { self: { self: { self: { ... } } } }; write it as { type: 'object', required: ['sku'] } (Shop/A)",
  ],
  [
    'A validate query holes',
    A({ authorizer: 'none', kind: 'rest', routes: { 'GET /x': { entry: H, validate: { query: holes('a') } } } }),
    "'routes.GET /x.validate.query.0' must be a name without blanks, got nothing; write it as 'page' (Shop/A)\n'routes.GET /x.validate.query.2' must be a name without blanks, got nothing; write it as 'page' (Shop/A)",
  ],
  [
    'A usagePlans keys dup',
    A({ authorizer: 'none', kind: 'rest', usagePlans: { a: { keys: ['x', 'x'] } }, routes: { 'GET /x': H } }),
    "'usagePlans.a.keys' must not have a key that is already in 'a': API Gateway allows a key one plan per API, got 'x'; keep it in one of them (Shop/A)",
  ],
  [
    'A firewall L1',
    (s) => A({ authorizer: 'none', kind: 'rest', firewall: { attrArn: 'x' }, routes: { 'GET /x': H } })(s),
    "'firewall' must be an AWS WAF web ACL, or its ARN, got { attrArn: 'x' }; pass the web ACL, a 'new CfnWebACL(...)' with scope 'REGIONAL', or its ARN (Shop/A)",
  ],
  [
    'A policy object',
    A({ authorizer: 'none', kind: 'rest', policy: { Statement: [] }, routes: { 'GET /x': H } }),
    "'policy' must be a policy, got { Statement: [] }; pass a new PolicyDocument({ statements: [...] }) (Shop/A)",
  ],
  [
    'A policy empty',
    A({ authorizer: 'none', kind: 'rest', policy: new iam.PolicyDocument(), routes: { 'GET /x': H } }),
    "'policy' must allow 'execute-api:Invoke' to someone: a policy denies whatever it does not allow, got 0; add an Allow statement, or remove it (Shop/A)",
  ],
  [
    'A accessLogRetention Duration',
    A({ authorizer: 'none', accessLogRetention: Duration.days(7), routes: { 'GET /x': H } }),
    "'accessLogRetention' must be a number of days that CloudWatch Logs supports, got 7 days; write RetentionDays.ONE_MONTH, or another RetentionDays (Shop/A)",
  ],
  [
    'A accessLogRetention 8',
    A({ authorizer: 'none', accessLogRetention: 8, routes: { 'GET /x': H } }),
    "'accessLogRetention' must be a number of days that CloudWatch Logs supports, got 8; write RetentionDays.ONE_MONTH, or another RetentionDays (Shop/A)",
  ],
  ['SG steps null', SG({ steps: null }), "'steps' must be given, got nothing; name what the saga does (Shop/S)"],
  [
    'SG steps empty',
    SG({ steps: [] }),
    "'steps' must have at least one step, got []; name what the saga does (Shop/S)",
  ],
  [
    'SG steps nested arr',
    SG({ steps: [[{ name: 'a', action: H }]] }),
    "'steps.0' must be a step, { parallel: [...] }, or { each, step, maxItems }, got [{ name: 'a', action: 'test/aws/mistakes/handler.ts' }]; write it as { name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' } (Shop/S)",
  ],
  [
    'SG name token',
    SG({ steps: [{ name: token(), action: H }] }),
    "'steps.0.name' must be a string, known when the program runs, got a value that is known only at deployment; write it as 'charge' (Shop/S)",
  ],
  [
    'SG name unicode',
    SG({ steps: [{ name: 'zählen', action: H }] }),
    "'steps.0.name' must be a letter followed by at most 39 letters, digits, hyphens and underscores, got 'zählen'; choose a name such as 'charge' (Shop/S)",
  ],
  [
    'SG name proto',
    SG({ steps: [{ name: '__proto__', action: H }] }),
    "'steps.0.name' must be a letter followed by at most 39 letters, digits, hyphens and underscores, got '__proto__'; choose a name such as 'charge' (Shop/S)\n'steps.0.name' must not be the name of a property that every JavaScript object has, got '__proto__'; choose a name such as 'charge' (Shop/S)",
  ],
  [
    'SG name constructor',
    SG({ steps: [{ name: 'constructor', action: H }] }),
    "'steps.0.name' must not be the name of a property that every JavaScript object has, got 'constructor'; choose a name such as 'charge' (Shop/S)",
  ],
  [
    'SG name toString',
    SG({ steps: [{ name: 'toString', action: H, compensation: H }] }),
    "'steps.0.name' must not be the name of a property that every JavaScript object has, got 'toString'; choose a name such as 'charge' (Shop/S)",
  ],
  [
    'SG name dup',
    SG({
      steps: [
        { name: 'a', action: H },
        { name: 'a', action: H },
      ],
    }),
    "'steps.1.name' must be unique among the steps, ignoring case, got 'a'; choose another name (Shop/S)",
  ],
  [
    'SG name dup case',
    SG({
      steps: [
        { name: 'a', action: H },
        { name: 'A', action: H },
      ],
    }),
    "'steps.1.name' must be unique among the steps, ignoring case, got 'A'; choose another name (Shop/S)",
  ],
  [
    'SG parallel one',
    SG({ steps: [{ parallel: [] }] }),
    "'steps.0.parallel' must have at least two steps, got 0; write a single step without it (Shop/S)",
  ],
  [
    'SG parallel null',
    SG({ steps: [{ parallel: null }] }),
    "'steps.0.parallel' must be a list, got null; write it as [{ name: 'charge', ... }, { name: 'reserve', ... }] (Shop/S)",
  ],
  [
    'SG parallel holes',
    SG({ steps: [{ parallel: holes({ name: 'a', action: H }) }] }),
    "'steps.0.parallel.0' must be an object, got nothing; write it as { name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' } (Shop/S)\n'steps.0.parallel.2' must be an object, got nothing; write it as { name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' } (Shop/S)",
  ],
  [
    'SG timeout millis',
    SG({ timeout: Duration.millis(5), steps: [{ name: 'a', action: H }] }),
    "'timeout' must be a whole number from 1 to 31536000 seconds, got 5 millis; choose a value in that range, or remove it (Shop/S)",
  ],
  [
    'SG timeout NaN',
    SG({ steps: [{ name: 'a', action: H, timeout: NaN }] }),
    "'steps.0.timeout' must be a Duration, got NaN; write Duration.seconds(30) (Shop/S)",
  ],
  [
    'SG compensation false',
    SG({ steps: [{ name: 'a', action: H, compensation: false }] }),
    "'steps.0.compensation' must be a path, a path with settings, a function, or a Step Functions task, got false; write it as 'src/charge.ts', or { entry: 'src/charge.ts', access: { ... } } (Shop/S)",
  ],
  [
    'SG steps Set',
    SG({ steps: new Set([{ name: 'a', action: H }]) }),
    "'steps' must be a list, got [object Set]; write it as [{ name: 'charge', action: 'src/charge.ts', compensation: 'src/refund.ts' }] (Shop/S)",
  ],
  [
    'SG getter',
    SG({ steps: [thrower('name')] }),
    "'steps.0.name' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/S)",
  ],
  [
    'T pk obj bad',
    T({ partitionKey: { name: 'id' } }),
    "'partitionKey.type' must be given, got nothing; write AttributeType.NUMBER (Shop/T)",
  ],
  [
    'T pk type string long',
    T({ partitionKey: { name: 'id', type: 'string' } }),
    "'partitionKey.type' must be one of 'S', 'N', 'B', got 'string'; choose one of them (Shop/T)",
  ],
  [
    'T pk = sk',
    T({ partitionKey: 'id', sortKey: 'id' }),
    "'sortKey' must differ from 'partitionKey', got 'id'; name another attribute, or remove it (Shop/T)",
  ],
  [
    'T ttl = pk',
    T({ partitionKey: 'id', timeToLive: 'id' }),
    "'timeToLive' must not be a key of the table, got 'id'; name an attribute of its own, such as expiresAt (Shop/T)",
  ],
  [
    'T ttl true',
    T({ partitionKey: 'id', timeToLive: true }),
    "'timeToLive' must be a string, got true; write it as 'expiresAt' (Shop/T)",
  ],
  [
    'T indexes array',
    T({ partitionKey: 'id', indexes: [{ partitionKey: 'x' }] }),
    "'indexes' must be an object with a name for each, got [{ partitionKey: 'x' }]; write it as { byCustomer: 'customerId' } (Shop/T)",
  ],
  [
    'T indexes null',
    T({ partitionKey: 'id', indexes: { byX: null } }),
    "'indexes.byX' must be an attribute, or { partitionKey, sortKey, attributes }, got null; write it as 'customerId', or { partitionKey: 'customerId', sortKey: 'placedAt' } (Shop/T)",
  ],
  [
    'T indexes same type clash',
    T({ partitionKey: 'id', indexes: { byX: { partitionKey: { name: 'id', type: dynamodb.AttributeType.NUMBER } } } }),
    "'indexes.byX.partitionKey' must give 'id' the type that it has in 'partitionKey' (S), not N, got { name: 'id', type: 'N' }; an attribute has one type: agree on it, or name another (Shop/T)",
  ],
  [
    'T indexes > 20',
    T({
      partitionKey: 'id',
      indexes: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`by${i}`, { partitionKey: `a${i}` }])),
    }),
    "'indexes' must be at most 20, got 21; let one index serve several queries, or split the table (Shop/T)",
  ],
  [
    'T replicas own',
    T({ partitionKey: 'id', replicas: ['eu-west-1'] }),
    "'replicas.0' must not be the stack's region, where the table itself is, got 'eu-west-1'; remove it (Shop/T)",
  ],
  [
    'T replicas dup',
    T({ partitionKey: 'id', replicas: ['us-east-1', 'us-east-1'] }),
    "'replicas.1' must be in distinct regions, got 'us-east-1'; remove one of them (Shop/T)",
  ],
  [
    'T replicas unknown',
    T({ partitionKey: 'id', replicas: ['mars-1'] }),
    "'replicas.0' must be an AWS region, got 'mars-1'; write it as 'eu-central-1' (Shop/T)",
  ],
  [
    'T replicas holes',
    T({ partitionKey: 'id', replicas: holes('us-east-1') }),
    "'replicas.0' must be a region, or an object with one, got nothing; write 'eu-central-1', or { region: 'eu-central-1' } (Shop/T)\n'replicas.2' must be a region, or an object with one, got nothing; write 'eu-central-1', or { region: 'eu-central-1' } (Shop/T)",
  ],
  [
    'T replicas token',
    T({ partitionKey: 'id', replicas: [token()] }),
    "'replicas.0' must be a region, or an object with one, known when the program runs, got a value that is known only at deployment; write 'eu-central-1', or { region: 'eu-central-1' } (Shop/T)",
  ],
  [
    'J schedule Duration',
    J({ handler: H, schedule: Duration.days(1) }),
    "'schedule' must be a string, got 1 day; write it as text: 'rate(1440 minutes)' (Shop/J)",
  ],
  [
    'J schedule NaN',
    J({ handler: H, schedule: NaN }),
    "'schedule' must be a string, got NaN; write it as text: 'rate(1 day)' (Shop/J)",
  ],
  [
    'J schedule rate NaN',
    J({ handler: H, schedule: 'rate(NaN days)' }),
    "'schedule' must be a schedule that can fire; it is not a rate such as rate(5 minutes), got 'rate(NaN days)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'J schedule invisible',
    J({ handler: H, schedule: 'rate(1\u00a0day)' }),
    "'schedule' must be a schedule that can fire; it is not a rate such as rate(5 minutes), got 'rate(1 day)'; write it as 'rate(1 day)', 'cron(0 3 * * ? *)' or 'at(2030-01-31T08:30:00)' (Shop/J)",
  ],
  [
    'J input cyc',
    J({ handler: H, schedule: 'rate(1 day)', input: cyc }),
    "'input' must be an object that can be written as JSON, got { self: { self: { self: { ... } } } }; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'J input deep',
    J({ handler: H, schedule: 'rate(1 day)', input: deep(20000) }),
    "'input' must not be nested deeper than 200 levels; flatten it, or pass a reference to it (Shop/J)",
  ],
  [
    'J input Map',
    J({ handler: H, schedule: 'rate(1 day)', input: new Map() }),
    "'input' must be an object that can be written as JSON, got [object Map]; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'J input toJSON throws',
    J({
      handler: H,
      schedule: 'rate(1 day)',
      input: {
        toJSON() {
          throw new Error('boom');
        },
      },
    }),
    "'input' must be an object that can be written as JSON, got { toJSON: a function }; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'J input getter',
    J({ handler: H, schedule: 'rate(1 day)', input: thrower('a') }),
    "'input.a' must be readable: reading it throws 'boom of getter'; give the value itself (Shop/J)",
  ],
  [
    'J input Date',
    J({ handler: H, schedule: 'rate(1 day)', input: { at: new Date(NaN) } }),
    "'input' must be an object that can be written as JSON, got { at: Invalid Date }; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'J input NaN inside',
    J({ handler: H, schedule: 'rate(1 day)', input: { a: NaN } }),
    "'input' must be an object that can be written as JSON, got { a: NaN }; write it as { kind: 'nightly' } (Shop/J)",
  ],
  [
    'J tz offset',
    J({ handler: H, schedule: 'rate(1 day)', timeZone: '+02:00' }),
    "'timeZone' must be the IANA name of a time zone, got '+02:00'; write it as 'Europe/Berlin' (Shop/J)",
  ],
  [
    'FP prefix slash',
    FP({ handler: H, prefix: '/in/' }),
    "'prefix' must not start with a slash, which keys usually do not, got '/in/'; write it as 'in/' (Shop/P)",
  ],
  [
    'FP prefix holes',
    FP({ handler: H, prefix: holes('in/') }),
    "'prefix.0' must be a string, got nothing; write it as 'incoming/' (Shop/P)\n'prefix.2' must be a string, got nothing; write it as 'incoming/' (Shop/P)",
  ],
  [
    'FP bucket L1',
    (s) => FP({ handler: H, bucket: new s3.CfnBucket(s, 'B') })(s),
    "'bucket' must be a bucket, got 'Shop/B'; pass the bucket: new Bucket(this, 'Files'), or Bucket.fromBucketName(...) (Shop/P)\n'imported' must be 'enabled' or 'merge' for a bucket that this app does not create, got nothing; set 'enabled' if EventBridge is already on for the bucket, or 'merge' to switch it on at deployment (Shop/P)",
  ],
  [
    'FP lifecycle null',
    FP({ handler: H, lifecycle: { a: null } }),
    "'lifecycle.a' must be an object, got null; write it as { expireAfter: Duration.days(90) } (Shop/P)",
  ],
  [
    'FP lifecycle arr',
    FP({ handler: H, lifecycle: [{ expireAfter: Duration.days(1) }] }),
    "'lifecycle' must be an object with a name for each, got [{ expireAfter: 1 day }]; write it as { old: { expireAfter: Duration.days(90) } } (Shop/P)",
  ],
  [
    'FP on empty',
    FP({ handler: H, on: [] }),
    "'on' must name at least one kind of change, each only once, got []; write it as 'created', or ['created', 'deleted'] (Shop/P)",
  ],
  [
    'FP on dup',
    FP({ handler: H, on: ['created', 'created'] }),
    "'on' must name at least one kind of change, each only once, got ['created', 'created']; write it as 'created', or ['created', 'deleted'] (Shop/P)",
  ],
  [
    'SP source L1',
    (s) => SP({ handler: H, source: new kinesis.CfnStream(s, 'K') })(s),
    "'source' must be a Kinesis stream, or a table, got 'Shop/K'; pass the stream or the table itself (Shop/P)",
  ],
  [
    'SP source L1 table',
    (s) => SP({ handler: H, source: new dynamodb.CfnTable(s, 'K', { keySchema: [] }) })(s),
    "'source' must be a Kinesis stream, or a table, got 'Shop/K'; pass the stream or the table itself (Shop/P)",
  ],
  [
    'SP filters big',
    SP({ handler: H, filters: [{ data: { a: ['x'.repeat(5000)] } }] }),
    "'filters.0' must be at most 4096 characters long as JSON, got 5019; compare fewer values, or write several patterns, any of which may match (Shop/P)",
  ],
  [
    'SP filters 11',
    SP({ handler: H, filters: Array.from({ length: 11 }, () => ({ data: { a: ['x'] } })) }),
    "'filters' must be at most 5, got 11; merge patterns: a key takes a list of values (AWS raises the quota to 10 on request) (Shop/P)",
  ],
  [
    'SP maxAge NaN',
    SP({ handler: H, maxAge: Duration.seconds(1.5) }),
    "'maxAge' must be a whole number from 60 to 604800 seconds, got 1 second 500 millis; choose a value in that range, or remove it (Shop/P)",
  ],
  [
    'SP starting bad',
    SP({ handler: H, startingPosition: 'latest' }),
    "'startingPosition' must be 'TRIM_HORIZON' or 'LATEST', got 'latest'; did you mean 'LATEST'? (Shop/P)",
  ],
  [
    'hub subscribe null',
    (s) => hub(s).subscribe('Sub', any(null)),
    "'handler' must be given, got nothing; give the path of the module that exports 'handler' (Shop/Hub/Sub)\n'types' must be given, or 'source' or 'detail', or the subscription gets every event of the bus, including ones added later, got nothing; name the types it handles: ['OrderPlaced']; or set everything: true (Shop/Hub/Sub)",
  ],
  [
    'hub subscribe types holes',
    (s) => hub(s).subscribe('Sub', any({ handler: H, types: holes('a') })),
    "'types.0' must be a string, got nothing; write it as 'OrderPlaced' (Shop/Hub/Sub)\n'types.2' must be a string, got nothing; write it as 'OrderPlaced' (Shop/Hub/Sub)",
  ],
  [
    'hub subscribe types token',
    (s) => hub(s).subscribe('Sub', any({ handler: H, types: [token()] })),
    "'types.0' must be a string, known when the program runs, got a value that is known only at deployment; write it as 'OrderPlaced' (Shop/Hub/Sub)",
  ],
  [
    'hub subscribe types empty',
    (s) => hub(s).subscribe('Sub', any({ handler: H, types: [] })),
    "'types' must name at least one, got []; name one, or leave it out (Shop/Hub/Sub)",
  ],
  [
    'hub subscribe id empty',
    (s) => hub(s).subscribe('', any({ handler: H, types: ['a'] })),
    "'id' must be a string, the id of the new construct, got ''; write hub.subscribe('Billing', { ... }) (Shop/Hub)",
  ],
  [
    'hub archive NaN',
    (s) => hub(s, { archive: NaN }),
    "'archive' must be a Duration, got NaN; write Duration.days(30) (Shop/Hub)",
  ],
  [
    'hub archive Duration 0',
    (s) => hub(s, { archive: Duration.days(0) }),
    "'archive' must be a whole number of days, at least 1, got 0 days; write Duration.days(30) (Shop/Hub)",
  ],
  [
    'hub publisher source token',
    (s) => hub(s).publish(any(token())),
    "'props' must be an object, got a value that is known only at deployment; write { source: ... } (Shop/Hub)",
  ],
  [
    'hub publisher aws.',
    (s) => F({ entry: H, access: { HUB: hub(s).publish(any('aws.x')) } })(s),
    "'props' must be an object, got 'aws.x'; write { source: ... } (Shop/Hub)",
  ],
  [
    'AL topic email',
    AL({ topic: 'me@example.com' }),
    "'topic' must be a topic, got 'me@example.com'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Al)",
  ],
  ['AL null', AL(null), "'props' must be an object, got null; write { topic: ... } (Shop/Al)"],
  [
    'AL L1 topic',
    (s) => AL({ topic: new sns.CfnTopic(s, 'X') })(s),
    "'topic' must be a topic, got 'Shop/X'; pass the topic: new Topic(this, 'Pages'), or Topic.fromTopicArn(...) (Shop/Al)",
  ],
  [
    'WR secret value',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, signature: { header: 'x', secret: 'whsec_abcdefghijklmnopqrst' } }),
      ),
    "'signature.secret' must be a Secrets Manager secret, never its value; create one with 'new Secret(...)', or import it with 'Secret.fromSecretNameV2(...)' (Shop/W)",
  ],
  [
    'WR header unicode',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, signature: { header: 'ü', secret: sec(s) } })),
    "'signature.header' must be a header name, got 'ü'; write it as 'X-Signature', or name the sender in 'signature.preset' (Shop/W)",
  ],
  [
    'WR header token',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, signature: { header: token(), secret: sec(s) } })),
    "'signature.header' must be a header name, known when the program runs, got a value that is known only at deployment; write it as 'X-Signature', or name the sender in 'signature.preset' (Shop/W)",
  ],
  [
    'WR path unicode',
    (s) => new L.WebhookReceiver(s, 'W', any({ handler: H, path: '/ü', signature: { header: 'x', secret: sec(s) } })),
    "'path' must start with a slash, without parameters or a trailing slash, got '/ü'; write it as '/stripe' (Shop/W)",
  ],
  [
    'WR allowFrom bad',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, allowFrom: ['300.1.1.1/33'], signature: { header: 'x', secret: sec(s) } }),
      ),
    "'allowFrom' must be CIDR blocks, at least one, got ['300.1.1.1/33']; write them as '192.0.2.0/24' or '2001:db8::/32', or leave it out to allow any (Shop/W)",
  ],
  [
    'WR allowFrom holes',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, allowFrom: holes('192.0.2.0/24'), signature: { header: 'x', secret: sec(s) } }),
      ),
    "'allowFrom.0' must be a string, got nothing; write it as '192.0.2.0/24' (Shop/W)\n'allowFrom.2' must be a string, got nothing; write it as '192.0.2.0/24' (Shop/W)",
  ],
  [
    'WR allowFrom v6',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, allowFrom: ['2001:db8::/129'], signature: { header: 'x', secret: sec(s) } }),
      ),
    "'allowFrom' must be CIDR blocks, at least one, got ['2001:db8::/129']; write them as '192.0.2.0/24' or '2001:db8::/32', or leave it out to allow any (Shop/W)",
  ],
  [
    'WR contentTypes',
    (s) =>
      new L.WebhookReceiver(
        s,
        'W',
        any({ handler: H, contentTypes: ['json'], signature: { header: 'x', secret: sec(s) } }),
      ),
    "'contentTypes' must be media types, at least one, got ['json']; write them as 'application/json' (Shop/W)",
  ],
  [
    'ES exports null',
    (s) => new L.EventStore(s, 'E', any({ exports: null })),
    "'exports' must be a bucket, got null; pass the bucket: new Bucket(this, 'Files'), or Bucket.fromBucketName(...) (Shop/E)",
  ],
  [
    'ES project null',
    (s) => new L.EventStore(s, 'E').project('P', any(null)),
    "'props' must be an object, got null; write { handler: ... } (Shop/E/P)",
  ],
  [
    'ES project types',
    (s) => new L.EventStore(s, 'E').project('P', any({ handler: H, eventTypes: holes('a') })),
    "'eventTypes.0' must be a string, got nothing; write it as 'OrderPlaced' (Shop/E/P)\n'eventTypes.2' must be a string, got nothing; write it as 'OrderPlaced' (Shop/E/P)",
  ],
  [
    'WQ names',
    (s) => new L.WorkQueue(s, 'W', any({ queueName: 'ü' })),
    "'queueName' must be 1 to 80 letters, digits, hyphens and underscores, got 'ü'; choose another name (Shop/W)",
  ],
  [
    'WQ consumer',
    (s) => new L.WorkQueue(s, 'W', any({ consumer: H })),
    "'consumer' must be a function, or { timeout }, got 'test/aws/mistakes/handler.ts'; pass the function that processes the messages (Shop/W)",
  ],
  [
    'HD url',
    (s) => new L.HttpDatabase(s, 'D', any({ kind: 'turso', url: 'x', secret: sec(s) })),
    "'url' must begin with 'https://' or 'libsql://', and hold no user, query or fragment: it is a plain variable of the function, got 'x'; write it as 'https://orders-acme.turso.io', and keep the token in 'secret' (Shop/D)",
  ],
  [
    'HD kind',
    (s) => new L.HttpDatabase(s, 'D', any({ kind: 'constructor' })),
    "'kind' must be one of 'dsql', 'neon', 'planetscale', 'turso', 'data-api', 'upstash', got 'constructor'; choose one of them (Shop/D)",
  ],
  [
    'HD kind proto',
    (s) => new L.HttpDatabase(s, 'D', any({ kind: '__proto__' })),
    "'kind' must be one of 'dsql', 'neon', 'planetscale', 'turso', 'data-api', 'upstash', got '__proto__'; choose one of them (Shop/D)",
  ],
  [
    'PD',
    (s) => new L.PooledDatabase(s, 'D', any({ engine: 'toString', vpc: new ec2.Vpc(s, 'V') })),
    "'engine' must be 'postgres' or 'mysql', got 'toString'; choose one of them (Shop/D)",
  ],
  [
    'PD users',
    (s) =>
      new L.PooledDatabase(
        s,
        'D',
        any({
          engine: 'postgres',
          vpc: new ec2.Vpc(s, 'V'),
          migrations: { directory: 'test/aws/database/migrations' },
          users: { 'a"b': { read: ['x'] }, constructor: { read: ['x'] } },
        }),
      ),
    "'users.a\"b' must be a user name: lower-case letters, digits and underscores, not starting with a digit, got 'a\"b'; write it as 'app_user' (Shop/D)",
  ],
  [
    'PD capacity',
    (s) =>
      new L.PooledDatabase(
        s,
        'D',
        any({ engine: 'postgres', vpc: new ec2.Vpc(s, 'V'), capacity: { min: NaN, max: '8' } }),
      ),
    "'capacity.min' must be a number, got NaN; give a number (Shop/D)\n'capacity.max' must be a number, got '8'; write it without quotes: 8 (Shop/D)",
  ],
  [
    'PD dbname',
    (s) => new L.PooledDatabase(s, 'D', any({ engine: 'postgres', vpc: new ec2.Vpc(s, 'V'), databaseName: 'ü' })),
    "'databaseName' must be a letter followed by letters, digits and underscores, got 'ü'; write it as 'app' (Shop/D)",
  ],
  [
    'Defaults',
    (s) => L.Defaults.of(s).alarms(any(null)),
    "'props' must be an object, got null; write { topic: ... } (Defaults.of(Shop).alarms)",
  ],
  [
    'A cors origins token list of kind rest',
    A({ authorizer: 'none', kind: 'rest', cors: { origins: lst() }, routes: { 'GET /x': H } }),
    "'cors.origins' must be a list that is known when the program runs with kind 'rest', which compares its items, got a value that is known only at deployment; write the list; an origin in it may be known only at deployment (Shop/A)",
  ],
])('refuses %s', (_, make, message) => {
  let told = 'accepted';
  try {
    make(stack());
  } catch (error) {
    told = (error as Error).message;
  }
  expect(told).toBe(message);
});

test.each<[string, (s: Stack) => unknown]>([
  ['QW frozen', Q(Object.freeze({ handler: H, batch: Object.freeze({ size: 10 }) }))],
  ['QW class props', Q(new Props())],
  ['QW subclass props', Q(new SubProps())],
  ['QW null proto', Q(nullProto({ handler: H, batch: nullProto({ size: 10 }) }))],
  ['QW Symbol key', Q({ handler: H, [Symbol('x')]: 1 })],
  ['QW token batch size', Q({ handler: H, batch: { size: num() } })],
  ['QW token maxAttempts', Q({ handler: H, maxAttempts: num() })],
  ['QW filters token value', Q({ handler: H, filters: [{ body: { a: [token()] } }] })],
  ['QW token duration', Q({ handler: H, retention: Duration.seconds(num()) })],
  ['QW token batch.window', Q({ handler: H, batch: { window: Duration.seconds(num()) } })],
  ['F memory token', F({ entry: H, memorySize: num() })],
  ['F functionName token', F({ entry: H, functionName: token() })],
  [
    'A route frozen shared',
    A({ authorizer: 'none', routes: Object.freeze({ 'GET /x': Object.freeze({ entry: H, authorizer: 'none' }) }) }),
  ],
  ['A authorizer issuer token', A({ authorizer: { issuer: token(), audience: ['x'] }, routes: { 'GET /x': H } })],
  ['A throttle token', A({ authorizer: 'none', throttle: { rate: num(), burst: num() }, routes: { 'GET /x': H } })],
  ['A cors origins token list', A({ authorizer: 'none', cors: { origins: lst() }, routes: { 'GET /x': H } })],
  ['A cors origin token', A({ authorizer: 'none', cors: { origins: [token()] }, routes: { 'GET /x': H } })],
  ['T pk obj type str', T({ partitionKey: { name: 'id', type: 'S' } })],
  ['T pk unicode', T({ partitionKey: 'ключ' })],
  ['T pk unicode long', T({ partitionKey: 'ж'.repeat(200) })],
  ['T replicas objects', T({ partitionKey: 'id', replicas: [{ region: 'us-east-1' }] })],
  ['T tableName token', T({ partitionKey: 'id', tableName: token() })],
  ['J schedule token', J({ handler: H, schedule: token() })],
  ['J input undefined inside', J({ handler: H, schedule: 'rate(1 day)', input: { a: undefined } })],
  ['J tz token', J({ handler: H, schedule: 'rate(1 day)', timeZone: token() })],
  ['FP prefix token', FP({ handler: H, prefix: token() })],
  ['FP prefix empty', FP({ handler: H, prefix: '' })],
  ['FP prefix unicode', FP({ handler: H, prefix: 'ü/' })],
  ['SP starting', SP({ handler: H, startingPosition: 'LATEST' })],
  [
    'PD capacity token',
    (s) =>
      new L.PooledDatabase(
        s,
        'D',
        any({ engine: 'postgres', vpc: new ec2.Vpc(s, 'V'), capacity: { min: num(), max: num() } }),
      ),
  ],
])('takes %s', (_, make) => {
  const shop = stack();
  make(shop);
  expect(() => (shop.node.root as App).synth()).not.toThrow();
});
