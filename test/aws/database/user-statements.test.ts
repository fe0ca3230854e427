import { Client } from 'pg';
import { type DatabaseUser, type UsersPlace, userStatements } from '../../../lib/aws/database/user-statements';
import { type Postgres, startPostgres } from '../../../lib/testing/engines/postgres';

const PLACE = { engine: 'postgres', database: 'app', owner: 'lintel', own: true } as const;
const TEAM = { ...PLACE, own: false };
const connecting = (Name: string, more: Partial<DatabaseUser> = {}): DatabaseUser => ({
  Name,
  Authentication: 'iam',
  ...more,
});
const user = (Name: string, rights: Partial<DatabaseUser>): DatabaseUser => ({
  Name,
  Authentication: 'iam',
  Read: [],
  Write: [],
  ...rights,
});

describe('users of PostgreSQL', () => {
  let postgres: Postgres;
  let admin: Client;
  const as = async (name: string, sql: string): Promise<string> => {
    await admin.query(`SET ROLE "${name}"`);
    try {
      await admin.query(sql);
      return 'done';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await admin.query('RESET ROLE');
    }
  };
  const makeIn = async (place: UsersPlace, ...users: DatabaseUser[]) => {
    await admin.query('BEGIN');
    await admin.query('SET LOCAL ROLE lintel');
    for (const statement of userStatements(place, users)) await admin.query(statement);
    await admin.query('COMMIT');
  };
  const make = (...users: DatabaseUser[]) => makeIn(PLACE, ...users);

  beforeAll(async () => {
    postgres = await startPostgres(['app']);
    admin = new Client({ connectionString: postgres.connectionString('app') });
    await admin.connect();
    // As Aurora has it: the first user owns the database, may make roles, and may let others come by IAM.
    await admin.query(`
      CREATE ROLE rds_iam; CREATE ROLE lintel LOGIN CREATEROLE; GRANT rds_iam TO lintel WITH ADMIN OPTION;
      ALTER DATABASE app OWNER TO lintel; GRANT CREATE ON SCHEMA public TO lintel; SET ROLE lintel;
      CREATE SCHEMA billing; CREATE TABLE orders (id serial PRIMARY KEY); CREATE TABLE customers (id int);
      CREATE TABLE billing.invoices (id int); RESET ROLE;`);
  }, 60_000);
  afterAll(async () => {
    await admin?.end();
    await postgres?.stop();
  });

  test('who comes to the team’s own database by what everybody may still comes, and not to one of ours', async () => {
    await admin.query('CREATE ROLE legacy LOGIN; GRANT CREATE ON SCHEMA public TO PUBLIC');
    const may = async () =>
      (
        await admin.query(
          "SELECT has_database_privilege('legacy', 'app', 'CONNECT') AS come, has_schema_privilege('legacy', 'public', 'CREATE') AS make",
        )
      ).rows[0] as unknown;
    await makeIn(TEAM, user('reader', { Read: ['orders'] }));
    expect(await may()).toEqual({ come: true, make: true });
    // As the owner of the schema, which the first user of Aurora is not from PostgreSQL 15 on, and need not be.
    await admin.query('ALTER SCHEMA public OWNER TO lintel');
    await make(user('reader', { Read: ['orders'] }));
    expect(await may()).toEqual({ come: false, make: false });
  });

  test('who connects and is not in `users` keeps what migrations and others granted', async () => {
    await make(connecting('worker', { StatementTimeoutSeconds: 20 }));
    expect(await as('worker', 'SELECT * FROM orders')).toBe('permission denied for table orders');
    await admin.query(
      'GRANT SELECT ON orders TO worker; ALTER DEFAULT PRIVILEGES FOR ROLE lintel IN SCHEMA public GRANT SELECT ON TABLES TO worker',
    );
    await make(connecting('worker'));
    await as('lintel', 'CREATE TABLE since (id int)');
    expect(await as('worker', 'SELECT * FROM orders')).toBe('done');
    expect(await as('worker', 'SELECT * FROM since')).toBe('done');
    const { rows } = await admin.query("SELECT rolconfig FROM pg_roles WHERE rolname = 'worker'");
    expect(rows).toEqual([{ rolconfig: ['statement_timeout=20s'] }]);
    await make(user('worker', {}));
    expect(await as('worker', 'SELECT * FROM orders')).toBe('permission denied for table orders');
  });

  test('each may what it was given, and no more', async () => {
    await make(user('reader', { Read: ['orders'] }), user('writer', { Write: ['orders', 'billing.invoices'] }));
    expect(await as('reader', 'SELECT * FROM orders')).toBe('done');
    expect(await as('reader', 'INSERT INTO orders DEFAULT VALUES')).toBe('permission denied for table orders');
    expect(await as('reader', 'SELECT * FROM customers')).toBe('permission denied for table customers');
    expect(await as('reader', 'SELECT * FROM billing.invoices')).toBe('permission denied for schema billing');
    expect(await as('writer', 'INSERT INTO orders DEFAULT VALUES')).toBe('done');
    expect(await as('writer', 'UPDATE billing.invoices SET id = 1 WHERE id = 2')).toBe('done');
    expect(await as('writer', 'TRUNCATE orders')).toBe('permission denied for table orders');
  });

  test('nobody may make tables in public, and everybody comes by IAM', async () => {
    await make(user('reader', { Read: ['*'] }), user('writer', { Write: ['*'] }));
    expect(await as('writer', 'CREATE TABLE public.mine (id int)')).toBe('permission denied for schema public');
    const { rows } = await admin.query(
      `SELECT rolname, pg_has_role(rolname, 'rds_iam', 'member') AS iam, rolpassword FROM pg_authid WHERE rolname IN ('reader', 'writer') ORDER BY 1`,
    );
    expect(rows).toEqual([
      { rolname: 'reader', iam: true, rolpassword: null },
      { rolname: 'writer', iam: true, rolpassword: null },
    ]);
  });

  test('who may use all tables may use those to come, with their sequences', async () => {
    await make(user('reader', { Read: ['*'] }), user('writer', { Write: ['*'] }));
    await as('lintel', 'CREATE TABLE later (id serial PRIMARY KEY)');
    expect(await as('reader', 'SELECT * FROM later')).toBe('done');
    expect(await as('writer', 'INSERT INTO later DEFAULT VALUES')).toBe('done');
    expect(await as('reader', 'DELETE FROM later')).toBe('permission denied for table later');
  });

  test('what is not given any more is taken back, also of tables to come', async () => {
    await make(user('writer', { Write: ['*'] }));
    await make(user('writer', { Read: ['orders'] }));
    await as('lintel', 'CREATE TABLE latest (id int)');
    expect(await as('writer', 'SELECT * FROM orders')).toBe('done');
    expect(await as('writer', 'INSERT INTO orders DEFAULT VALUES')).toBe('permission denied for table orders');
    expect(await as('writer', 'SELECT * FROM customers')).toBe('permission denied for table customers');
    expect(await as('writer', 'SELECT * FROM latest')).toBe('permission denied for table latest');
  });

  test('what a role or a column gives is taken back from who is listed, and stays with who only connects', async () => {
    await make(user('reader', {}), connecting('worker'));
    await as(
      'lintel',
      'CREATE ROLE clerks; GRANT SELECT ON customers TO clerks; GRANT clerks TO reader, worker; GRANT UPDATE (id) ON orders TO reader, worker',
    );
    expect(await as('reader', 'SELECT * FROM customers')).toBe('done');
    await make(user('reader', {}), connecting('worker'));
    expect(await as('reader', 'SELECT * FROM customers')).toBe('permission denied for table customers');
    expect(await as('reader', 'UPDATE orders SET id = id')).toBe('permission denied for table orders');
    expect(await as('worker', 'SELECT * FROM customers')).toBe('done');
  });

  test('the server gives up what nobody waits for any more', async () => {
    const timeout = async () =>
      (await admin.query(`SELECT rolconfig FROM pg_roles WHERE rolname = 'reader'`)).rows[0] as unknown;
    await make(user('reader', { StatementTimeoutSeconds: 30 }));
    expect(await timeout()).toEqual({ rolconfig: ['statement_timeout=30s'] });
    await make(user('reader', {}));
    expect(await timeout()).toEqual({ rolconfig: null });
  });
});

test('users of MySQL come by AWS’s plugin and TLS, and have what they were given alone', () => {
  const place = { engine: 'mysql', database: 'my_app', owner: 'lintel', own: true } as const;
  expect(userStatements(place, [user('app_user', { Read: ['*'], Write: ['orders', 'billing.invoices'] })])).toEqual([
    "CREATE USER IF NOT EXISTS 'app_user'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'app_user'@'%'",
    "GRANT SELECT ON `my\\_app`.* TO 'app_user'@'%'",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON `my_app`.`orders` TO 'app_user'@'%'",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON `billing`.`invoices` TO 'app_user'@'%'",
  ]);
  expect(userStatements(place, [connecting('app_user')])).toEqual([
    "CREATE USER IF NOT EXISTS 'app_user'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
  ]);
});
