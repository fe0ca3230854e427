import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import {
  EdgeApi,
  EdgeBucket,
  EdgeDatabase,
  EdgeGateway,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeStore,
  EdgeVectors,
  isPreview,
  ScopedToken,
} from 'lintel/edge';
import { runEdgeLocally } from 'lintel/testing';
import { graphOf, handler, refusal, resource } from './support';

const migrations = 'test/patterns/edge/migrations';
const seeds = 'test/patterns/edge/seeds';
const classes = 'test/patterns/edge/workers/classes.ts';
const account = { 'cloudflare:accountId': 'account' };
const preview = { stack: 'pr-17', config: { ...account, 'lintel:preview': 'true', 'lintel:workersDev': 'acme' } };
const zoneId = 'zone';

/** Everything that holds data, or has a name or an address that production has too. */
function shop(opts?: pulumi.ComponentResourceOptions) {
  const db = new EdgeDatabase('db', { migrations, seeds, databaseName: 'orders' }, opts);
  const store = new EdgeStore('cache', {}, opts);
  const files = new EdgeBucket('files', { bucketName: 'shop-files' }, opts);
  new EdgeRoom('chat', { handler: classes, className: 'ChatRoom' }, opts);
  new EdgeVectors('docs', { model: '@cf/baai/bge-m3' }, opts);
  new EdgeQueueWorker('ingest', { handler: 'test/patterns/edge/workers/empty.ts', queueName: 'jobs' });
  new ScopedToken('ci', { access: [files.read()], tokenName: 'ci' });
  const api = new EdgeApi('api', {
    handler,
    scriptName: 'x'.repeat(60),
    access: { DB: db.readWrite(), CACHE: store.read() },
    domain: { hostname: 'api.example.com', zoneId },
    routes: [{ pattern: 'example.com/api/*', zoneId }],
    workersDev: false,
  });
  const gate = new EdgeGateway('gate', { origin: 'https://a.example.com', authorizer: 'none' });
  return { url: api.url, ...(gate.url && { gate: gate.url }), isPreview: isPreview() };
}

const isProtected = (graph: Awaited<ReturnType<typeof graphOf>>) =>
  graph.resources.filter(({ options }) => options.protect === true).map(({ name }) => name);

describe('a stack that is no preview', () => {
  test('keeps protections, names, domains and routes, and has no seeds', async () => {
    const graph = await graphOf(shop);
    expect(isProtected(graph)).toEqual(['cache-namespace', 'chat-worker', 'db-database', 'docs-index', 'files-bucket']);
    expect(resource(graph, 'db-database').inputs.name).toBe('orders');
    expect(resource(graph, 'api-domain').inputs.hostname).toBe('api.example.com');
    expect(graph.resources.map(({ name }) => name)).not.toContain('db-seeds');
    expect(graph.outputs).toEqual({ url: 'https://api.example.com', isPreview: false });
  });

  test('knows its address on workers.dev where the configuration has the name of the account', async () => {
    const config = { ...account, 'lintel:workersDev': 'acme', 'lintel:preview': 'false' };
    const { outputs } = await graphOf(shop, { config });
    expect(outputs).toMatchObject({ gate: 'https://shop-test-gate.acme.workers.dev', isPreview: false });
    const inside = await graphOf(
      () => void expect(new EdgeApi('api', { handler, workersDev: false }).url).toBe(undefined),
      { config },
    );
    expect(inside.outputs).toEqual({});
  });

  test.each(['prod', 'production', 'main', 'dev', 'test', 'pr', 'preview', 'pr-', 'prod-pr-17', 'PR-17'])(
    'refuses to be made one by a setting: %s',
    async (stack) => {
      const [message] = await refusal(shop, { ...preview, stack });
      expect(message).toBe(
        `'lintel:preview' must be set only for stacks whose names begin with 'pr-' or 'preview-', got '${stack}': it removes all ` +
          "protection; run 'pulumi config rm lintel:preview' here, and name a preview after its pull request, 'pr-17'",
      );
    },
  );

  test('refuses a setting that is neither true nor false', async () => {
    const config = { ...account, 'lintel:preview': 'yes' };
    expect(await refusal(shop, { stack: 'pr-17', config })).toEqual([
      "'lintel:preview' must be true or false, got 'yes'; set it only for a preview",
    ]);
  });
});

describe('a preview', () => {
  test('protects nothing, also what the program protects', async () => {
    expect(isProtected(await graphOf(() => shop({ protect: true })))).toContain('db');
    const graph = await graphOf(() => shop({ protect: true }), preview);
    expect(isProtected(graph)).toEqual([]);
    expect(resource(graph, 'api-worker').inputs.force).toBe(true);
    expect(resource(graph, 'files-lifecycle').inputs.rules).toContainEqual({
      id: 'preview',
      enabled: true,
      conditions: { prefix: '' },
      deleteObjectsTransition: { condition: { type: 'Age', maxAge: 86_400 } },
    });
  });

  test('meets neither production nor another preview in a name, a domain or a route', async () => {
    const namesOf = async (stack: string) => {
      const { resources } = await graphOf(shop, { ...preview, stack });
      const named = ['name', 'scriptName', 'queueName', 'title', 'hostname', 'pattern'];
      return resources
        .filter(({ type }) =>
          /:(D1Database|R2Bucket|WorkersScript|Queue|WorkersKvNamespace|AccountToken|WorkersCustomDomain|WorkersRoute)$/.test(
            type,
          ),
        )
        .flatMap(({ inputs }) => named.flatMap((key) => (typeof inputs[key] === 'string' ? [inputs[key]] : [])));
    };
    const [one, other, production] = await Promise.all([
      namesOf('pr-17'),
      namesOf('pr-18'),
      graphOf(shop, { stack: 'prod' }).then(({ resources }) => JSON.stringify(resources)),
    ]);
    expect(one).toHaveLength(10);
    expect(one.filter((name) => other.includes(name) || production.includes(`"${name}"`))).toEqual([]);
    expect(one).toEqual(
      expect.arrayContaining(['shop-files-pr-17', 'jobs-pr-17', 'jobs-pr-17-dead-letters', 'ci-pr-17']),
    );
    expect(Math.max(...one.map((name) => name.length))).toBeLessThanOrEqual(63);
  });

  test('answers on workers.dev, and says where', async () => {
    const graph = await graphOf(shop, preview);
    expect(graph.resources.map(({ name }) => name).filter((name) => /domain|route/.test(name))).toEqual([]);
    expect(resource(graph, 'api-workers-dev').inputs.enabled).toBe(true);
    expect(graph.outputs).toEqual({
      url: expect.stringMatching(/^https:\/\/x{54}-[0-9a-f]{8}\.acme\.workers\.dev$/),
      gate: 'https://shop-pr-17-gate.acme.workers.dev',
      isPreview: true,
    });
  });

  test('leaves what is for other Workers alone to them', async () => {
    const graph = await graphOf(() => void new EdgeApi('api', { handler, workersDev: false }), preview);
    expect(resource(graph, 'api-workers-dev').inputs.enabled).toBe(false);
  });

  test('has another database when migrations or seeds change, which is seeded after its migrations', async () => {
    const database = async (args: ConstructorParameters<typeof EdgeDatabase>[1]) => {
      const graph = await graphOf(() => {
        const db = new EdgeDatabase('db', args);
        new EdgeApi('api', { handler, access: { DB: db.read() } });
      }, preview);
      const { inputs, options } = resource(graph, 'db-database');
      return { name: String(inputs.name), options, graph };
    };
    const [bare, migrated, seeded] = [
      await database({}),
      await database({ migrations }),
      await database({ migrations, seeds }),
    ];
    expect(bare.name).toBe('shop-pr-17-db');
    expect(migrated.name).toMatch(/^shop-pr-17-db-[0-9a-f]{8}$/);
    expect(seeded.name).toMatch(/^shop-pr-17-db-[0-9a-f]{8}$/);
    expect(seeded.name).not.toBe(migrated.name);
    // Otherwise the engine would keep the name, and apply other files to the same database.
    expect([bare.options.ignoreChanges, seeded.options.ignoreChanges]).toEqual([['name'], undefined]);
    expect(resource(seeded.graph, 'db-seeds').inputs.migrations).toEqual([
      { name: 'seed-0001_links.sql', sql: expect.stringContaining('INSERT INTO links') },
    ]);
  });

  test('runs locally with its seeds', async () => {
    const graph = await graphOf(() => void new EdgeDatabase('db', { migrations, seeds }), preview);
    const withWorker = await graphOf(() => {
      const db = new EdgeDatabase('db', { migrations, seeds });
      new EdgeApi('api', { handler, access: { DB: db.read() } });
    }, preview);
    expect(graph.resources).toHaveLength(4);
    const run = await runEdgeLocally(withWorker);
    try {
      expect(await run.database('db').query('SELECT slug FROM links')).toEqual([{ slug: 'docs' }]);
    } finally {
      await run.stop();
    }
  });

  test('refuses seeds that are none', async () => {
    expect(await refusal(() => new EdgeDatabase('db', { seeds: 'package.json' }))).toEqual([
      "'seeds' must be a directory with SQL files, got 'package.json'; create package.json/0001_first.sql (db)",
    ]);
  });
});

test('no component decides by itself what is protected or called how', () => {
  const folder = 'patterns/edge';
  const found = readdirSync(folder).filter((file) =>
    /opts\?\.protect|args\.\w*Name \?\?/.test(readFileSync(path.join(folder, file), 'utf8')),
  );
  expect(found).toEqual([]);
});

describe('addresses of versions', () => {
  test('are there by choice', async () => {
    const graph = await graphOf(() => void new EdgeApi('api', { handler, previewUrls: true }));
    expect(resource(graph, 'api-workers-dev').inputs.previewsEnabled).toBe(true);
  });

  test('are refused for a Worker with Durable Objects, which has none', async () => {
    expect(
      await refusal(() => new EdgeRoom('chat', { handler: classes, className: 'ChatRoom', previewUrls: true })),
    ).toEqual([
      "'previewUrls' must not be requested by a Worker with Durable Objects, for which the platform offers none, got true; leave it out; a stack per pull request includes the room too (chat)",
    ]);
  });
});
