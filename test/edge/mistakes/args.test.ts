import {
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
  EdgeHub,
  EdgePool,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeSite,
  EdgeStore,
  EdgeVectors,
  EdgeWorkflow,
  ScopedToken,
} from 'lintel/edge';
import { refusal } from '../../patterns/edge/support';

type Loose = Record<string, unknown>;
type Component = new (name: string, args: never) => unknown;

const handler = 'test/patterns/edge/workers/api.ts';
const refusalOf = async (Class: Component, args: Loose): Promise<string> =>
  (await refusal(() => void new Class('it', args as never))).join('\n');
const unread = (prop: string, remedy: string) => `'${prop}' must not be given, since nothing reads it; ${remedy} (it)`;

test.each<[Component, Loose, string]>([
  [EdgeApi, { handler, acces: {} }, unread('acces', "did you mean 'access'?")],
  [EdgeApi, { handler, vars: { A: 'b' } }, unread('vars', "write 'environment'")],
  [EdgeApi, { handler, domain: { name: 'a.example.com', zoneId: 'z' } }, unread('domain.name', "write 'hostname'")],
  [
    EdgeGateway,
    { origin: 'https://a.example.com', authoriser: 'none' },
    unread('authoriser', "did you mean 'authorizer'?"),
  ],
  [
    EdgeGateway,
    { origin: 'https://a.example.com', authorizer: 'none', rateLimit: { limits: 5 } },
    unread('rateLimit.limits', "did you mean 'limit'?"),
  ],
  [
    EdgeQueueWorker,
    { handler, maxRetries: 3 },
    unread('maxRetries', "write 'maxAttempts', which counts the first attempt too"),
  ],
  [
    EdgeQueueWorker,
    { handler, batch: { maxWaitTimeMs: 5000 } },
    unread('batch.maxWaitTimeMs', "write 'window', in seconds"),
  ],
  [
    EdgeRoom,
    { handler, className: 'A', migrations: [{ tag: 'v1', newClasses: ['A'] }] },
    unread('migrations.0.newClasses', "write 'newSqliteClasses': classes without SQLite can no longer be created"),
  ],
  [EdgeDatabase, { migration: 'x' }, unread('migration', "did you mean 'migrations'?")],
  [EdgeStore, { titel: 'x' }, unread('titel', "did you mean 'title'?")],
  [
    EdgeBucket,
    { lifecycle: { a: { expireAftr: 3 } } },
    unread('lifecycle.a.expireAftr', "did you mean 'expireAfter'?"),
  ],
  [EdgeSite, { files: 'dist', notfound: 'none' }, unread('notfound', "did you mean 'notFound'?")],
  [EdgeVectors, { preset: '@cf/baai/bge-m3' }, unread('preset', "write 'model'")],
  [ScopedToken, { policies: [] }, unread('policies', "write 'access', or 'permissions'")],
])('%p refuses the name in %j', async (Class, args, message) => {
  await expect(refusalOf(Class, args)).resolves.toContain(message);
});

test.each<[Component, Loose, string]>([
  [EdgeApi, {}, "'handler' must be given, got nothing; give the path of the Worker's module (it)"],
  [
    EdgeApi,
    { handler, environment: { PORT: 3000 } },
    "'environment.PORT' must be a string, or a JSON object or list, got 3000",
  ],
  [
    EdgeApi,
    { handler, access: { DB: 'shop' } },
    "'access.DB' must be a capability, got 'shop'; say what may be done: 'db.readWrite()', 'store.read()' (it)",
  ],
  [EdgeApi, { handler, cpuTime: '50' }, "'cpuTime' must be a number, got '50'; write it without quotes: 50 (it)"],
  [
    EdgeCron,
    { handler, schedule: 5 },
    "'schedule' must be a cron expression, or a list of them, got 5; write it as '0 3 * * *' (it)",
  ],
  [
    EdgeQueueWorker,
    { handler, batch: 10 },
    "'batch' must be an object, got 10; write it as { size: 100, window: 10 } (it)",
  ],
  [
    EdgeWorkflow,
    { handler },
    "'className' must be given, got nothing; name the class that the module exports: 'OrderFlow' (it)",
  ],
  [
    EdgePool,
    { origin: { host: 'h', database: 'd', user: 'u', password: 5 } },
    "'origin.password' must be a string; take it from the configuration",
  ],
  [
    EdgeGateway,
    { origin: 'https://a.example.com' },
    "'authorizer' must be 'none' or { issuer, audience }, got nothing; say who may call; 'none' means anyone (it)",
  ],
  [
    EdgePool,
    { origin: 'postgres://u:hunter2@db.example.com/shop' },
    "'origin' must be an object; write it as { host, database, user, password } (it)",
  ],
  [
    EdgePool,
    { poolName: ['postgres://u:hunter2@db.example.com/shop'] },
    "'poolName' must be a string, got [a connection string with a password]; write it as 'shop' (it)",
  ],
  [EdgeApi, { handler, secrets: ['hunter2'] }, "'secrets' must be an object with a name for each; write it as"],
  [EdgeApi, { handler, secrets: { KEY: ['hunter2'] } }, "'secrets.KEY' must be a string; write it as"],
  [
    EdgeApi,
    { handler, environment: { STRIPE_KEY: 'sk_live_abcdef0123456789abcdef' } },
    "'environment.STRIPE_KEY' must not hold secrets",
  ],
  [
    EdgeGateway,
    {
      origin: 'https://a.example.com',
      authorizer: 'none',
      headers: { set: { 'X-Frame-Options': 'deny' }, remove: ['x-frame-options'] },
    },
    "'headers.remove' must not hold a header that 'headers.set' sets, got 'x-frame-options'; remove it from one of the two",
  ],
  [
    EdgeGateway,
    { origin: 'https://a.example.com', authorizer: 'none', headers: { set: { 'frame options': 'deny' } } },
    "'headers.set.frame options' must be the name of a header, without spaces, got 'frame options'",
  ],
  [
    EdgeBucket,
    { location: 'europe' },
    "'location' must be one of 'wnam', 'enam', 'weur', 'eeur', 'apac', 'oc', got 'europe'",
  ],
])('%p refuses the value in %j', async (Class, args, message) => {
  const refused = await refusalOf(Class, args);
  expect(refused).toContain(message);
  expect(refused).not.toContain('hunter2');
});

const made = {
  api: () => new EdgeApi('api', { handler: 'test/patterns/edge/workers/empty.ts' }),
  database: () => new EdgeDatabase('db', {}),
  hub: () => new EdgeHub('hub'),
};
type Method = (...args: unknown[]) => unknown;
const call = (it: object, method: string, ...args: unknown[]) => (it as Record<string, Method>)[method]!(...args);

test.each<[string, () => unknown, string]>([
  [
    'api.call(name)',
    () => call(made.api(), 'call', 'Admin'),
    "'props' must be an object, got 'Admin'; write { entrypoint: ... } (api)",
  ],
  [
    'api.call, a misspelt entrypoint',
    () => call(made.api(), 'call', { entrypont: 'Admin' }),
    "did you mean 'entrypoint'? (api)",
  ],
  [
    'db.read, a misspelt consistency',
    () => call(made.database(), 'read', { consistncy: 'session' }),
    "did you mean 'consistency'? (db)",
  ],
  [
    'hub.publish(source)',
    () => call(made.hub(), 'publish', 'shop.orders'),
    "'props' must be an object, got 'shop.orders'; write { source: ... } (hub)",
  ],
  [
    'hub.subscribe without a name',
    () => call(made.hub(), 'subscribe', { types: ['A'], handler }),
    "'id' must be a string, got { types: ['A'], handler: ",
  ],
  [
    'hub.forwardTo()',
    () => call(made.hub(), 'forwardTo'),
    "'id' must be a string, got nothing; write it before the arguments: hub.forwardTo('billing', { ... }) (hub)",
  ],
  ['hub.acceptFrom()', () => call(made.hub(), 'acceptFrom'), "'id' must be a string, got nothing"],
  [
    'a component without a name',
    () => new EdgeApi({ handler } as never, undefined as never),
    "'name' must be a string, got { handler: ",
  ],
  [
    'a token for nothing',
    () => new ScopedToken('ci', undefined as never),
    "'access' or 'permissions' must name what the token may do",
  ],
])('refuses %s', async (_, make, message) => {
  expect((await refusal(() => void make())).join('\n')).toContain(message);
});
