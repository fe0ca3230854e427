import {
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
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
    "'environment.PORT' must be a string, or an object or a list of JSON, got 3000",
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
    "'authorizer' must be 'none' or { issuer, audience }, got nothing; say who may call; 'none' is everybody (it)",
  ],
  [
    EdgeBucket,
    { location: 'europe' },
    "'location' must be one of 'wnam', 'enam', 'weur', 'eeur', 'apac', 'oc', got 'europe'",
  ],
])('%p refuses the value in %j', async (Class, args, message) => {
  await expect(refusalOf(Class, args)).resolves.toContain(message);
});
