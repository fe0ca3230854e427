import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { EdgeApi, EdgePool } from 'lintel/edge';
import { runEdgeLocally, type RunEdgeOptions } from '../../../lib/testing/edge/run-edge-locally';

const origin = { host: 'db.example.com', database: 'shop', user: 'api', password: 'hunter2' };

const start = (args: Partial<ConstructorParameters<typeof EdgePool>[1]> = {}, options: RunEdgeOptions = {}) =>
  runEdgeLocally(
    () => {
      const pool = new EdgePool('pool', { origin, ...args });
      new EdgeApi('api', { handler: 'test/testing/edge/workers/everything.ts', access: { POOL: pool.connect() } });
    },
    { config: { 'cloudflare:accountId': 'account' }, ...options },
  );

test('a Worker reaches an embedded PostgreSQL in the place of a private one, with its ordinary driver', async () => {
  const run = await start({ origin: { ...origin, host: '10.0.0.5', tunnelId: 'tunnel' } });
  try {
    const answer = await run.worker('api').fetch('/pool');
    expect(await answer.json()).toEqual({ answer: 42, database: 'shop' });
    expect(run.unsupported).toEqual([]);
  } finally {
    await run.stop();
  }
});

/** A database that takes connections, and does with them what a test wants. */
async function database(takes: (socket: Socket) => void): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((socket) => takes(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://nobody:nothing@127.0.0.1:${port}/own?sslmode=disable`, close: () => server.close() };
}

test('a database that is there already takes the place of the embedded one, even one that never answers', async () => {
  let visit = (_data: string): void => undefined;
  const visited = new Promise<string>((resolve) => (visit = resolve));
  const own = await database((socket) => socket.once('data', (data) => visit(data.toString('latin1'))));
  const run = await start({}, { databases: { pool: own.url } });
  const asked = run
    .worker('api')
    .fetch('/pool')
    .catch(() => undefined);
  expect(await visited).toContain('nobody');
  // The connection is open when the run ends.
  await run.stop();
  await asked;
  own.close();
});

test.each(['resets', 'refuses'])(
  'a Worker fails, and not the run, where its database %s a connection',
  async (does) => {
    const own = await database((socket) => socket.once('data', () => socket.resetAndDestroy()));
    if (does === 'refuses') own.close();
    const run = await start({}, { databases: { pool: own.url } });
    try {
      const answer = await run.worker('api').fetch('/pool');
      expect(answer.status).toBe(500);
      expect(await answer.text()).toContain('Connection terminated unexpectedly');
    } finally {
      await run.stop();
      own.close();
    }
  },
);

test('refuses to pretend a MySQL', async () => {
  await expect(start({ origin: { ...origin, scheme: 'mysql' } })).rejects.toThrow(
    "there is no embedded MySQL; pass databases: { 'pool/pool-config': 'mysql://...' }",
  );
});
