import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { connect } from '../../../lib/aws/database/migrate/connect';
import { migrate, type MigrationOutcome, type MigrationWork } from '../../../lib/aws/database/migrate/migrate';
import type { Migration } from '../../../lib/aws/database/migrate/request';
import { CertificateAuthority } from '../../../lib/testing/engines/certificates';
import { type Postgres, startPostgres } from '../../../lib/testing/engines/postgres';
import { FakeMysql } from '../../runtime/fake-mysql';
import { FakeDataApi } from './fake-data-api';

const authority = new CertificateAuthority('Test');
// Lambda's runtime has the roots of RDS in a file.
jest.mock('../../../lib/runtime/database/trust', () => ({
  trustOf: () => ({ rejectUnauthorized: true, ca: [authority.cert] }),
}));

jest.setTimeout(60_000);

const left = () => 30_000;
const environment = (variables: Readonly<Record<string, string>>) =>
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'eu-west-1',
    DB_HOST: 'localhost',
    DB_NAME: 'app',
    DB_USER: 'lintel',
    DB_REGION: 'eu-west-1',
    DB_DIRECT: '1',
    ...variables,
  });

const file = (Name: string, sql: string, Transaction: 'yes' | 'no' = 'yes'): Migration => ({
  Name,
  sql,
  Transaction,
  Sha256: createHash('sha256').update(sql).digest('hex'),
});

describe('by the Data API, before a real PostgreSQL', () => {
  let postgres: Postgres;
  let api: FakeDataApi;
  let admin: Client;
  const orders = file(
    '0001_orders.sql',
    'CREATE TABLE orders (id serial PRIMARY KEY); INSERT INTO orders DEFAULT VALUES',
  );
  const index = file('0002_index.sql', '-- no transaction\nCREATE INDEX CONCURRENTLY by_id ON orders (id)', 'no');

  beforeAll(async () => {
    postgres = await startPostgres(['app']);
    admin = new Client({ connectionString: postgres.connectionString('app') });
    await admin.connect();
    await admin.query(`
      CREATE ROLE rds_iam; CREATE ROLE lintel LOGIN CREATEROLE PASSWORD 'x'; GRANT rds_iam TO lintel WITH ADMIN OPTION;
      ALTER DATABASE app OWNER TO lintel; GRANT CREATE ON SCHEMA public TO lintel`);
    api = new FakeDataApi(postgres.connectionString('app').replace('postgres:postgres', 'lintel:x'));
    environment({
      DB_DATA_API: '1',
      DB_CLUSTER_ARN: 'arn:aws:rds:eu-west-1:111122223333:cluster:team',
      DB_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:team',
      AWS_ENDPOINT_URL: await api.listen(),
    });
  });
  afterAll(async () => {
    delete process.env.DB_DATA_API;
    delete process.env.DB_SECRET_ARN;
    await api?.stop();
    await admin?.end();
    await postgres?.stop();
  });

  async function migrated(files: readonly Migration[], more: Partial<MigrationWork> = {}): Promise<MigrationOutcome> {
    const session = await connect('postgres', left);
    try {
      return await migrate(session, { engine: 'postgres', own: true, files, users: [], left, ...more });
    } finally {
      await session.close();
    }
  }

  test('two deployments at once apply each file once, a statement at a time', async () => {
    // As the first deployment has made it.
    await migrated([]);
    const outcomes = await Promise.all([migrated([orders]), migrated([orders])]);
    expect(outcomes.map(({ applied }) => applied)).toEqual([['0001_orders.sql'], ['0001_orders.sql']]);
    expect((await admin.query('SELECT count(*)::int AS n FROM orders')).rows).toEqual([{ n: 1 }]);
    expect(await migrated([orders, index])).toMatchObject({ before: 1, applied: ['0002_index.sql'] });
    expect(await migrated([orders, index])).toMatchObject({ before: 2, applied: [] });
  });

  test('refuses with how far it came, and leaves nothing of a transaction', async () => {
    const wrong = file('0003_wrong.sql', 'CREATE TABLE left_behind (id int); DROP TABLE nowhere');
    await expect(migrated([orders, index, wrong])).rejects.toThrow(
      '0003_wrong.sql failed: ERROR: table "nowhere" does not exist; SQLState: 42P01 (42P01); it was one transaction, and was rolled back',
    );
    expect((await admin.query(`SELECT to_regclass('left_behind') AS it`)).rows).toEqual([{ it: null }]);
  });

  test('a table that somebody holds is tried for again', async () => {
    await admin.query('BEGIN; LOCK TABLE orders');
    const column = file('0004_column.sql', 'ALTER TABLE orders ADD note text');
    const attempts = () => api.asked.filter((sql) => sql.startsWith('ALTER TABLE orders')).length;
    const answer = migrated([orders, index, column], { left: () => 2000 });
    while (attempts() < 2) await sleep(20);
    await admin.query('COMMIT');
    expect((await answer).applied).toEqual(['0004_column.sql']);
  });

  test('users get what they are to have', async () => {
    await migrated([], { users: [{ Name: 'reader', Authentication: 'iam', Read: ['orders'], Write: [] }] });
    const { rows } = await admin.query(
      `SELECT has_table_privilege('reader', 'orders', 'SELECT') AS reads, has_table_privilege('reader', 'orders', 'INSERT') AS writes`,
    );
    expect(rows).toEqual([{ reads: true, writes: false }]);
  });
});

test('MySQL is signed in to directly by a token, over TLS that knows the server, a statement at a time', async () => {
  const server = new FakeMysql(authority.issue(['localhost']));
  await server.listen();
  environment({ DB_PORT: String(server.port) });
  const session = await connect('mysql', left);
  expect(session).toMatchObject({ user: 'lintel', database: 'app', keepsState: true, takesSeveral: false });
  expect(await session.run('CREATE TABLE orders (id int)')).toEqual([]);
  await session.close();
  expect(server.passwords).toEqual([expect.stringMatching(/^localhost:\d+\/\?Action=connect&DBUser=lintel&/)]);
  expect(server.commands[0]).toBe('3 CREATE TABLE orders (id int)');
  await server.stop();
});
