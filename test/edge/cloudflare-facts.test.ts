import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  EdgeAi,
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeGateway,
  EdgeHttpDatabase,
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
import type { GraphResource } from '../../lib/core/model/graph';
import { EDGE } from '../../lib/rules/lookups/edge-types';
import { graphOf, handler } from '../patterns/edge/support';
import { base } from '../rules/rules/edge/templates';

interface Inputs {
  readonly [name: string]: Inputs | 1;
}

/** What the provider declares: written by scripts/cloudflare-facts.ts. */
const facts = JSON.parse(readFileSync(path.join(__dirname, 'cloudflare-facts.json'), 'utf8')) as {
  readonly version: string;
  readonly types: Readonly<Record<string, { readonly inputs: Inputs; readonly outputs: readonly string[] }>>;
};

/** Inputs of resources that their provider does not have, and how many it has. */
function strangers(resources: readonly GraphResource[]) {
  const found: string[] = [];
  let known = 0;
  const visit = (value: unknown, declared: Inputs | 1 | undefined, place: string): void => {
    if (declared === undefined) found.push(place);
    else known += 1;
    if (typeof declared !== 'object' || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((one) => visit(one, declared, place));
    const names = Object.keys(value);
    // A map with names of the program's: each value is what is declared.
    const isMap = names.some((name) => !Object.hasOwn(declared, name)) && /\.(files|envVars)$/.test(place);
    for (const name of names) {
      visit((value as Record<string, unknown>)[name], isMap ? declared : declared[name], `${place}.${name}`);
    }
  };
  for (const { type, inputs } of resources) {
    if (!type.startsWith('cloudflare:')) continue;
    const { inputs: declared } = facts.types[type] ?? {};
    for (const [name, value] of Object.entries(inputs))
      visit(value, declared?.[name], `${type.split(':').at(-1)}.${name}`);
  }
  return { found: [...new Set(found)], known };
}

/** Every component, with what makes it write inputs. */
function everything(): void {
  const zone = { zoneId: 'zone' };
  const classes = 'test/patterns/edge/workers/classes.ts';
  const db = new EdgeDatabase('db', {
    location: 'weur',
    readReplicas: true,
    migrations: 'test/patterns/edge/migrations',
  });
  const cache = new EdgeStore('cache');
  const origin = { host: 'db.example.com', database: 'd', user: 'u', password: 'p', port: 5432 };
  const certificates = { caCertificateId: 'ca', clientCertificateId: 'own' };
  const pool = new EdgePool('pool', {
    origin,
    tls: { mode: 'verify-full', ...certificates },
    cache: 60,
    maxConnections: 10,
  });
  new EdgePool('private', { origin: { ...origin, host: '10.0.0.5', tunnelId: 'tunnel' }, tls: { mode: 'unverified' } });
  new EdgePool('named', { origin: { ...origin, host: 'db', tunnelId: 'tunnel' } });
  const token = { accessClientId: 'id', accessClientSecret: 'token' };
  new EdgePool('protected', { origin: { ...origin, ...token, port: undefined } });
  const ingest = new EdgeQueueWorker('ingest', {
    handler,
    batch: { size: 5, window: 1 },
    maxConcurrency: 2,
    retryDelay: 5,
  });
  new EdgeDatabase('here', { jurisdiction: 'eu' });
  const files = new EdgeBucket('files', {
    jurisdiction: 'eu',
    notifications: { new: { queue: ingest.queue, prefix: 'a/', suffix: '.png' } },
  });
  const flow = new EdgeWorkflow('flow', { handler: classes, className: 'OrderFlow', maxSteps: 10, maxConcurrency: 5 });
  const room = new EdgeRoom('room', { handler: classes, className: 'ChatRoom' });
  new EdgeCron('cron', { handler, schedule: '0 3 * * *' });
  const gateway = { cache: 300, logs: true, rateLimit: { limit: 1, period: 60 } };
  const ai = new EdgeAi('ai', { models: { EMBEDDING: '@cf/baai/bge-m3' }, gateway });
  const docs = new EdgeVectors('docs', { model: ai.models.EMBEDDING });
  const api = new EdgeApi('api', {
    handler: 'test/patterns/edge/workers/shop.ts',
    cpuTime: 100,
    placement: { region: 'aws:eu-central-1' },
    schedule: '0 3 * * *',
    tail: new EdgeTail('events', { handler: 'test/patterns/edge/workers/nothing.ts' }),
    logs: { to: ['honeycomb'], keep: false, logpush: true },
    traces: { to: ['honeycomb'], sample: 0.1 },
    consumes: { jobs: { binding: 'OWN_JOBS' } },
    environment: { STAGE: 'test', LIMITS: { perMinute: 100 } },
    secrets: { KEY: 'x' },
    access: {
      DB: db.readWrite(),
      CACHE: cache.read(),
      POOL: pool.connect(),
      ORDERS: new EdgeHttpDatabase('orders', { kind: 'neon', secret: 'postgres://u:p@h.neon.tech/d' }).connect(),
      JOBS: ingest.send(),
      FILES: files.readWrite(),
      FLOW: flow.start(),
      ROOM: room.connect(),
      AI: ai.run(),
      DOCS: docs.readWrite(),
    },
    domain: { hostname: 'api.example.com', ...zone },
    routes: [{ pattern: 'example.com/api/*', ...zone }],
  });
  new EdgeApi('gradual', { handler, deploy: { percentage: 10 }, placement: 'smart', cpuTime: 50 });
  new EdgeGateway('gate', {
    origin: api.call({ entrypoint: 'Admin' }),
    authorizer: 'none',
    rateLimit: { limit: 10, perAddress: 20 },
  });
  new EdgeSite('site', {
    files: 'test/patterns/edge/site',
    handler,
    handlerFirst: ['/api/*'],
    htmlHandling: 'none',
    immutable: ['/notes.txt'],
    domain: { hostname: 'example.com', ...zone },
    aliases: ['shop.example.com'],
    redirectFrom: ['www.example.com'],
  });
  new ScopedToken('ci', {
    access: [db.read(), files.read()],
    allowedAddresses: ['192.0.2.0/24'],
    expiresOn: '2027-01-31T00:00:00Z',
  });
}

test('the facts are of the version of the provider that is installed', () => {
  const { version } = JSON.parse(readFileSync('node_modules/@pulumi/cloudflare/package.json', 'utf8')) as typeof facts;
  expect(`${version}: npx tsx scripts/cloudflare-facts.ts`).toBe(
    `${facts.version}: npx tsx scripts/cloudflare-facts.ts`,
  );
});

test('components write inputs that the provider has, and no others', async () => {
  const { resources } = await graphOf(everything);
  const { found, known } = strangers(resources);
  expect(found).toEqual([]);
  expect(known).toBeGreaterThan(200);
});

test('rules are tried on resources that the provider has', () => {
  expect(strangers(Object.values(base)).found).toEqual([]);
  const gone = Object.values(EDGE)
    .flat()
    .filter((type) => !facts.types[type]);
  // A name of version 5, in programs that have not moved on.
  expect(gone).toEqual(['cloudflare:index/workerRoute:WorkerRoute']);
});

test('the local run reads fields of bindings, consumers and assets that the provider has', () => {
  const inputsOf = (type: string) => facts.types[`cloudflare:index/${type}`]!.inputs as Record<string, Inputs>;
  const { bindings, assets, files, cacheOptions } = inputsOf('workersScript:WorkersScript');
  expect(Object.keys(bindings!)).toEqual(
    expect.arrayContaining(
      'name type text json indexName databaseId id namespaceId bucketName queueName className scriptName workflowName service entrypoint simple dataset destinationAddress allowedDestinationAddresses allowedSenderAddresses pipeline stream'.split(
        ' ',
      ),
    ),
  );
  expect(Object.keys(assets!.config!)).toEqual(
    expect.arrayContaining(['headers', 'redirects', 'htmlHandling', 'notFoundHandling', 'runWorkerFirst']),
  );
  expect(Object.keys(files!)).toEqual(expect.arrayContaining(['contentFile', 'contentBase64', 'contentType']));
  expect(Object.keys(cacheOptions!)).toContain('enabled');
  expect(Object.keys(inputsOf('queueConsumer:QueueConsumer').settings!)).toEqual(
    expect.arrayContaining(['batchSize', 'maxWaitTimeMs', 'maxRetries', 'retryDelay']),
  );
  expect(Object.keys(inputsOf('queue:Queue').settings!)).toContain('deliveryDelay');
});

test('finds an input that the provider does not have', () => {
  const queue = { ...base.queue!, inputs: { queueName: 'jobs', settings: { delay: 1 }, name: 'jobs' } };
  expect(strangers([queue]).found).toEqual(['Queue.settings.delay', 'Queue.name']);
});
