import { statementsOf } from '../../../lib/edge/d1/statements';

const texts = (sql: string) => statementsOf(sql).map(({ text }) => text);

test.each<[string, string[]]>([
  ['SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2']],
  ["INSERT INTO a VALUES ('x; y'); -- z; w\nSELECT 1;", ["INSERT INTO a VALUES ('x; y')", '-- z; w\nSELECT 1']],
  ['/* a; b */ SELECT "c;d", `e;f`, [g;h];', ['/* a; b */ SELECT "c;d", `e;f`, [g;h]']],
  [';; -- nothing\n', []],
  [
    'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END; SELECT 3;',
    ['CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END', 'SELECT 3'],
  ],
  [
    'create temp trigger t after insert on a begin select case when 1 then case 2 when 2 then 3 end end; end; select 4',
    [
      'create temp trigger t after insert on a begin select case when 1 then case 2 when 2 then 3 end end; end',
      'select 4',
    ],
  ],
  ["SELECT 'it''s; one'; SELECT 2", ["SELECT 'it''s; one'", 'SELECT 2']],
])('splits %j', (sql, statements) => {
  expect(texts(sql)).toEqual(statements);
  expect(statementsOf(sql).some(({ isOpen }) => isOpen)).toBe(false);
});

test.each([
  "SELECT 'a",
  'SELECT 1 /* never',
  'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;',
  'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2; END;',
])('says that %j does not end', (sql) => {
  expect(statementsOf(sql).some(({ isOpen }) => isOpen)).toBe(true);
});
