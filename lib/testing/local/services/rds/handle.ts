import type { Database } from './database/database';
import type { Proxy } from './proxy/proxy';
import type { Row } from './wire/ask';

/** A PostgreSQL database of a run, for tests, with full access. */
export interface LocalPostgres {
  /** Its initial database; `postgres` if the template names none. */
  readonly name: string;
  /** How a test client connects: as the superuser, bypassing every proxy. */
  readonly connectionString: string;
  /** `max_connections`, as the template has it or as its size gives it. */
  readonly maxConnections: number;
  /** Runs statements in the database `postgres` as the superuser, for roles and settings; values come as text. */
  sql(statements: string): Promise<readonly Row[]>;
}

/** A proxy of a run, for tests. */
export interface LocalProxy {
  /** Clients at this moment. */
  readonly clients: number;
  /** Those of them that are pinned. */
  readonly pinned: number;
  /** Its connections to the database at this moment. */
  readonly connections: number;
  /** The most at one time. */
  readonly peak: number;
  /** How often no connection became free within the borrow timeout. */
  readonly timeouts: number;
  /** What has pinned clients, in order. */
  readonly pins: readonly { readonly sql: string; readonly reason: string }[];
}

/** A test's handle of a database. */
export function databaseHandle(database: Database): LocalPostgres {
  const { engine, initialDatabase: name } = database;
  return {
    name,
    connectionString: engine?.connectionString(name) ?? '',
    maxConnections: database.limit,
    sql: async (statements) => engine?.ask(statements) ?? [],
  };
}

/** A test's handle of a proxy. */
export function proxyHandle(proxy: Proxy): LocalProxy {
  return { ...proxy.use, pins: [...proxy.pins] };
}
