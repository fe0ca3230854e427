import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { EdgeApi, EdgeDatabase } from 'lintel/edge';
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
    options: { protect: true, ignoreChanges: ['name'] },
  });
  expect(alarm(graph)).toMatchSnapshot();
});

test('follows its settings', async () => {
  const args = { location: 'weur', readReplicas: true, databaseName: 'orders' } as const;
  const { inputs, options } = resource(await graphOf(() => void new EdgeDatabase('db', args)), 'db-database');
  expect(inputs).toMatchObject({ name: 'orders', primaryLocationHint: 'weur', readReplication: { mode: 'auto' } });
  expect(options.ignoreChanges).toBeUndefined();
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
  [{ 'orders.sql': 'SELECT 1;' }, "'migrations' must hold files named by a number of their own"],
  [
    { '0001_a.sql': 'SELECT 1;', '1_b.sql': 'SELECT 2;' },
    "'migrations' must hold files named by a number of their own: 0001_orders.sql, got '1_b.sql'; rename it (db)",
  ],
  [{ '0001_empty.sql': '-- later\n/* or never */ ' }, "'migrations' must hold files with at least one statement"],
  [
    { '0001_a.sql': 'BEGIN TRANSACTION;\nSELECT 1;\nCOMMIT;' },
    "'migrations' must not start or end transactions, got '0001_a.sql'; remove the statement: each migration is one transaction (db)",
  ],
])('refuses %j', async (files, message) => {
  const path = directory(files);
  expect(await refusal(() => new EdgeDatabase('db', { migrations: path }))).toEqual([expect.stringContaining(message)]);
});

test('refuses a statement that D1 does not take', async () => {
  const path = directory({ '0001_seed.sql': `INSERT INTO a VALUES ${"('x'),".repeat(20_000)}('x');` });
  expect(await refusal(() => new EdgeDatabase('db', { migrations: path }))).toEqual([
    expect.stringContaining("'migrations' must not hold a statement of more than 100000 bytes, got '0001_seed.sql'"),
  ]);
});
