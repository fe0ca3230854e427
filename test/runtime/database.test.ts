import { createConnection, type ConnectionOptions } from 'mysql2/promise';
import { mysql, postgres } from 'lintel/runtime';
import { CertificateAuthority } from '../../lib/testing/engines/certificates';
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
  await expect(postgres('DB')).rejects.toThrow("'/var/runtime/ca-cert.pem' is not there");
});

test('refuses a database that is not in the access of the function, with every variable that is missing', async () => {
  delete process.env.DB_USER;
  process.env.DB_PORT = '';
  await expect(postgres('DB')).rejects.toThrow("The variables 'DB_PORT', 'DB_USER' are not set; name the database in");
  process.env.DB_USER = 'app_user';
  process.env.DB_PORT = 'default';
  await expect(mysql('DB')).rejects.toThrow("The variable 'DB_PORT' must be a port, got 'default'");
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
});
