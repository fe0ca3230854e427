import * as E from 'lintel/edge';
import { synthesize } from 'lintel/pulumi';

/** What a newcomer writes without a type check: other types, other units, other names, one level too deep or too high. */
const any = (value: unknown) => value as never;
const h = 'test/patterns/edge/workers/empty.ts';
const config = { 'cloudflare:accountId': 'a'.repeat(32) };

test.each<[string, () => unknown, string]>([
  [
    'api no args',
    () => new E.EdgeApi('api', any(undefined)),
    "'handler' must be given, got nothing; give the path of the Worker's module (api)",
  ],
  [
    'api args null',
    () => new E.EdgeApi('api', any(null)),
    "'props' must be an object, got null; write { accountId: ... } (api)",
  ],
  [
    'api args promise',
    () => new E.EdgeApi('api', any(Promise.resolve({ handler: h }))),
    "'props' must be an object, got a promise; write { accountId: ... } (api)",
  ],
  [
    'api args array',
    () => new E.EdgeApi('api', any([h])),
    "'props' must be an object, got ['test/patterns/edge/workers/empty.ts']; write { accountId: ... } (api)",
  ],
  [
    'api handler of Lambda',
    () => new E.EdgeApi('api', any({ handler: 'test/aws/mistakes/handler.ts' })),
    "'handler' must have a default export, got 'test/aws/mistakes/handler.ts'; export it there; the module exports 'handler' (api)",
  ],
  [
    'api handler of Vercel',
    () => new E.EdgeApi('api', any({ handler: 'test/edge/mistakes/exports/function.ts' })),
    "'handler' must have 'fetch' in its default export: nothing else is called, got 'test/edge/mistakes/exports/function.ts'; write 'export default { fetch(...) { ... } }'; there is nothing (api)",
  ],
  [
    'workflow class of a room',
    () => new E.EdgeWorkflow('flow', any({ handler: 'test/patterns/edge/workers/classes.ts', className: 'ChatRoom' })),
    "'className' must be a class that extends 'WorkflowEntrypoint', got 'ChatRoom'; write 'class ... extends WorkflowEntrypoint', from 'cloudflare:workers' (flow)",
  ],
  [
    'api cpuTime "50"',
    () => new E.EdgeApi('api', any({ handler: h, cpuTime: '50' })),
    "'cpuTime' must be a number, got '50'; write it without quotes: 50 (api)",
  ],
  [
    'api cpuTime Infinity',
    () => new E.EdgeApi('api', any({ handler: h, cpuTime: Infinity })),
    "'cpuTime' must be a number, got Infinity; give a number (api)",
  ],
  [
    'api cpuTim',
    () => new E.EdgeApi('api', any({ handler: h, cpuTim: 50 })),
    "'cpuTim' must not be given, since nothing reads it; did you mean 'cpuTime'? (api)",
  ],
  [
    'api compat future',
    () => new E.EdgeApi('api', any({ handler: h, compatibilityDate: '2031-01-01' })),
    "'compatibilityDate' must not be in the future: Cloudflare accepts up to ",
  ],
  [
    'api compat old',
    () => new E.EdgeApi('api', any({ handler: h, compatibilityDate: '2019-01-01' })),
    "'compatibilityDate' must be a date as YYYY-MM-DD, 2021-11-02 or later, got '2019-01-01'; leave it out for 2026-04-21 (api)",
  ],
  [
    'api flags string',
    () => new E.EdgeApi('api', any({ handler: h, compatibilityFlags: 'nodejs_compat' })),
    "'compatibilityFlags' must be a list, got 'nodejs_compat'; write it as ['nodejs_compat'] (api)",
  ],
  [
    'api access store itself',
    () => new E.EdgeApi('api', any({ handler: h, access: { CACHE: new E.EdgeStore('s') } })),
    "'access.CACHE' must be a capability, got 'EdgeStore'; say what may be done: 'db.readWrite()', 'store.read()' (api)",
  ],
  [
    'api access method',
    () => new E.EdgeApi('api', any({ handler: h, access: { CACHE: new E.EdgeStore('s').read } })),
    "'access.CACHE' must be a capability, got a function; say what may be done: 'db.readWrite()', 'store.read()' (api)",
  ],
  [
    'api access array',
    () => new E.EdgeApi('api', any({ handler: h, access: [new E.EdgeStore('s').read()] })),
    "'access' must be an object with a name for each, got [{ binding: { type: 'kv_namespace', namespaceId: an Output of Pulumi }, permissions: [{ ... }] }]; write it as { DB: db.readWrite() } (api)",
  ],
  [
    'api access name dash',
    () => new E.EdgeApi('api', any({ handler: h, access: { 'my-cache': new E.EdgeStore('s').read() } })),
    "'access.my-cache' must be a JavaScript identifier that 'access', 'environment' and 'secrets' use only once, got 'my-cache'; rename it (api)",
  ],
  [
    'api env number',
    () => new E.EdgeApi('api', any({ handler: h, environment: { A: 5 } })),
    "'environment.A' must be a string, or a JSON object or list, got 5; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api env cyclic',
    () => {
      const a: Record<string, unknown> = {};
      a.a = a;
      return new E.EdgeApi('api', any({ handler: h, environment: { A: a } }));
    },
    "'environment.A' must be a string, or a JSON object or list, got { a: { a: { a: { ... } } } }; write it as 'prod', or { perMinute: 100 }; write a lone number or boolean as text: '100' (api)",
  ],
  [
    'api secrets number',
    () => new E.EdgeApi('api', any({ handler: h, secrets: { A: 5 } })),
    "'secrets.A' must be a string; write it as 'config.requireSecret(\"key\")' (api)",
  ],
  [
    'api secret plain in env',
    () => new E.EdgeApi('api', any({ handler: h, environment: { STRIPE_API_KEY: 'sk_live_abcdef0123456789' } })),
    "'environment.STRIPE_API_KEY' must not hold secrets: anyone who can view the Worker in the dashboard can read them, got 'STRIPE_API_KEY'; put the secret in 'secrets' (api)",
  ],
  [
    'api routes string',
    () => new E.EdgeApi('api', any({ handler: h, routes: 'example.com/*' })),
    "'routes' must be a list, got 'example.com/*'; write it as [{ pattern: 'example.com/api/*', zoneId }] (api)",
  ],
  [
    'api domains string',
    () => new E.EdgeApi('api', any({ handler: h, domains: 'api.example.com' })),
    "'domains' must not be given, since nothing reads it; did you mean 'domain'? (api)",
  ],
  [
    'queue batch 10',
    () => new E.EdgeQueueWorker('q', any({ handler: h, batch: 10 })),
    "'batch' must be an object, got 10; write it as { size: 100, window: 10 } (q)",
  ],
  [
    'queue batch.size 200',
    () => new E.EdgeQueueWorker('q', any({ handler: h, batch: { size: 200 } })),
    "'batch.size' must be a whole number from 1 to 100, got 200; set at most 100; more messages come in the next batch (q)",
  ],
  [
    'queue batch.window 120',
    () => new E.EdgeQueueWorker('q', any({ handler: h, batch: { window: 120 } })),
    "'batch.window' must be from 0 to 60 seconds, got 120; give it in seconds (q)",
  ],
  [
    'queue batch.sise',
    () => new E.EdgeQueueWorker('q', any({ handler: h, batch: { sise: 5 } })),
    "'batch.sise' must not be given, since nothing reads it; did you mean 'size'? (q)",
  ],
  [
    'queue maxAttempts 0',
    () => new E.EdgeQueueWorker('q', any({ handler: h, maxAttempts: 0 })),
    "'maxAttempts' must be a whole number from 1 to 101, got 0; lower it; the dead-letter queue keeps what still fails (q)",
  ],
  [
    'queue retryDelay -0.5',
    () => new E.EdgeQueueWorker('q', any({ handler: h, retryDelay: -0.5 })),
    "'retryDelay' must be a whole number of seconds from 0 to 86400, got -0.5; give it in seconds (q)",
  ],
  [
    'cron schedule six fields',
    () => new E.EdgeCron('c', any({ handler: h, schedule: '0 3 * * ? *' })),
    "'schedule' has 6 fields instead of 5: minute, hour, day of month, month, day of week, got '0 3 * * ? *'; write '0 3 * * *', for instance, daily at 03:00 UTC; Sunday is 1 (c)",
  ],
  [
    'cron schedules array',
    () => new E.EdgeCron('c', any({ handler: h, schedules: [] })),
    "'schedules' must not be given, since nothing reads it; did you mean 'schedule'? (c)",
  ],
  [
    'cron rate()',
    () => new E.EdgeCron('c', any({ handler: h, schedules: ['rate(1 day)'] })),
    "'schedules' must not be given, since nothing reads it; did you mean 'schedule'? (c)",
  ],
  [
    'db name empty',
    () => new E.EdgeDatabase('d', any({ databaseName: '' })),
    "'databaseName' must be letters, digits, dashes and underscores, the first a letter or a digit, got ''; write it as 'shop' (d)",
  ],
  [
    'db migrations array',
    () => new E.EdgeDatabase('d', any({ migrations: ['a.sql'] })),
    "'migrations' must be a string, got ['a.sql']; write it as 'migrations' (d)",
  ],
  [
    'db migrations missing',
    () => new E.EdgeDatabase('d', any({ migrations: 'nowhere' })),
    "'migrations' must be a directory with SQL files, got 'nowhere'; create nowhere/0001_first.sql (d)",
  ],
  [
    'db location upper',
    () => new E.EdgeDatabase('d', any({ locationHint: 'WEUR' })),
    "'locationHint' must not be given, since nothing reads it; write 'location' (d)",
  ],
  [
    'bucket lifecycle Duration number text',
    () => new E.EdgeBucket('b', any({ lifecycle: { logs: { expireAfter: '30' } } })),
    "'lifecycle.logs.expireAfter' must be a number, got '30'; write it without quotes: 30 (b)",
  ],
  [
    'bucket lifecycle array',
    () => new E.EdgeBucket('b', any({ lifecycle: [{ prefix: 'x' }] })),
    "'lifecycle' must be an object with a name for each, got [{ prefix: 'x' }]; write it as { temporary: { prefix: 'tmp/', expireAfter: 7 } } (b)",
  ],
  [
    'bucket cors true',
    () => new E.EdgeBucket('b', any({ cors: true })),
    "'cors' must not be given, since nothing reads it; remove it; there are 'accountId', 'lifecycle', 'notifications', 'location', 'jurisdiction', 'bucketName' (b)",
  ],
  [
    'store title number',
    () => new E.EdgeStore('s', any({ title: 5 })),
    "'title' must be a string, got 5; write it as 'cache' (s)",
  ],
  [
    'pool origin string',
    () => new E.EdgePool('p', any({ origin: 'postgres://u:p@h/db' })),
    "'origin' must be an object; write it as { host, database, user, password } (p)",
  ],
  [
    'pool origin port text',
    () =>
      new E.EdgePool(
        'p',
        any({ origin: { host: 'db.example.com', port: '5432', database: 'd', user: 'u', password: 'p' } }),
      ),
    "'origin.port' must be a number, got '5432'; write it without quotes: 5432 (p)",
  ],
  [
    'pool cache -1',
    () =>
      new E.EdgePool(
        'p',
        any({ cache: -1, origin: { host: 'db.example.com', database: 'd', user: 'u', password: 'p' } }),
      ),
    "'cache' must be a whole number of seconds from 1 to 3600, got -1; set 'false' for no cache (p)",
  ],
  [
    'site directory missing',
    () => new E.EdgeSite('s', any({ directory: 'nowhere' })),
    "'directory' must not be given, since nothing reads it; write 'files' (s)",
  ],
  [
    'site directory file',
    () => new E.EdgeSite('s', any({ directory: 'package.json' })),
    "'directory' must not be given, since nothing reads it; write 'files' (s)",
  ],
  [
    'gateway limit string',
    () => new E.EdgeGateway('g', any({ origin: 'https://a.example.com', rateLimit: { limit: '5' } })),
    "'rateLimit.limit' must be a number, got '5'; write it without quotes: 5 (g)",
  ],
  [
    'hub subscribe types string',
    () => new E.EdgeHub('h').subscribe('x', any({ handler: h, types: 'A' })),
    "'types' must be a list, got 'A'; write it as ['OrderPlaced'] (h-x)",
  ],
  [
    'hub publish no source',
    () => new E.EdgeHub('h').publish(any({ types: ['A'] })),
    "'source' must be given, got nothing; name who publishes: 'shop.orders' (h)",
  ],
  [
    'room class missing',
    () => new E.EdgeRoom('r', any({ handler: h })),
    "'className' must be given, got nothing; name the class that the module exports: 'ChatRoom' (r)",
  ],
  [
    'workflow steps',
    () => new E.EdgeWorkflow('w', any({ handler: h, maxSteps: 1e9 })),
    "'className' must be given, got nothing; name the class that the module exports: 'OrderFlow' (w)",
  ],
  [
    'vectors dimensions text',
    () => new E.EdgeVectors('v', any({ dimensions: '768', metric: 'cosine' })),
    "'dimensions' must be a number, got '768'; write it without quotes: 768 (v)",
  ],
  [
    'vectors metric',
    () => new E.EdgeVectors('v', any({ dimensions: 768, metric: 'cos' })),
    "'metric' must be one of 'cosine', 'euclidean', 'dot-product', got 'cos'; choose one of them (v)",
  ],
  [
    'ai gateway limit',
    () => new E.EdgeAi('a', any({ gateway: { limits: 5 } })),
    "'gateway.limits' must not be given, since nothing reads it; remove it; there are 'cache', 'logs', 'rateLimit', 'gatewayName' (a)",
  ],
  [
    'tail handler',
    () => new E.EdgeTail('t', any({})),
    "'handler' must be given, got nothing; give the path of the Worker's module (t)",
  ],
  [
    'token nothing',
    () => new E.ScopedToken('t', any({})),
    "'access' or 'permissions' must name what the token may do, got nothing; set 'access: [db.read()]', for instance (t)",
  ],
  [
    'token access db',
    () => new E.ScopedToken('t', any({ access: [new E.EdgeDatabase('d')] })),
    "'access.0' must be a capability, got 'EdgeDatabase'; say what may be done: 'db.readWrite()', 'store.read()' (t)",
  ],
  [
    'token address',
    () => new E.ScopedToken('t', any({ permissions: ['D1 Read'], allowedAddresses: '1.2.3.4' })),
    "'allowedAddresses' must be a list, got '1.2.3.4'; write it as ['192.0.2.0/24'] (t)",
  ],
  [
    'http db url secret',
    () => new E.EdgeHttpDatabase('d', any({ kind: 'turso', url: 'libsql://x?authToken=abc', secret: 'x' })),
    "'url' must begin with 'https://' or 'libsql://', and hold no user, query or fragment: it is a plain variable of the function; write it as 'https://orders-acme.turso.io', and keep the token in 'secret' (d)",
  ],
  [
    'workerName upper',
    () => new E.EdgeApi('api', any({ handler: h, workerName: 'MyApi' })),
    "'workerName' must not be given, since nothing reads it; remove it; there are 'accountId', 'logs', 'traces', 'tail', 'handler', 'modules', 'access', 'environment', 'secrets', 'cpuTime', 'compatibilityDate', 'compatibilityFlags' and others (api)",
  ],
  [
    'Duration for seconds',
    () =>
      new E.EdgeQueueWorker(
        'q',
        any({ handler: h, batch: { window: { toSeconds: () => 5, toMilliseconds: () => 5 } } }),
      ),
    "'batch.window' must be a number, got { toSeconds: a function, toMilliseconds: a function }; give a number (q)",
  ],
])('refuses %s', async (_, make, message) => {
  await expect(synthesize(make, { project: 'shop', stack: 'test', config })).rejects.toThrow(message);
});
