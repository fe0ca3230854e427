import type { Database } from './database/database';
import type { Proxy } from './proxy/proxy';
import type { Row } from './wire/query';

/** A PostgreSQL database of a run, for tests, with full access. */
export interface LocalPostgres {
  /** Its initial database; `postgres` if the template names none. */
  readonly name: string;
  /** Connects a test client as the superuser, bypassing proxies. */
  readonly connectionString: string;
  /** `max_connections`, from the template or derived from its size. */
  readonly maxConnections: number;
  /** Runs statements in the database `postgres` as the superuser, for roles and settings; values are returned as text. */
  sql(statements: string): Promise<readonly Row[]>;
}

/** A proxy of a run, for tests. */
export interface LocalProxy {
  /** Connected clients. */
  readonly clients: number;
  /** Pinned clients. */
  readonly pinned: number;
  /** Open connections to the database. */
  readonly connections: number;
  /** Peak number of database connections. */
  readonly peak: number;
  /** How many times the borrow timeout expired. */
  readonly timeouts: number;
  /** The statements that pinned clients, in order. */
  readonly pins: readonly { readonly sql: string; readonly reason: string }[];
}

/** A test's handle of a database. */
export function databaseHandle(database: Database): LocalPostgres {
  const { engine, initialDatabase: name } = database;
  return {
    name,
    connectionString: engine?.connectionString(name) ?? '',
    maxConnections: database.limit,
    sql: async (statements) => engine?.query(statements) ?? [],
  };
}

/** A test's handle of a proxy. */
export function proxyHandle(proxy: Proxy): LocalProxy {
  return { ...proxy.use, pins: [...proxy.pins] };
}
