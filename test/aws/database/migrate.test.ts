import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { answer } from '../../../lib/aws/database/migrate/answer';
import { dryRun, migrate, type MigrationWork } from '../../../lib/aws/database/migrate/migrate';
import { planOf } from '../../../lib/aws/database/migrate/plan';
import type { Migration, MigrationEvent } from '../../../lib/aws/database/migrate/request';
import type { Row, Session } from '../../../lib/aws/database/migrate/session';
import { type Postgres, startPostgres } from '../../../lib/testing/engines/postgres';

jest.setTimeout(60_000);

const file = (Name: string, sql: string, Transaction: 'yes' | 'no' = 'yes'): Migration => ({
  Name,
  sql,
  Transaction,
  Sha256: createHash('sha256').update(sql).digest('hex'),
});

const work = (files: readonly Migration[], more: Partial<MigrationWork> = {}): MigrationWork => ({
  engine: 'postgres',
  own: true,
  files,
  users: [],
  left: () => 30_000,
  ...more,
});

describe('PostgreSQL', () => {
  let postgres: Postgres;
  let admin: Client;
  const clients: Client[] = [];

  beforeAll(async () => {
    postgres = await startPostgres(['app']);
    admin = await connected(postgres.connectionString('app'));
    await admin.query(`
      CREATE ROLE rds_iam; CREATE ROLE lintel LOGIN CREATEROLE PASSWORD 'x'; GRANT rds_iam TO lintel WITH ADMIN OPTION;
      ALTER DATABASE app OWNER TO lintel`);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(1).map((client) => client.end().catch(() => undefined)));
    await admin.query('DROP SCHEMA IF EXISTS lintel CASCADE; DROP TABLE IF EXISTS orders, items');
  });
  afterAll(async () => {
    await admin.end();
    await postgres.stop();
  });

  async function connected(connectionString: string): Promise<Client> {
    const client = new Client({ connectionString });
    clients.push(client);
    await client.connect();
    return client;
  }

  /** The first user, as Aurora makes it. */
  async function session(): Promise<Session> {
    const client = await connected(postgres.connectionString('app').replace('postgres:postgres', 'lintel:x'));
    const run = async (sql: string) => {
      const result = (await client.query(sql)) as { rows: Row[] } | { rows: Row[] }[];
      return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
    };
    return {
      user: 'lintel',
      database: 'app',
      keepsState: true,
      takesSeveral: true,
      run,
      begin: async () => void (await run('BEGIN')),
      commit: async () => void (await run('COMMIT')),
      rollback: async () => void (await run('ROLLBACK')),
      close: () => client.end(),
    };
  }

  /** As a deployment does: it comes, migrates and goes. */
  async function migrated(asked: MigrationWork, act = migrate): Promise<unknown> {
    const one = await session();
    try {
      return await act(one, asked);
    } finally {
      await one.close();
    }
  }

  const orders = file('0001_orders.sql', 'CREATE TABLE orders (id int); INSERT INTO orders VALUES (1);');
  const items = file('0002_items.sql', 'CREATE TABLE items (id int)');
  const index = file('0003_index.sql', '-- no transaction\nCREATE INDEX CONCURRENTLY by_id ON orders (id);', 'no');

  test('applies what is pending once, in public and not in a schema of the same name as the user', async () => {
    expect(await migrated(work([orders, index]), dryRun)).toMatchObject({
      before: 0,
      applied: ['0001_orders.sql', '0003_index.sql'],
    });
    expect(await migrated(work([orders]))).toEqual({
      before: 0,
      applied: ['0001_orders.sql'],
      problems: [],
    });
    expect(await migrated(work([orders, items, index]))).toMatchObject({
      before: 1,
      applied: ['0002_items.sql', '0003_index.sql'],
    });
    expect(await migrated(work([orders, items, index]))).toMatchObject({ before: 3, applied: [] });
    const { rows } = await admin.query("SELECT schemaname FROM pg_tables WHERE tablename = 'orders'");
    expect(rows).toEqual([{ schemaname: 'public' }]);
  });

  test('a stack that goes back names fewer files, and nothing is undone', async () => {
    await migrated(work([orders, items]));
    expect(await migrated(work([orders]))).toMatchObject({ before: 2, applied: [] });
  });

  test('takes a snapshot before it changes what is there, and none of a new database', async () => {
    const snapshot = jest.fn(async () => undefined);
    await migrated(work([orders], { snapshot }));
    expect(snapshot).not.toHaveBeenCalled();
    await migrated(work([orders, items], { snapshot }));
    await migrated(work([orders, items], { snapshot }));
    expect(snapshot).toHaveBeenCalledTimes(1);
  });

  test('refuses a changed file, one that comes too late, and names of the platform, all at once', async () => {
    await migrated(work([orders, index]));
    const changed = { ...orders, Sha256: 'other' };
    const users = ['rdsproxyadmin', 'postgres'].map(
      (Name) => ({ Name, Authentication: 'iam', Read: [], Write: [] }) as const,
    );
    await expect(migrated(work([changed, items, index], { users }))).rejects.toThrow(
      'nothing was migrated: 0001_orders.sql was changed after it was applied; revert it, and put the change in a new file; ' +
        "0002_items.sql comes before one that is already applied; give it a number above 3; the user 'rdsproxyadmin' belongs to the " +
        "platform; name another; the user 'postgres' belongs to the platform; name another",
    );
  });

  test('refuses with how far it came: what is left of a transaction, and of what has none', async () => {
    const wrong = file('0002_wrong.sql', 'CREATE TABLE items (id int); SELECT 1 / 0;');
    await expect(migrated(work([orders, wrong, index]))).rejects.toThrow(
      '0002_wrong.sql failed: division by zero (22012); it was one transaction, and was rolled back; ' +
        'applied before it, and kept: 0001_orders.sql; not started: 0003_index.sql',
    );
    expect((await admin.query("SELECT to_regclass('items') AS found")).rows).toEqual([{ found: null }]);
    const unique = file('0004_unique.sql', 'CREATE UNIQUE INDEX CONCURRENTLY once ON orders (id)', 'no');
    await admin.query('INSERT INTO orders VALUES (1)');
    await expect(migrated(work([orders, unique]))).rejects.toThrow(
      /^0004_unique\.sql failed: could not create unique index "once" \(23505\); it ran outside a transaction, so check/,
    );
  });

  test('refuses to wait for a lock that holds everybody up: it gives way, and tries again', async () => {
    await migrated(work([orders]));
    const reader = await connected(postgres.connectionString('app'));
    await reader.query('BEGIN; SELECT * FROM orders');
    const alter = file('0005_alter.sql', 'ALTER TABLE orders ADD COLUMN amount int');
    const end = Date.now() + 1200;
    const short = work([orders, alter], { left: () => end - Date.now() });
    await expect(migrated(short)).rejects.toThrow(
      /0005_alter\.sql failed: canceling statement due to lock timeout \(55P03\)/,
    );
    setTimeout(() => void reader.query('COMMIT'), 700);
    // Half a second of waiting is too short, and the next attempt is not.
    const patient = work([orders, alter], { left: () => 2000 });
    expect(await migrated(patient)).toMatchObject({ applied: ['0005_alter.sql'] });
  });

  test('refuses to migrate beside another deployment', async () => {
    const other = await session();
    await other.run("SELECT pg_advisory_lock(hashtextextended('lintel_migrations', 0))");
    await expect(migrated(work([orders], { left: () => 100 }))).rejects.toThrow('another deployment is migrating');
  });

  test('users get their tables, also those to come, and what fails of them says what stays', async () => {
    const users = [{ Name: 'reader_of_all', Authentication: 'iam', Read: ['*'], Write: [] }] as const;
    await migrated(work([orders], { users }));
    await migrated(work([orders, items], { users }));
    const can =
      "SELECT has_table_privilege('reader_of_all', 'items', 'SELECT') AS read, has_table_privilege('reader_of_all', 'items', 'INSERT') AS write";
    expect((await admin.query(can)).rows).toEqual([{ read: true, write: false }]);
    const unknown = [{ Name: 'clerk', Authentication: 'iam', Read: ['nowhere'], Write: [] }] as const;
    const more = file('0006_more.sql', 'SELECT 1');
    await expect(migrated(work([orders, items, more], { users: unknown }))).rejects.toThrow(
      'the users were not created: relation "public.nowhere" does not exist; migrations were applied before, and kept: 0006_more.sql',
    );
  });
});

test('MySQL has a statement at a time, a lock of its own, and says what it knows of one that failed', async () => {
  const sent: string[] = [];
  let there: Row[] = [];
  const never = () => Promise.reject(new Error('MySQL commits by itself'));
  const session: Session = {
    user: 'admin',
    database: 'app',
    keepsState: true,
    takesSeveral: false,
    run: async (sql) => {
      sent.push(sql);
      if (sql.includes('nowhere'))
        throw Object.assign(new Error("Table 'nowhere' doesn't exist"), { code: 'ER_NO_SUCH_TABLE' });
      if (sql.startsWith('INSERT') && sql.includes('0002_items.sql')) throw new Error('the disk is full');
      if (sql.includes('mysql.user')) return there;
      return sql.includes('GET_LOCK') ? [{ got: 1 }] : [];
    },
    begin: never,
    commit: never,
    rollback: never,
    close: async () => undefined,
  };
  const users = [{ Name: 'clerk', Authentication: 'iam', Read: ['orders'], Write: [] }] as const;
  const files = [file('0001_orders.sql', 'CREATE TABLE orders (id int); -- no more', 'no')];
  await migrate(session, work(files, { engine: 'mysql', users }));
  expect(sent.map((sql) => sql.slice(0, 60))).toEqual([
    "SELECT GET_LOCK('lintel_migrations', 15) AS got",
    'SET SESSION lock_wait_timeout = 5',
    'CREATE TABLE IF NOT EXISTS lintel_migrations (name varchar(2',
    'SELECT name, sha256 FROM lintel_migrations ORDER BY name',
    'CREATE TABLE orders (id int)',
    'INSERT INTO lintel_migrations (name, sha256, duration_ms) VA',
    'SELECT User AS name, plugin AS plugin FROM mysql.user WHERE ',
    "CREATE USER IF NOT EXISTS 'clerk'@'%' IDENTIFIED WITH AWSAut",
    "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'clerk'@'%'",
    "GRANT SELECT ON `app`.`orders` TO 'clerk'@'%'",
  ]);
  there = [{ name: 'clerk', plugin: 'caching_sha2_password' }];
  await expect(migrate(session, work(files, { engine: 'mysql', users }))).rejects.toThrow(
    "the users were not created: 'clerk' already exists and authenticates with caching_sha2_password, not IAM; drop it, change it to AWSAuthenticationPlugin, or name another",
  );
  there = [{ name: 'clerk', plugin: 'AWSAuthenticationPlugin' }];
  await migrate(session, work(files, { engine: 'mysql', users }));
  const wrong = file('0002_wrong.sql', 'DROP TABLE nowhere', 'no');
  await expect(migrate(session, work([...files, wrong], { engine: 'mysql' }))).rejects.toThrow(
    "0002_wrong.sql failed: Table 'nowhere' doesn't exist (ER_NO_SUCH_TABLE); MySQL rolls back a single failed statement as a whole; " +
      'applied before it, and kept: 0001_orders.sql',
  );
  const items = file('0002_items.sql', 'CREATE TABLE items (id int)', 'no');
  await expect(migrate(session, work([...files, items], { engine: 'mysql' }))).rejects.toThrow(
    '0002_items.sql failed: the disk is full; its statement was executed, but not recorded in lintel_migrations: add the row before you deploy again; ' +
      'applied before it, and kept: 0001_orders.sql',
  );
});

test('a plan is made of numbers, and what the ledger has beside the files is no problem', () => {
  const files = [file('2_b.sql', 'b'), file('10_c.sql', 'c')];
  const applied = [{ name: '1_a.sql', sha256: 'a' }];
  expect(planOf(files, applied, []).pending.map(({ Name }) => Name)).toEqual(['2_b.sql', '10_c.sql']);
  expect(planOf(files, [...applied, { name: '10_c.sql', sha256: files[1]!.Sha256 }], []).problems).toHaveLength(1);
});

test('CloudFormation is told in bytes without a content type, by the same physical id for good, and again where it does not listen', async () => {
  const came: { readonly type: string | undefined; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      came.push({ type: request.headers['content-type'], body: JSON.parse(text) });
      response.writeHead(came.length === 1 ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const names = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Migrations' };
  const event = {
    ...names,
    RequestType: 'Create',
    ResponseURL,
    ResourceProperties: { Engine: 'postgres' },
  } as MigrationEvent;
  await answer(event, { Status: 'FAILED', Reason: 'x'.repeat(5000) });
  const Reason = `${'x'.repeat(2000)}...`;
  const told = {
    type: undefined,
    body: { ...names, Status: 'FAILED', Reason, PhysicalResourceId: 'Migrations-migrations' },
  };
  expect(came).toEqual([told, told]);
  await new Promise((resolve) => server.close(resolve));
});
