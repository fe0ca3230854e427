import { migrationChecks } from '../../lib/aws/database/migration-files';
import type { DatabaseEngine } from '../../lib/core/facts/rds';
import { statementsOf } from '../../lib/core/sql-statements';

const texts = (sql: string, engine: DatabaseEngine = 'postgres') => statementsOf(sql, engine).map(({ text }) => text);

const refused = (sql: string, engine: DatabaseEngine = 'postgres') =>
  migrationChecks(engine, 'migrations', [{ name: '0001_first.sql', sql }])
    .filter(({ valid }) => !valid())
    .map(({ rule }) => rule);

test.each<[string, DatabaseEngine, string, number]>([
  ['a semicolon in a text, a name, a comment', 'postgres', `-- a; b\nSELECT ';', ";" /* ; */; SELECT 2; -- end;`, 2],
  ['apostrophes in comments', 'postgres', "-- it's one\nSELECT 1;\n-- it's two\nSELECT 2", 2],
  ['a backslash, which escapes nothing', 'postgres', "SELECT 'a\\'; SELECT 'b'", 2],
  ['a backslash in E, which escapes', 'postgres', "SELECT E'a\\'; b'; SELECT e'c'\n'd\\'; e'", 2],
  ['a name that ends with E', 'postgres', "SELECT date'a\\'; SELECT 2", 2],
  ['comments within comments', 'postgres', '/* a /* b; */ c; */ SELECT 1; SELECT 2', 2],
  ['a body in dollars, with another in it', 'postgres', 'DO $x$ BEGIN; $$ ; $$ END $x$; SELECT 2', 2],
  ['a dollar within a name', 'postgres', 'SELECT a$b$ FROM t; SELECT b$b$', 2],
  ['the statements of a rule', 'postgres', 'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3', 2],
  [
    'an atomic body, with a CASE and names that are keywords',
    'postgres',
    'CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT t.end AS case; END; SELECT 2',
    2,
  ],
  ['atomic where it is no body', 'postgres', 'SELECT begin atomic; SELECT 2', 2],
  ['nothing but a comment', 'postgres', "-- it's all; of it", 0],
  ['a backslash, which escapes', 'mysql', 'SELECT \'a\\\'; b\', "c\\"; d"; SELECT `;`', 2],
  ['its own comments', 'mysql', "# it's; one\nSELECT 1--1; -- it's; two\nSELECT 2", 2],
  ['dollars, which mean nothing', 'mysql', 'SELECT $$; SELECT $$', 2],
])('divides at none but its semicolons: %s (%s)', (_, engine, sql, count) => {
  expect(texts(sql, engine)).toHaveLength(count);
});

test('a statement stands as it did, and is read without comments and texts', () => {
  expect(statementsOf("-- it's\nCOMMENT/**/ON TABLE a IS 'b; c' ; ", 'postgres')).toEqual([
    { text: "-- it's\nCOMMENT/**/ON TABLE a IS 'b; c'", bare: "COMMENT ON TABLE a IS ''" },
  ]);
});

test('refuses a transaction that ends between two comments, and whatever hides it', () => {
  const control = ['must not begin or end transactions'];
  expect(refused("-- it's\nCREATE TABLE a (id int);\nCOMMIT;\n-- it's done\n")).toEqual(control);
  expect(refused("SELECT 'a\\'; COMMIT; SELECT 'b'")).toEqual(control);
  expect(refused('SELECT 1; /* a /* b */ */ ABORT')).toEqual(control);
  expect(refused('/*!50000 COMMIT */', 'mysql')).toEqual(control);
  expect(refused("-- it's\nCREATE TABLE a (id int);\nREINDEX TABLE\nCONCURRENTLY a; -- it's")).toEqual([
    'must not contain what PostgreSQL refuses in a transaction, such as CREATE INDEX CONCURRENTLY',
  ]);
});

test('takes what is right, with an apostrophe, a body or a hash in it', () => {
  const atomic = 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;';
  expect(refused(`-- it's a function\n${atomic}\n-- it's all`)).toEqual([]);
  expect(refused(`-- no transaction\n${atomic}`)).toEqual([]);
  expect(
    refused("# it's one; and no more\nCREATE TABLE a (b text DEFAULT ('\\'; COMMIT; ')); -- it's", 'mysql'),
  ).toEqual([]);
});
