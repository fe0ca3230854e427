import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { EdgeApi, EdgeDatabase } from 'lintel/edge';
import { runEdgeLocally } from 'lintel/testing';
import { alarm, created, graphOf, handler, refusal, resource } from './support';

const migrations = 'test/patterns/edge/migrations';

/** A directory with the given files, which git does not see. */
function directory(files: Readonly<Record<string, string>>): string {
  const path = '.cache/test/migrations';
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [name, sql] of Object.entries(files)) writeFileSync(`${path}/${name}`, sql);
  return path;
}

test('creates a database that a mistake cannot delete or replace', async () => {
  const graph = await graphOf(() => void new EdgeDatabase('db'));
  expect(created(graph)).toEqual(['D1Database db-database']);
  expect(resource(graph, 'db-database')).toMatchObject({
    inputs: { name: 'shop-test-db', readReplication: { mode: 'disabled' } },
    options: { protect: true, ignoreChanges: ['name'], replaceOnChanges: ['jurisdiction'] },
  });
  expect(alarm(graph)).toMatchSnapshot();
});

test('follows its settings', async () => {
  const args = { location: 'weur', readReplicas: true, databaseName: 'orders' } as const;
  const { inputs, options } = resource(await graphOf(() => void new EdgeDatabase('db', args)), 'db-database');
  expect(inputs).toMatchObject({ name: 'orders', primaryLocationHint: 'weur', readReplication: { mode: 'auto' } });
  expect(options.ignoreChanges).toBeUndefined();
});

test('stays in its jurisdiction, which nothing changes but another database', async () => {
  const graph = await graphOf(() => void new EdgeDatabase('db', { jurisdiction: 'eu' }));
  expect(resource(graph, 'db-database')).toMatchObject({
    inputs: { jurisdiction: 'eu' },
    options: { protect: true, replaceOnChanges: ['jurisdiction'] },
  });
  expect(await refusal(() => new EdgeDatabase('db', { jurisdiction: 'eu', location: 'weur' }))).toEqual([
    "'location' must not be given with 'jurisdiction', which is 'eu': the platform ignores the hint, got 'weur'; leave one of them out (db)",
  ]);
  expect(await refusal(() => new EdgeDatabase('db', { jurisdiction: 'de' as never }))).toEqual([
    expect.stringContaining("'jurisdiction' must be one of 'eu', 'fedramp', 'us', got 'de'"),
  ]);
});

test('an access that asks for sessions turns copies for reading on', async () => {
  const mode = async (program: (db: EdgeDatabase) => unknown, args = {}) =>
    resource(await graphOf(() => void program(new EdgeDatabase('db', args))), 'db-database').inputs.readReplication;
  expect(await mode((db) => db.read({ consistency: 'session' }))).toEqual({ mode: 'auto' });
  expect(await mode((db) => [db.readWrite({ consistency: 'session' }), db.read()])).toEqual({ mode: 'auto' });
  expect(await mode((db) => db.readWrite({ consistency: 'primary' }))).toEqual({ mode: 'disabled' });
  const late = async (db: EdgeDatabase) => {
    await setImmediate();
    await setImmediate();
    db.read({ consistency: 'session' });
  };
  const graph = await graphOf(() => late(new EdgeDatabase('db', { readReplicas: true })));
  expect(resource(graph, 'db-database').inputs.readReplication).toEqual({ mode: 'auto' });
});

test('refuses sessions that would have no copies to read', async () => {
  const session = { consistency: 'session' } as const;
  expect(await refusal(() => new EdgeDatabase('db', { readReplicas: false }).read(session))).toEqual([
    "'consistency' must be 'primary' when 'readReplicas' is false: there are no replicas to read, got 'session'; leave 'readReplicas' out (db)",
  ]);
  const late = async () => {
    const db = new EdgeDatabase('db');
    await setImmediate();
    await setImmediate();
    db.read(session);
  };
  expect(await refusal(late)).toEqual([
    "'consistency' must be requested before the program awaits anything, got 'session'; set 'readReplicas: true' on the database (db)",
  ]);
  expect(await refusal(() => new EdgeDatabase('db').read({ consistency: 'strong' as never }))).toEqual([
    expect.stringContaining("'consistency' must be 'primary' or 'session', got 'strong'"),
  ]);
});

test('applies migrations by their numbers, before a Worker uses the database', async () => {
  const path = directory({ '10_ten.sql': 'SELECT 10;', '9_nine.sql': 'SELECT 9;', 'README.md': 'notes' });
  const graph = await graphOf(() => {
    const db = new EdgeDatabase('db', { migrations: path });
    new EdgeApi('api', { handler, access: { DB: db.readWrite() } });
  });
  expect(created(graph)).toContain('SqlMigrations db-migrations');
  expect(resource(graph, 'db-migrations').inputs).toMatchObject({
    accountId: 'account',
    databaseId: '${cloudflare:index/d1Database:D1Database::db/db-database.id}',
    migrations: [
      { name: '9_nine.sql', sql: 'SELECT 9;' },
      { name: '10_ten.sql', sql: 'SELECT 10;' },
    ],
  });
  expect(resource(graph, 'api-worker').inputs.bindings).toEqual([
    { name: 'DB', type: 'd1', databaseId: '${cloudflare:index/d1Database:D1Database::db/db-database.id}' },
  ]);
});

test('takes migrations with triggers', async () => {
  await expect(graphOf(() => void new EdgeDatabase('db', { migrations }))).resolves.toBeDefined();
});

test('refuses a file where a directory is meant', async () => {
  expect(await refusal(() => new EdgeDatabase('db', { migrations: 'package.json' }))).toEqual([
    expect.stringContaining("'migrations' must be a directory with SQL files, got 'package.json'"),
  ]);
});

test.each([
  [{}, "'migrations' must be a directory with SQL files"],
  [{ 'orders.sql': 'SELECT 1;' }, "'migrations' must contain files with unique numbers: 0001_orders.sql"],
  [
    { '0001_a.sql': 'SELECT 1;', '1_b.sql': 'SELECT 2;' },
    "'migrations' must contain files with unique numbers: 0001_orders.sql, got '1_b.sql'; rename it (db)",
  ],
  [{ '0001_empty.sql': '-- later\n/* or never */ ' }, "'migrations' must contain files with at least one statement"],
  [
    { '0001_a.sql': 'BEGIN TRANSACTION;\nSELECT 1;\nCOMMIT;' },
    "'migrations' must not start or end transactions, got '0001_a.sql'; remove the statement: each migration is one transaction (db)",
  ],
  [
    { '0001_a.sql': 'SELECT 1; COMMIT; SELECT 2;' },
    "'migrations' must not start or end transactions, got '0001_a.sql'",
  ],
  [{ '0001_a.sql': 'CREATE TABLE a (x); end transaction' }, "'migrations' must not start or end transactions"],
  [{ '0001_a.sql': "ATTACH 'x' AS y;" }, "'migrations' must not attach, detach or vacuum databases"],
  [
    { '0001_a.sql': 'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;' },
    "'migrations' has an unterminated statement: CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;, got '0001_a.sql'; close its string, comment or trigger (db)",
  ],
])('refuses %j', async (files, message) => {
  const path = directory(files);
  expect(await refusal(() => new EdgeDatabase('db', { migrations: path }))).toEqual([expect.stringContaining(message)]);
});

test('refuses a statement that D1 does not take', async () => {
  const path = directory({ '0001_seed.sql': `INSERT INTO a VALUES ${"('x'),".repeat(20_000)}('x');` });
  expect(await refusal(() => new EdgeDatabase('db', { migrations: path }))).toEqual([
    expect.stringContaining("'migrations' must not contain a statement of more than 100000 bytes, got '0001_seed.sql'"),
  ]);
});

test('notes the state before migrations by choice', async () => {
  const graph = await graphOf(() => void new EdgeDatabase('db', { migrations, restorePoint: true }));
  expect(resource(graph, 'db-migrations').inputs).toMatchObject({ restorePoint: true });
});

describe('locally', () => {
  const start = (files: Record<string, string>) => {
    const path = directory(files);
    return runEdgeLocally(
      () => {
        const db = new EdgeDatabase('db', { migrations: path });
        new EdgeApi('api', { handler, access: { DB: db.readWrite() } });
      },
      { config: { 'cloudflare:accountId': 'account' }, onLog: () => undefined },
    );
  };
  const tables = 'CREATE TABLE a (x TEXT); CREATE TABLE log (y TEXT);';

  test('triggers of any spelling work, whatever the line endings', async () => {
    const sql = `${tables}\ncreate trigger t after insert on a begin\n insert into log values (new.x || ';');\n end;\nINSERT INTO a VALUES ('1');`;
    const run = await start({ '0001_a.sql': sql.replaceAll('\n', '\r\n') });
    try {
      expect(await run.database('db').query('SELECT y FROM log')).toEqual([{ y: '1;' }]);
    } finally {
      await run.stop();
    }
  });

  test('refuses what the platform does, and leaves nothing of it', async () => {
    await expect(start({ '0001_a.sql': `${tables} INSERT INTO none VALUES (1);` })).rejects.toThrow(
      /^migration '0001_a\.sql' failed, without a record or a change of the schema: .*no such table: none/,
    );
  });
});
