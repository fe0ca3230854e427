import { request } from 'node:http';
import { CustomResource, interpolate, type Output, secret } from '@pulumi/pulumi';
import {
  bind,
  EdgeApi,
  EdgeBucket,
  EdgeCron,
  EdgeDatabase,
  EdgeQueueWorker,
  EdgeRoom,
  EdgeStore,
  EdgeWorkflow,
} from 'lintel/edge';
import type { EdgeRun } from '../../../lib/testing/edge/edge-run';
import { runEdgeLocally, type RunEdgeOptions } from '../../../lib/testing/edge/run-edge-locally';

const workers = 'test/testing/edge/workers';
const config = { 'cloudflare:accountId': 'account' };
const everything = `${workers}/everything.ts`;

/** A resource of another provider, whose address only a deployment knows. */
class ElsewhereApi extends CustomResource {
  declare readonly url: Output<string>;

  constructor() {
    super('aws:apigatewayv2/api:Api', 'orders', { url: undefined });
  }
}

function program() {
  const seen = new EdgeStore('seen');
  const jobs = `${workers}/jobs.ts`;
  const ingest = new EdgeQueueWorker('ingest', {
    handler: jobs,
    access: { SEEN: seen.readWrite() },
    batch: { size: 4 },
    maxAttempts: 3,
  });
  new EdgeCron('nightly', { handler: jobs, access: { SEEN: seen.readWrite() }, schedule: '0 3 * * *' });
  new EdgeApi('api', {
    handler: everything,
    access: {
      DB: new EdgeDatabase('db', { migrations: 'test/testing/edge/migrations' }).readWrite(),
      CACHE: new EdgeStore('cache').readWrite(),
      FILES: new EdgeBucket('files').readWrite(),
      INGEST: ingest.send(),
      COUNTER: new EdgeRoom('counter', { handler: everything, className: 'Counter' }).connect(),
      ORDER: new EdgeWorkflow('order', { handler: everything, className: 'OrderFlow' }).start(),
      OTHER: new EdgeApi('other', { handler: `${workers}/other.ts` }).call(),
      LIMIT: bind({ type: 'ratelimit', namespaceId: '1', simple: { limit: 2, period: 60 } }),
      BROWSER: bind({ type: 'browser' }),
    },
    environment: { STAGE: 'local' },
    secrets: { KEY: secret('in the cloud') },
  });
}

const lines: string[] = [];
let run: EdgeRun;
beforeAll(async () => {
  run = await runEdgeLocally(program, {
    config,
    secrets: { KEY: 'on this machine' },
    timeScale: 1000,
    onLog: ({ message }) => lines.push(message),
    outbound: async (request) => new Response(`${request.method} ${request.url} ${await request.text()}`),
  });
});
afterAll(() => run.stop());

test('refuses a foreign Host on the port of a Worker', async () => {
  const { url } = run.worker('other');
  const statusOf = (host: string) =>
    new Promise((resolve) => request(url, { headers: { host } }, ({ statusCode }) => resolve(statusCode)).end());
  expect(await Promise.all(['evil.example.com', 'localhost', '127.0.0.1:80', 'shop.localhost'].map(statusOf))).toEqual([
    421, 200, 200, 200,
  ]);
});

test('refuses to show a stranger on the port of the engine what the run sees', async () => {
  const { parts } = run as unknown as { parts: { engine: { ready: Promise<URL> } } };
  const body = JSON.stringify({ action: 'invocations' });
  const asked: Record<string, string>[] = [{}, { 'MF-Route-Override': 'lintel-observer' }, { 'x-lintel-key': 'guess' }];
  const statusOf = async (headers: Record<string, string>) =>
    (await fetch(await parts.engine.ready, { method: 'POST', headers, body })).status;
  expect(await Promise.all(asked.map(statusOf))).toEqual([403, 403, 403]);
});

const get = async (path: string, request = {}) => (await run.worker('api').fetch(path, request)).json();

/** Waits until something is so; fails with what it was last. */
async function until<T>(look: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + 5000; ;) {
    const value = await look();
    if (is(value)) return value;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('what a Worker is bound to', () => {
  test.each([
    ['/database', [{ slug: 'a', url: 'https://example.com' }]],
    ['/store', 'value'],
    ['/bucket', 'content'],
    ['/room', [1, 2]],
    ['/workflow', { status: 'complete', output: 42 }],
    ['/other', 'the other'],
    ['/environment', { STAGE: 'local', KEY: 'on this machine', BROWSER: 'undefined' }],
    ['/wasm', []],
    ['/outside', 'POST https://api.example.com/prices all'],
  ])('works at %s', async (path, answer) => {
    expect(await get(path)).toEqual(answer);
  });

  test('counts requests against a rate limit', async () => {
    expect([await get('/limit'), await get('/limit'), await get('/limit')]).toEqual([true, true, false]);
  });

  test('can be looked at from outside', async () => {
    await run.store('cache').put('from', 'outside');
    await run.bucket('files').put('from', 'outside');
    expect(await run.store('cache').get('from')).toBe('outside');
    expect(Buffer.from((await run.bucket('files').get('from')) ?? []).toString()).toBe('outside');
    expect(await run.store('cache').get('nothing')).toBeUndefined();
    expect(await run.database('db').query('SELECT ? AS x, 1 AS y', 'a')).toEqual([{ x: 'a', y: 1 }]);
    expect(await run.database('db').query('SELECT name FROM d1_migrations')).toEqual([{ name: '0001_links.sql' }]);
  });

  test('is listed where the run has nothing like it', () => {
    expect(run.unsupported).toEqual([
      {
        resource: 'files/files-lifecycle',
        type: 'cloudflare:index/r2BucketLifecycle:R2BucketLifecycle',
        reason: 'this type is not run',
      },
      {
        resource: 'api/api-worker',
        type: 'cloudflare:index/workersScript:WorkersScript',
        reason:
          "its binding 'BROWSER' of type 'browser' is not run; pass bindings: { BROWSER: ... } to run it with your own object",
      },
    ]);
  });
});

describe('requests', () => {
  test('come in over the network as well', async () => {
    const answer = await fetch(new URL('/environment', run.worker('api').url));
    expect(await answer.json()).toMatchObject({ STAGE: 'local' });
    expect(run.worker('api').url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  test('carry what Cloudflare knows of the client', async () => {
    expect(await get('/country', { cf: { country: 'CH' } })).toBe('CH');
  });

  test('may name any host', async () => {
    expect((await run.worker('api').fetch('https://shop.example.com/none')).status).toBe(404);
  });

  test('that a Worker fails are answered with the error', async () => {
    const answer = await run.worker('api').fetch('/throw');
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('no luck')]);
  });

  test('may hold a body that a Worker stores as it comes', async () => {
    const body = Buffer.from('as it comes');
    expect(await get('/upload', { method: 'PUT', body })).toBe('as it comes');
    expect(await get('/upload', { method: 'PUT', body: 'and as text' })).toBe('and as text');
  });

  test('log lines', async () => {
    await get('/log');
    await until(
      async () => lines,
      (all) => all.includes('a line'),
    );
  });
});

describe('queues', () => {
  test('give batches, try a poison message as often as they should, and keep it', async () => {
    await run.worker('api').fetch('/send', {
      method: 'POST',
      body: JSON.stringify([{ id: 1 }, { id: 2, poison: true }, { id: 3 }, { id: 4 }, { id: 5 }]),
    });
    const dead = await until(
      () => run.queue('ingest-dead-letter-queue').messages(),
      (messages) => messages.length > 0,
    );
    expect(dead).toEqual([{ id: 2, poison: true }]);
    expect(JSON.parse((await run.store('seen').get('attempts'))!)).toEqual({ 1: 1, 2: 3, 3: 1, 4: 1, 5: 1 });
    const batches = JSON.parse((await run.store('seen').get('batches'))!) as number[][];
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(4);
    expect(batches.flat().sort()).toEqual([1, 2, 2, 2, 3, 4, 5]);
  });

  test('are idle when nothing waits, is worked on or comes again; the report counts what ran and failed', async () => {
    const before = (await run.report()).workers.find(({ worker }) => worker === 'ingest')!.invocations;
    await run.queue('ingest').send({ id: 20, poison: true }, { id: 21, broken: true });
    await run.idle();
    const attempts = JSON.parse((await run.store('seen').get('attempts')) ?? '{}') as Record<string, number>;
    expect(attempts[20]).toBe(3);
    const dead = await run.queue('ingest-dead-letter-queue').messages();
    expect(dead).toEqual(expect.arrayContaining([{ id: 20, poison: true }]));
    const { workers } = await run.report();
    const { total, failed } = workers.find(({ worker }) => worker === 'ingest')!.invocations;
    expect(failed).toBeGreaterThan(before.failed);
    expect(total - failed).toBeGreaterThan(before.total - before.failed);
    expect(workers.find(({ worker }) => worker === 'api')!.invocations.total).toBeGreaterThan(0);
  });

  test('take messages from outside', async () => {
    await run.queue('ingest').send({ id: 7 }, { id: 8 });
    await until(
      async () => JSON.parse((await run.store('seen').get('attempts')) ?? '{}') as object,
      (attempts) => 7 in attempts && 8 in attempts,
    );
  });
});

describe('schedules', () => {
  test('come when they are called', async () => {
    await run.fire('nightly', { at: new Date('2026-11-21T03:00:00Z') });
    expect(await run.store('seen').get('ran')).toBe('0 3 * * * 2026-11-21T03:00:00.000Z');
  });

  test('refuses to fire what the program does not schedule', async () => {
    await expect(run.fire('api')).rejects.toThrow("'api' has no schedule");
    await expect(run.fire('nightly', { cron: '0 0 * * *' })).rejects.toThrow(
      "'nightly' has no schedule '0 0 * * *'; it has '0 3 * * *'",
    );
  });

  test('say that their handler failed', async () => {
    await expect(run.fire('nightly', { at: new Date(0) })).rejects.toThrow(
      "the 'scheduled' handler of 'nightly' ended with 'exception'",
    );
  });
});

test('says which names there are', () => {
  expect(() => run.worker('app')).toThrow("there is no WorkersScript 'app'; there are 'api/api-worker', ");
  expect(run.workers).toEqual(['api', 'counter', 'ingest', 'nightly', 'order', 'other']);
});

describe('refuses to start', () => {
  const attempt = (make: () => unknown, options: RunEdgeOptions = {}) =>
    runEdgeLocally(() => void make(), { config, ...options }).then((started) => started.stop());

  test('without the value of a secret, which a graph does not hold', async () => {
    await expect(attempt(() => new EdgeApi('api', { handler: everything, secrets: { KEY: 'x' } }))).rejects.toThrow(
      "a graph holds no secrets; pass a value for api.KEY, for instance secrets: { 'api.KEY': '...' }",
    );
  });

  test('without a value that only a deployment knows', async () => {
    const make = () =>
      new EdgeApi('api', { handler: everything, environment: { ORIGIN: interpolate`${new ElsewhereApi().url}/v1` } });
    await expect(attempt(make)).rejects.toThrow(
      "the program reads what is known only at deployment: orders.url; pass a value for each, for instance outputs: { 'orders.url': '...' }",
    );
    await attempt(make, { outputs: { 'orders.url': 'http://127.0.0.1:1' } });
  });

  test('without a Worker', async () => {
    await expect(attempt(() => new EdgeStore('cache'))).rejects.toThrow('the program declares no Worker');
  });
});
