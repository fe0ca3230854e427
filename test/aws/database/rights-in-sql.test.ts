import { rightsIn } from '../../../lib/aws/database/rights-in-sql';

test.each([
  'CREATE TABLE orders (id int); -- GRANT comes later',
  "INSERT INTO words VALUES ('GRANT ALL')",
  'CREATE INDEX orders_owner_id ON orders (owner_id)',
  'CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
])('nothing is said of rights by %s', (sql) => {
  expect(rightsIn(sql, 'postgres')).toBe('none');
});

test.each([
  'GRANT SELECT ON orders TO worker',
  'CREATE TABLE a (id int); REVOKE ALL ON TABLE "Orders" FROM worker; GRANT SELECT (id) ON ALL TABLES IN SCHEMA public TO worker',
  'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO worker',
])('only the rights of users to tables are in %s', (sql) => {
  expect(rightsIn(sql, 'postgres')).toBe('tables');
});

test.each([
  'GRANT admin TO worker',
  'GRANT SELECT ON orders TO PUBLIC',
  'GRANT SELECT ON orders TO rds_iam',
  'GRANT EXECUTE ON FUNCTION refund(int) TO worker',
  'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO worker',
  'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO worker',
  'CREATE FUNCTION refund() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$',
  "DO $$ BEGIN EXECUTE 'GRANT ALL ON orders TO worker'; END $$",
  'ALTER TABLE orders OWNER TO worker',
  'CREATE POLICY own ON orders USING (true)',
  'ALTER ROLE worker SUPERUSER',
  'SET ROLE worker',
  'SET SESSION AUTHORIZATION worker',
  'CREATE SCHEMA own AUTHORIZATION worker',
  'GRANT SELECT ON orders TO worker; GRANT admin TO worker',
])('more than that is in %s', (sql) => {
  expect(rightsIn(sql, 'postgres')).toBe('more');
});

test('MySQL’s comments and texts that are run are read', () => {
  expect(rightsIn('/*!80000 GRANT admin TO worker */', 'mysql')).toBe('more');
  expect(rightsIn("PREPARE s FROM 'GRANT admin TO worker'; EXECUTE s", 'mysql')).toBe('more');
  expect(rightsIn("SET @s = 'GRANT admin TO worker'; PREPARE s FROM @s; EXECUTE s", 'mysql')).toBe('more');
  expect(rightsIn("CREATE DEFINER = 'root'@'%' VIEW v AS SELECT 1", 'mysql')).toBe('more');
});
