import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, createPool, type ConnectionOptions } from 'mysql2/promise';
import { Pool } from 'pg';
import { mysql, postgres } from 'lintel/runtime';
import { CertificateAuthority } from '../../lib/testing/engines/certificates';
import { Gate, type AuthenticatedClient } from '../../lib/testing/local/services/rds/wire/gate';
import { message, textIn } from '../../lib/testing/local/services/rds/wire/messages';
import { FakeMysql } from './fake-mysql';

const authority = new CertificateAuthority('Test');

beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    DB_HOST: 'localhost',
    DB_PORT: '5432',
    DB_NAME: 'app',
    DB_USER: 'app_user',
    DB_REGION: 'eu-west-1',
  });
});

test('settings for PostgreSQL hold one connection, a fresh token for each, and no word that a proxy refuses', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'report';
  const { password, Client, ...settings } = await postgres('DB', { queryTimeout: 2000 });
  expect(settings).toEqual({
    host: 'localhost',
    port: 5432,
    database: 'app',
    user: 'app_user',
    application_name: 'report',
    ssl: { rejectUnauthorized: true },
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    connectionTimeoutMillis: 10_000,
    query_timeout: 2000,
  });
  expect(typeof Client).toBe('function');
  const [host, query] = (await password()).split('/?');
  expect(host).toBe('localhost:5432');
  expect(Object.fromEntries(new URLSearchParams(query))).toMatchObject({
    Action: 'connect',
    DBUser: 'app_user',
    'X-Amz-Credential': expect.stringMatching(/^ASIAEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/) as string,
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'session',
  });
});

test('a direct connection trusts the roots of RDS beside those of Node.js, and says where they are missing', async () => {
  process.env.DB_DIRECT = '1';
  const { ssl } = await postgres('DB', { ca: authority.cert });
  expect(ssl.ca!.length).toBeGreaterThan(100);
  expect(ssl.ca).toContain(authority.cert);
  await expect(postgres('DB')).rejects.toThrow(
    "'/var/runtime/ca-cert.pem' is missing: pass the RDS root certificates of your region in the option 'ca'",
  );
});

test('refuses a database that is not in the access of the function, with every variable that is missing', async () => {
  delete process.env.DB_USER;
  process.env.DB_PORT = '';
  await expect(postgres('DB')).rejects.toThrow("The variables 'DB_PORT', 'DB_USER' are not set; name the database in");
  process.env.DB_USER = 'app_user';
  process.env.DB_PORT = 'default';
  await expect(mysql('DB')).rejects.toThrow("The variable 'DB_PORT' must be a port, got 'default'");
});

describe('a pool of PostgreSQL, by a server of this test that answers everything with nothing', () => {
  const asked: string[] = [];
  const sockets: Socket[] = [];
  let mute = false;
  let gate: Gate;

  function serve({ socket, reader }: AuthenticatedClient): void {
    const ready = message('Z', Buffer.from('I'));
    sockets.push(socket);
    socket.write(ready);
    socket.on('data', (chunk: Buffer) => {
      for (const { type, body } of reader.push(chunk)) {
        if (type !== 'Q') continue;
        asked.push(textIn(body));
        if (!mute) socket.write(Buffer.concat([message('C', Buffer.from('SELECT 0\0')), ready]));
      }
    });
  }

  async function pooled(): Promise<Pool> {
    process.env.DB_PORT = String(gate.port);
    const settings = await postgres('DB', { ca: authority.cert });
    const pool = new Pool(settings);
    await pool.query('SELECT 1');
    return pool;
  }

  beforeAll(async () => {
    const none = { refuseStartup: () => undefined, authenticate: async () => undefined, cancel: () => undefined };
    gate = new Gate(authority.issue(['localhost']), { ...none, serve });
    await gate.listen();
  });
  beforeEach(() => {
    mute = false;
    asked.length = sockets.length = 0;
  });
  afterAll(() => gate.stop());

  test('replaces a connection that was closed while it was idle, before a statement is sent', async () => {
    const pool = await pooled();
    sockets[0]!.end();
    await sleep(20);
    await pool.query('SELECT 2');
    expect([asked, sockets.length]).toEqual([['SELECT 1', 'SELECT 2'], 2]);
    await pool.end();
  });

  test('asks a connection that has rested for long, and replaces one that says nothing, or that is reset', async () => {
    const pool = await pooled();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    const later = (minutes: number) => clock.mockImplementation(() => now + minutes * 61_000);
    later(1);
    await pool.query('SELECT 2');
    later(2);
    mute = true;
    const answer = pool.query('SELECT 3');
    await sleep(100);
    mute = false;
    await answer;
    later(3);
    sockets[1]!.removeAllListeners('data').once('data', () => sockets[1]!.destroy());
    await pool.query('SELECT 4');
    clock.mockRestore();
    expect(sockets.length).toBe(3);
    const own = asked.filter((sql, index) => index === 0 || sql !== 'SELECT 1');
    expect([own, asked.length]).toEqual([['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4'], 6]);
    await pool.end();
  });

  test('sends nothing again that a server has had', async () => {
    const pool = await pooled();
    mute = true;
    const lost = expect(pool.query('UPDATE seats SET free = free - 1')).rejects.toThrow('Connection terminated');
    await sleep(50);
    sockets[0]!.destroy();
    await lost;
    expect(asked.filter((sql) => sql.startsWith('UPDATE'))).toHaveLength(1);
    await pool.end();
  });
});

describe('MySQL, by a server of this test that knows only how to sign in', () => {
  const servers: FakeMysql[] = [];

  async function serving(certificate?: ReturnType<CertificateAuthority['issue']>): Promise<FakeMysql> {
    const server = new FakeMysql(certificate);
    servers.push(server);
    await server.listen();
    process.env.DB_PORT = String(server.port);
    return server;
  }

  async function connect(change: (settings: ConnectionOptions) => object = (settings) => settings): Promise<void> {
    const { connectionLimit: _, ...settings } = await mysql('DB', { ca: authority.cert });
    const connection = await createConnection({ ...settings, ...change(settings) });
    await connection.query('SELECT ?', ['one']);
    connection.destroy();
  }

  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test('a token goes to a server that TLS has verified, and a query is not prepared', async () => {
    const server = await serving(authority.issue(['localhost']));
    await connect();
    expect(server.passwords).toEqual([expect.stringMatching(/^localhost:\d+\/\?Action=connect&DBUser=app_user&/)]);
    expect(server.commands).toEqual(["3 SELECT 'one'"]);
  });

  test.each<readonly [string, ReturnType<CertificateAuthority['issue']> | undefined, object]>([
    ['that has another name', authority.issue(['other.example.com']), {}],
    ['that somebody else has signed for', new CertificateAuthority('Other').issue(['localhost']), {}],
    ['without TLS', undefined, {}],
    ['without TLS where the settings ask for none', undefined, { ssl: undefined }],
    ['that is not verified', authority.issue(['localhost']), { ssl: { rejectUnauthorized: false } }],
  ])('refuses to give a token to a server %s', async (_, certificate, change) => {
    const server = await serving(certificate);
    await expect(connect(() => change)).rejects.toThrow();
    expect(server.passwords).toEqual([]);
  });

  describe('a pool', () => {
    const pooled = async (change: object = {}) => {
      const server = await serving(authority.issue(['localhost']));
      const pool = createPool({ ...(await mysql('DB', { ca: authority.cert })), ...change });
      await pool.query('SELECT 1');
      return { server, pool };
    };
    const PING = '14';

    test.each(['close', 'reset'] as const)(
      'replaces a connection that ended by %s while it was idle, before a statement is sent, and sends it once',
      async (how) => {
        const { server, pool } = await pooled();
        server.cut(how);
        await sleep(20);
        await pool.query('SELECT 2');
        expect(server.commands).toEqual(['3 SELECT 1', '3 SELECT 2']);
        expect(server.passwords).toHaveLength(2);
        await pool.end();
      },
    );

    test('asks a connection that has rested for long, and replaces one that says nothing', async () => {
      const { server, pool } = await pooled();
      const now = Date.now();
      const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
      await pool.query('SELECT 2');
      clock.mockImplementation(() => now + 122_000);
      server.mute = true;
      const answer = pool.query('SELECT 3');
      await sleep(100);
      server.mute = false;
      await answer;
      clock.mockRestore();
      expect(server.commands).toEqual(['3 SELECT 1', PING, '3 SELECT 2', PING, '3 SELECT 3']);
      expect(server.passwords).toHaveLength(2);
      await pool.end();
    });

    test('sends nothing again that a server has had', async () => {
      const { server, pool } = await pooled();
      server.mute = true;
      const asked = pool.query('UPDATE seats SET free = free - 1');
      const lost = expect(asked).rejects.toThrow();
      await sleep(50);
      server.cut('reset');
      await lost;
      expect(server.commands.filter((one) => one.includes('UPDATE'))).toHaveLength(1);
      await pool.end();
    });
  });
});
