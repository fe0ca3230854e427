import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
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

test('a database that is there already takes the place of the embedded one', async () => {
  let visit = (_data: string): void => undefined;
  const visited = new Promise<string>((resolve) => (visit = resolve));
  const database = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', (data) => {
        visit(data.toString('latin1'));
        socket.end();
      });
  }).listen(0, '127.0.0.1');
  await once(database, 'listening');
  const { port } = database.address() as AddressInfo;
  const run = await start(
    {},
    { databases: { pool: `postgres://nobody:nothing@127.0.0.1:${port}/own?sslmode=disable` } },
  );
  try {
    const asked = run
      .worker('api')
      .fetch('/pool')
      .catch(() => undefined);
    expect(await visited).toContain('nobody');
    // Miniflare's way to a database throws what befalls an open connection, such as the end of the run.
    await asked;
  } finally {
    await run.stop();
    database.close();
  }
});

test('refuses to pretend a MySQL', async () => {
  await expect(start({ origin: { ...origin, scheme: 'mysql' } })).rejects.toThrow(
    "there is no embedded MySQL; pass databases: { 'pool/pool-config': 'mysql://...' }",
  );
});
