import type { Client as PgClient } from 'pg';
import { CertificateAuthority } from '../../../../../../lib/testing/engines/certificates';
import { Engine } from '../../../../../../lib/testing/local/services/rds/database/engine';
import { packageOf } from '../../../../../../lib/testing/local/services/rds/database/versions';
import { ConnectionPool } from '../../../../../../lib/testing/local/services/rds/proxy/connection-pool';
import { PooledSession } from '../../../../../../lib/testing/local/services/rds/proxy/session';
import { ConnectionRefused } from '../../../../../../lib/testing/local/services/rds/wire/backend';
import {
  Gate,
  type AuthenticatedClient,
  rejectClient,
} from '../../../../../../lib/testing/local/services/rds/wire/gate';

jest.setTimeout(60_000);

const LIMIT = 20;
const HOST = 'reports.proxy-abc.eu-west-1.rds.amazonaws.com';

const authority = new CertificateAuthority('Test');
const sessions = new Set<PooledSession>();
const pins: string[] = [];
let engine: Engine;
let pool: ConnectionPool;
let proxy: Gate;
let direct: Gate;
let Client: typeof PgClient;
const clients: PgClient[] = [];

beforeAll(async () => {
  ({ Client } = await import('pg'));
  const found = packageOf(18);
  if (typeof found === 'string') throw new Error(found);
  const settings = { package: found.directory, databases: ['app'] };
  // RDS keeps five for itself.
  engine = await Engine.start({ ...settings, limit: LIMIT + 5 });
  await engine.query('CREATE ROLE app_user LOGIN; CREATE ROLE other LOGIN');
  pool = newPool();
  const behind = { refuseStartup: () => undefined, authenticate: async () => undefined };
  proxy = new Gate(authority.issue([HOST]), {
    ...behind,
    serve: (guest) => serve(guest),
    cancel: () => undefined,
  });
  direct = new Gate(authority.issue([HOST]), {
    ...behind,
    serve: async ({ socket, startup }) => {
      const backend = await engine.connect(startup.parameters).catch((error: unknown) => {
        if (!(error instanceof ConnectionRefused)) throw error;
        rejectClient(socket, error.error);
      });
      if (!backend) return;
      backend.onMessage = ({ bytes }) => socket.write(bytes);
      socket.on('data', (chunk: Buffer) => backend.send(chunk)).on('close', () => backend.close());
      socket.write(Buffer.from('5a0000000549', 'hex'));
    },
    cancel: () => undefined,
  });
  await Promise.all([proxy.listen(), direct.listen()]);
});

function newPool(borrowTimeout = 1500): ConnectionPool {
  return new ConnectionPool({
    limit: LIMIT,
    borrowTimeout,
    open: ({ user, database }) => engine.connect({ user, database, client_encoding: 'UTF8' }),
  });
}

function serve(guest: AuthenticatedClient): void {
  const { user, database } = guest.startup;
  const session: PooledSession = new PooledSession(guest, { user, database, readOnly: false }, pool, {
    pinned: (_sql, reason) => pins.push(reason),
    rested: () => undefined,
    ended: () => sessions.delete(session),
  });
  sessions.add(session);
  session.begin(engine.parameters);
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  await until(() => sessions.size === 0 && engine.connections <= LIMIT);
  pool.stop();
  pins.length = 0;
  await until(() => engine.connections === 0);
  pool = newPool();
});

afterAll(async () => {
  await Promise.all([proxy.stop(), direct.stop()]);
  await engine.stop();
});

async function until(done: () => boolean): Promise<void> {
  for (let left = 200; !done() && left > 0; left--) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function connected(gate: Gate, user = 'app_user'): Promise<PgClient> {
  const ssl = { ca: authority.cert, rejectUnauthorized: true, servername: HOST };
  const client = new Client({ host: '127.0.0.1', port: gate.port, user, database: 'app', password: 'token', ssl });
  clients.push(client);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** As an environment does it: one connection that is kept, and now and then a transaction. */
async function environment(gate: Gate, first?: string): Promise<string> {
  try {
    const client = await connected(gate);
    if (first !== undefined) await client.query(first);
    for (let turn = 0; turn < 3; turn++) {
      await client.query('BEGIN');
      await client.query('SELECT $1::int AS one', [1]);
      await client.query('COMMIT');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return 'served';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

async function outcomes(count: number, one: () => Promise<string>): Promise<Record<string, number>> {
  const all = await Promise.all(Array.from({ length: count }, one));
  return all.reduce<Record<string, number>>((sum, each) => ({ ...sum, [each]: (sum[each] ?? 0) + 1 }), {});
}

test('of 200 environments that keep a connection, a limit of 20 serves 20 directly and all 200 by transactions', async () => {
  expect(await outcomes(200, () => environment(direct))).toEqual({ served: 20, '53300': 180 });
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  await until(() => engine.connections === 0);
  expect(await outcomes(200, () => environment(proxy))).toEqual({ served: 200 });
  expect(pins).toEqual([]);
  expect(pool.use).toEqual({ connections: 20, peak: 20, timeouts: 0 });
});

test('of 30 environments that SET, 20 are pinned and 10 wait in vain', async () => {
  expect(await outcomes(30, () => environment(proxy, "SET search_path = 'app'"))).toEqual({ served: 20, '53300': 10 });
  expect([...sessions].filter(({ isPinned }) => isPinned)).toHaveLength(20);
  expect(new Set(pins)).toEqual(new Set(['it sets a parameter']));
});

test('a transaction keeps its connection, an error and a COPY included, and an unfinished one leaves nothing behind', async () => {
  const [one, two] = [await connected(proxy), await connected(proxy)];
  const backend = async (client: PgClient) =>
    Number((await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid);
  // Outside of a transaction both use the one connection that is there.
  expect([await backend(one), await backend(two), pool.use.connections]).toEqual([
    await backend(one),
    await backend(one),
    1,
  ]);
  await one.query('BEGIN');
  const mine = await backend(one);
  expect(await backend(two)).not.toBe(mine);
  await expect(one.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
  await expect(one.query('SELECT 1')).rejects.toThrow('current transaction is aborted');
  await one.query('ROLLBACK');
  await expect(one.query('COPY pg_class FROM STDIN')).rejects.toThrow();
  await engine.query('GRANT CREATE ON DATABASE app TO app_user');
  await one.query('CREATE SCHEMA own CREATE TABLE rows (id int)');
  await expect(one.query('COPY own.rows FROM STDIN')).rejects.toThrow('No source stream defined');
  await two.query('BEGIN');
  await two.query('CREATE TABLE left_behind (id int)').catch(() => undefined);
  await two.end();
  const three = await connected(proxy);
  expect((await three.query("SELECT to_regclass('left_behind') AS found")).rows).toEqual([{ found: null }]);
  expect((await three.query('SELECT 1; SELECT 2')) as unknown).toHaveLength(2);
  expect(pins).toEqual([]);
});

test('users do not share connections, and one that waits gets the room of another that is idle', async () => {
  const waiting = Array.from({ length: LIMIT }, () => connected(proxy));
  const many = await Promise.all(waiting);
  await Promise.all(many.map((client) => client.query('SELECT pg_sleep(0.05)')));
  expect(pool.use.connections).toBe(LIMIT);
  const other = await connected(proxy, 'other');
  const { rows } = await other.query<{ name: string }>('SELECT session_user AS name');
  expect(rows).toEqual([{ name: 'other' }]);
  expect(pool.use.connections).toBe(LIMIT);
});

test('what pins by its kind is told, and who is nobody is refused', async () => {
  const client = await connected(proxy);
  await client.query({ name: 'named', text: 'SELECT $1::int', values: [1] });
  expect(pins).toEqual(["it prepares the statement 'named'"]);
  await expect(connected(proxy, 'nobody').then((one) => one.query('SELECT 1'))).rejects.toMatchObject({
    code: '28000',
  });
});
