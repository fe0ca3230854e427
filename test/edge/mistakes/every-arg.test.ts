import * as pulumi from '@pulumi/pulumi';
import {
  EdgeAi,
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
  EdgeHttpDatabase,
  EdgeHub,
  EdgePool,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeSite,
  EdgeStore,
  EdgeTail,
  EdgeVectors,
  EdgeWorkflow,
  ScopedToken,
} from 'lintel/edge';
import { synthesize } from 'lintel/pulumi';
import { WRONG_VALUES } from '../../wrong-values';

type Loose = Readonly<Record<string, unknown>>;
type Component = new (name: string, args: never) => unknown;

/** A component with what it needs, and a good value for each argument. */
interface Sample {
  readonly Class: Component;
  readonly base: Loose;
  readonly args: () => Loose;
}

/** What every Worker takes, which one sample shows for all. */
type Shared = Exclude<keyof ReturnType<typeof worker>, 'handler'> | keyof typeof routes;

/** A sample that has every argument: one that is new does not compile until it is here. */
function sample<A extends object>(
  Class: new (name: string, args: A) => unknown,
  base: A,
  args: () => { readonly [K in Exclude<keyof Required<A>, Shared>]: NonNullable<A[K]> },
): Sample {
  return { Class: Class as Component, base: base as Loose, args: args as Sample['args'] };
}

const workers = 'test/patterns/edge/workers';
const handler = `${workers}/empty.ts`;
const classes = `${workers}/classes.ts`;
const accountId = 'a'.repeat(32);
const zoneId = 'b'.repeat(32);
const worker = () => ({
  accountId,
  handler,
  access: { CACHE: new EdgeStore('cache').readWrite() },
  environment: { STAGE: 'prod' },
  secrets: { KEY: 'hunter2' },
  cpuTime: 50,
  compatibilityDate: '2026-10-01',
  compatibilityFlags: ['nodejs_compat'],
  previewUrls: true,
  logs: { to: ['honeycomb'], keep: false, sample: 0.1, logpush: true },
  traces: { to: ['honeycomb'], keep: true, sample: 0.1 },
  tail: new EdgeTail('events', { handler: `${workers}/nothing.ts` }),
  scriptName: 'api',
});
const routes = {
  domain: { hostname: 'api.example.com', zoneId },
  routes: [{ pattern: 'example.com/api/*', zoneId }],
  workersDev: true,
};

const SAMPLES: Readonly<Record<string, Sample>> = {
  EdgeAi: sample(EdgeAi, { models: { ANSWER: '@cf/meta/llama-3.2-3b-instruct' } }, () => ({
    accountId,
    models: { EMBEDDING: '@cf/baai/bge-m3', ANSWER: '@cf/meta/llama-3.2-3b-instruct' },
    gateway: { cache: 300, logs: true, rateLimit: { limit: 100, period: 60 }, gatewayName: 'models' },
  })),
  EdgeApi: sample(EdgeApi, { handler }, () => ({
    ...worker(),
    ...routes,
    placement: { region: 'aws:eu-central-1' },
    schedule: ['0 3 * * *'],
    deploy: { percentage: 10 },
    consumes: { jobs: { maxAttempts: 3, batch: { size: 10 }, binding: 'JOBS' } },
  })),
  EdgeBucket: sample(EdgeBucket, {}, () => ({
    accountId,
    lifecycle: { temporary: { prefix: 'tmp/', expireAfter: 7, infrequentAccessAfter: 30 } },
    notifications: { uploads: { queue: new EdgeQueueWorker('w', { handler }).queue, on: ['create'], suffix: '.csv' } },
    location: 'weur',
    jurisdiction: 'eu',
    bucketName: 'files',
  })),
  EdgeCron: sample(EdgeCron, { handler, schedule: '0 3 * * *' }, () => ({ handler, schedule: '0 3 * * *' })),
  EdgeDatabase: sample(EdgeDatabase, {}, () => ({
    accountId,
    migrations: 'test/patterns/edge/migrations',
    seeds: 'test/patterns/edge/seeds',
    restorePoint: true,
    location: 'weur',
    jurisdiction: 'eu',
    readReplicas: true,
    databaseName: 'shop',
  })),
  EdgeGateway: sample(EdgeGateway, { origin: 'https://a.example.com', authorizer: 'none' }, () => ({
    origin: 'https://a.example.com',
    authorizer: { issuer: 'https://l.example.com', audience: ['shop'], jwksUri: 'https://l.example.com/keys' },
    cors: { origins: ['https://shop.example.com'] },
    public: ['/health'],
    experiments: { checkout: { a: { share: 50 }, b: { share: 50, origin: 'https://b.example.com' } } },
    flags: { search: 10 },
    geo: { block: ['XX'], allow: ['DE'], origins: { EU: 'https://eu.example.com' } },
    headers: { set: { 'x-frame-options': 'deny' }, remove: ['server'] },
    rateLimit: { limit: 100, period: 60 },
    cache: { '/catalog/*': 60 },
  })),
  EdgeHttpDatabase: sample(
    EdgeHttpDatabase,
    { kind: 'turso' as const, secret: 'token', url: 'https://orders.turso.io' },
    () => ({ kind: 'turso' as const, secret: 'hunter2', url: 'libsql://orders.turso.io' }),
  ),
  EdgeHub: sample(EdgeHub, {}, () => ({ accountId, retryDelay: 300 })),
  EdgePool: sample(EdgePool, { origin: { host: 'h.example.com', database: 'd', user: 'u', password: 'p' } }, () => ({
    accountId,
    origin: {
      host: 'h.example.com',
      database: 'd',
      user: 'u',
      password: 'hunter2',
      port: 5432,
      scheme: 'postgres',
      tunnelId: 'f70ff985',
      serviceId: '0191dce4',
      accessClientId: 'id.access',
      accessClientSecret: 'hunter2',
    },
    tls: { mode: 'verify-full', caCertificateId: '00000000', clientCertificateId: '00000000' },
    cache: 60,
    maxConnections: 20,
    poolName: 'shop',
  })),
  EdgeQueueWorker: sample(EdgeQueueWorker, { handler }, () => ({
    handler,
    batch: { size: 10, window: 5 },
    maxAttempts: 5,
    retryDelay: 30,
    maxConcurrency: 5,
    queue: new EdgeQueueWorker('own', { handler }).queue,
    queueName: 'ingest',
  })),
  EdgeRoom: sample(EdgeRoom, { handler: classes, className: 'ChatRoom' }, () => ({
    handler: classes,
    className: 'ChatRoom',
    migrations: [{ tag: 'v1', newSqliteClasses: ['ChatRoom'] }],
    adopt: 'v1',
  })),
  EdgeSite: sample(EdgeSite, { files: 'test/patterns/edge/site' }, () => ({
    handler,
    files: 'test/patterns/edge/site',
    build: { command: 'exit 0', output: 'test/patterns/edge/site', directory: '.' },
    notFound: '404-page',
    htmlHandling: 'none',
    immutable: ['/notes.txt'],
    handlerFirst: ['/api/*'],
    aliases: ['shop.example.com', { hostname: 'shop.example.org', zoneId }],
    redirectFrom: ['www.example.com'],
  })),
  EdgeTail: sample(EdgeTail, { handler: `${workers}/nothing.ts` }, () => ({ handler: `${workers}/nothing.ts` })),
  EdgeStore: sample(EdgeStore, {}, () => ({ accountId, title: 'cache' })),
  EdgeVectors: sample(EdgeVectors, { model: '@cf/baai/bge-m3' }, () => ({
    accountId,
    model: '@cf/baai/bge-m3',
    dimensions: 1024,
    metric: 'cosine',
    metadata: { tenant: 'string' },
    adopt: true,
    indexName: 'docs',
  })),
  EdgeWorkflow: sample(EdgeWorkflow, { handler: classes, className: 'OrderFlow' }, () => ({
    handler: classes,
    className: 'OrderFlow',
    maxSteps: 100,
    maxConcurrency: 5,
    workflowName: 'order',
  })),
  ScopedToken: sample(ScopedToken, { permissions: ['D1 Read'] }, () => ({
    accountId,
    access: [new EdgeStore('cache').read()],
    permissions: ['D1 Read'],
    allowedAddresses: ['192.0.2.0/24'],
    expiresOn: '2027-01-31T00:00:00Z',
    tokenName: 'ci',
  })),
};

/** What people write in place of something else. */
const WRONG: Readonly<Record<string, () => unknown>> = {
  ...WRONG_VALUES,
  'an Output': () => pulumi.output('some text'),
};

/** The paths of a value that somebody writes himself, and so may get wrong. */
function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  const written = Array.isArray(value) || Object.getPrototypeOf(value ?? 0) === Object.prototype;
  // A capability is made by a component.
  if (!written || 'binding' in (value as object)) return [path];
  return [path, ...Object.entries(value as object).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], wrong: unknown): unknown {
  if (name === undefined) return wrong;
  const inner = replaced((value as Loose)[name], rest, wrong);
  if (!Array.isArray(value)) return { ...(value as Loose), [name]: inner };
  return value.map((one: unknown, index) => (String(index) === name ? inner : one));
}

/** What a value of the same type is called above: nothing says that it is wrong. */
function alike(value: unknown): readonly string[] {
  if (Array.isArray(value)) return ['an empty list'];
  const names = { number: ['a number'], string: ['some text', 'a number in quotes'], boolean: ['a switch'] };
  return names[typeof value as keyof typeof names] ?? ['an empty object'];
}

/** Text is free. */
const TEXT = /two lines/;

/** What else is right, by the argument's name, and why. */
const RIGHT: readonly (readonly [arg: RegExp, values: RegExp, reason: string])[] = [
  [/^(environment|headers\.set)\./, /an empty text/, 'a variable and a header may be empty'],
  [/^environment\./, /^an empty (list|object)$/, 'a variable may be JSON'],
  [/^deploy\.percentage$/, /a fraction/, 'a part of a percent is a part'],
  [/^(authorizer\.audience\.0|permissions\.0|(logs|traces)\.to\.0|secrets\.KEY)$/, TEXT, 'others gave it its name'],
  [/^(migrations\.0\.tag|poolName|title|tokenName)$/, TEXT, 'people read it'],
  [/^(environment\.STAGE|notifications\.uploads\.suffix)$/, /two lines/, 'it may say anything'],
  [/^origin$/, /promise|Output/, 'the address of a gateway may come later'],
  [/^tail$/, /an empty list/, 'then nobody is told'],
  [/\.(prefix|suffix)$/, /an empty text/, 'empty, it says what absent says'],
  [/^batch\.window$/, /a fraction/, 'a second and a half is a time'],
  [/^flags\./, /a fraction/, 'a part of a percent is a part'],
];

/** What Pulumi may give later, as the types say: names, addresses, ids and secrets. */
const LATER = [
  /^(accountId|domain\.(hostname|zoneId)|routes\.0\.zoneId|aliases\.1\.(hostname|zoneId)|environment\.STAGE|secrets\.KEY)$/,
  /^(scriptName|bucketName|databaseName|queueName|indexName|workflowName|poolName|tokenName|title|expiresOn|url|secret)$/,
  /^(gateway\.gatewayName|placement\.host|authorizer\.(issuer|jwksUri|audience\.0)|geo\.origins\.EU)$/,
  /^(experiments\.\w+\.\w+\.origin|tls\.\w+Id|origin\.(?!scheme)\w+)$/,
];
const LATE = ['a promise', 'an Output'];
const isLate = (arg: string, what: string) => LATE.includes(what) && LATER.some((args) => args.test(arg));

const isRight = (arg: string, what: string) => RIGHT.some(([name, values]) => name.test(arg) && values.test(what));

/** Says which argument, as it was written, and of which component. */
const isOurs = (error: Error, arg: string) => {
  const [first] = arg.split('.');
  const lines = error.message.split('\n').filter((line) => line.startsWith("'"));
  return (
    lines.length > 0 &&
    lines.every((line) => /^'[^']+' .+; .+ \(it\d*\)$/.test(line)) &&
    lines.some((line) => line.includes(`'${first}`)) &&
    !error.message.includes('hunter2')
  );
};

async function untold({ Class, base, args }: Sample): Promise<string[]> {
  const found: string[] = [];
  const program = async () => {
    const good = args();
    let index = 0;
    for (const [name, value] of Object.entries(good)) {
      for (const path of pathsOf(value, [name])) {
        const arg = path.join('.');
        for (const [what, wrong] of Object.entries(WRONG)) {
          try {
            new Class(`it${index++}`, { ...base, [name]: replaced(value, path.slice(1), wrong()) } as never);
            const own = path.slice(1).reduce<unknown>((one, key) => (one as Loose)[key], value);
            const right = alike(own).includes(what) || isRight(arg, what) || isLate(arg, what);
            if (!right) found.push(`${arg}: accepts ${what}`);
          } catch (error) {
            const late = isLate(arg, what) && String(error).includes('known when the program runs');
            if (late) found.push(`${arg}: does not take ${what}`);
            const refused = pulumi.InputPropertiesError.isInstance(error);
            if (!refused || !isOurs(error as Error, arg)) found.push(`${arg}: ${what} is told of as ${String(error)}`);
          }
        }
      }
    }
  };
  await synthesize(program, { project: 'shop', stack: 'test', config: { 'cloudflare:accountId': accountId } }).catch(
    (error: Error) => found.push(error.message.slice(0, 500)),
  );
  return found;
}

test.each(Object.entries(SAMPLES))(
  'refuses a wrong value of every argument of %s, in the words of its user',
  async (_, it) => {
    expect(await untold(it)).toEqual([]);
  },
  60_000,
);
