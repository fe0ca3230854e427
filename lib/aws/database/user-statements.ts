/** A database user, in the properties of the migrations' custom resource. */
export interface DatabaseUser {
  readonly Name: string;
  /** IAM only: no passwords. */
  readonly Authentication: 'iam';
  /**
   * Tables, as `orders` or `billing.invoices`; `*` is the whole schema `public`, future tables included.
   * @default - the user's tables are left alone, and what migrations grant stays
   */
  readonly Read?: readonly string[];
  readonly Write?: readonly string[];
  /**
   * Seconds after which the server cancels a statement, since its caller is gone.
   * @default - no timeout
   */
  readonly StatementTimeoutSeconds?: number;
}

/** Where users are created. */
export interface UsersPlace {
  readonly engine: 'postgres' | 'mysql';
  /** Name of the database. */
  readonly database: string;
  /** Owner of the tables, whose default privileges decide on future ones. */
  readonly owner: string;
  /** Whether the database is used by nothing else, so that PUBLIC's privileges may be revoked. */
  readonly own: boolean;
}

/**
 * Statements that create users and give each listed one exactly its privileges: whatever it had before and no longer
 * should have is revoked. Idempotent; PostgreSQL's run in one transaction, so that no user is ever without its privileges.
 */
export function userStatements(place: UsersPlace, users: readonly DatabaseUser[]): readonly string[] {
  if (place.engine === 'mysql') return users.flatMap((user) => mysqlUser(place, user));
  return [...(place.own ? closed(place) : []), ...users.flatMap((user) => postgresUser(place, user))];
}

/** In a shared database, other roles may depend on PUBLIC's privileges. */
function closed({ database }: UsersPlace): string[] {
  return [
    // Before PostgreSQL 15 anyone may create tables in `public`, and so shadow another's.
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
    `REVOKE CONNECT, TEMPORARY ON DATABASE ${name(database)} FROM PUBLIC`,
  ];
}

function postgresUser(place: UsersPlace, user: DatabaseUser): string[] {
  const who = name(user.Name);
  const timeout = user.StatementTimeoutSeconds;
  const listed = isListed(user);
  const limit = timeout === undefined ? 'RESET statement_timeout' : `SET statement_timeout = ${text(`${timeout}s`)}`;
  return [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${text(user.Name)}) THEN CREATE ROLE ${who} LOGIN; END IF; END $$`,
    `GRANT rds_iam TO ${who}`,
    `GRANT CONNECT ON DATABASE ${name(place.database)} TO ${who}`,
    ...(listed || timeout !== undefined ? [`ALTER ROLE ${who} ${limit}`] : []),
    ...(listed ? postgresRights(place, user, who) : []),
  ];
}

/** Whether the user's privileges are declared. For one without, existing grants are kept. */
function isListed({ Read, Write }: DatabaseUser): boolean {
  return Read !== undefined || Write !== undefined;
}

function postgresRights({ owner }: UsersPlace, { Name, Read = [], Write = [] }: DatabaseUser, who: string): string[] {
  return [
    takenBack(Name),
    left(Name),
    ...['TABLES', 'SEQUENCES'].map(
      (kind) => `ALTER DEFAULT PRIVILEGES FOR ROLE ${name(owner)} IN SCHEMA public REVOKE ALL ON ${kind} FROM ${who}`,
    ),
    `GRANT USAGE ON SCHEMA public TO ${who}`,
    ...Read.flatMap((table) => granted(table, 'SELECT', owner, who)),
    ...Write.flatMap((table) => [...granted(table, CHANGES, owner, who), ...sequences(table, owner, who)]),
  ];
}

/** Changing rows requires reading them. */
const CHANGES = 'SELECT, INSERT, UPDATE, DELETE';

/** Revokes a user's privileges on every table, column and sequence. */
function takenBack(user: string): string {
  return (
    `DO $$ DECLARE t record; BEGIN FOR t IN SELECT DISTINCT c.oid::regclass AS it, c.relkind AS kind ` +
    `FROM pg_class c, LATERAL (SELECT grantee FROM aclexplode(c.relacl) UNION ALL ` +
    `SELECT x.grantee FROM pg_attribute n, aclexplode(n.attacl) x WHERE n.attrelid = c.oid) a WHERE a.grantee = ${text(name(user))}::regrole ` +
    `LOOP EXECUTE format('REVOKE ALL ON %s %s FROM %I', CASE t.kind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, t.it, ${text(user)}); ` +
    `END LOOP; END $$`
  );
}

/**
 * Removes a user from every role except the one for IAM: members have their role's privileges. Since PostgreSQL 16
 * there is one membership per grantor.
 */
function left(user: string): string {
  return (
    `DO $$ DECLARE m record; BEGIN FOR m IN SELECT roleid::regrole AS it, grantor::regrole AS giver FROM pg_auth_members ` +
    `WHERE member = ${text(name(user))}::regrole AND roleid <> 'rds_iam'::regrole ` +
    `LOOP EXECUTE format('REVOKE %s FROM %I', m.it, ${text(user)}) ` +
    `|| CASE WHEN current_setting('server_version_num')::int >= 160000 THEN format(' GRANTED BY %s', m.giver) ELSE '' END; ` +
    `END LOOP; END $$`
  );
}

function granted(table: string, rights: string, owner: string, who: string): string[] {
  if (table === '*') {
    return [
      `GRANT ${rights} ON ALL TABLES IN SCHEMA public TO ${who}`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${name(owner)} IN SCHEMA public GRANT ${rights} ON TABLES TO ${who}`,
    ];
  }
  const [schema, own = schema!] = table.includes('.') ? table.split('.') : ['public', table];
  return [
    ...(schema === 'public' ? [] : [`GRANT USAGE ON SCHEMA ${name(schema!)} TO ${who}`]),
    `GRANT ${rights} ON TABLE ${name(schema!)}.${name(own)} TO ${who}`,
  ];
}

/** A `serial` column draws from a sequence, which table privileges do not include. */
function sequences(table: string, owner: string, who: string): string[] {
  if (table === '*') {
    return [
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${who}`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${name(owner)} IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${who}`,
    ];
  }
  const [schema, own = schema!] = table.includes('.') ? table.split('.') : ['public', table];
  const of = text(`${name(schema!)}.${name(own)}`);
  return [
    `DO $$ DECLARE s regclass; BEGIN FOR s IN SELECT d.objid::regclass FROM pg_depend d JOIN pg_class c ON c.oid = d.objid ` +
      `WHERE c.relkind = 'S' AND d.refobjid = ${of}::regclass AND d.deptype = 'a' ` +
      `LOOP EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', s, ${text(plain(who))}); END LOOP; END $$`,
  ];
}

function mysqlUser({ database }: UsersPlace, user: DatabaseUser): string[] {
  const { Read = [], Write = [] } = user;
  const who = `${mysqlText(user.Name)}@'%'`;
  const on = (table: string) => {
    const [schema, own = schema!] = table.includes('.') ? table.split('.') : [database, table];
    // In a grant on all tables, MySQL treats the database as a pattern, in which `_` matches any character.
    return own === '*' ? `${tick(schema!.replace(/[_%\\]/g, '\\$&'))}.*` : `${tick(schema!)}.${tick(own)}`;
  };
  return [
    `CREATE USER IF NOT EXISTS ${who} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
    ...(isListed(user) ? [`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${who}`] : []),
    ...Read.map((table) => `GRANT SELECT ON ${on(table)} TO ${who}`),
    ...Write.map((table) => `GRANT ${CHANGES} ON ${on(table)} TO ${who}`),
  ];
}

const name = (word: string) => `"${word.replaceAll('"', '""')}"`;
const plain = (quoted: string) => quoted.slice(1, -1).replaceAll('""', '"');
const text = (word: string) => `'${word.replaceAll("'", "''")}'`;
const tick = (word: string) => `\`${word.replaceAll('`', '``')}\``;
const mysqlText = (word: string) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
