import { placeOf } from './place';
import { type SteadyClientClass, steadyClient } from './steady-client';
import { type NewToken, tokensFor } from './token';
import { type Trust, trustOf } from './trust';

/** What `postgres()` may be told. */
export interface PostgresOptions {
  /**
   * How long the client waits for the answer to a statement, in milliseconds. It is no `statement_timeout`: the proxy refuses that
   * in the startup message, and a `SET` would pin the connection. In the server, `ALTER ROLE ... SET statement_timeout` ends it.
   * @default - no limit but the function's timeout
   */
  readonly queryTimeout?: number;
  /**
   * How long connecting may take, in milliseconds.
   * @default 10000
   */
  readonly connectTimeout?: number;
  /**
   * As `pg_stat_activity` shows it, at most 63 bytes.
   * @default - the function's name
   */
  readonly applicationName?: string;
  /**
   * Certificates to trust beside those of Node.js, in PEM.
   * @default - for a proxy none; for a direct connection those of RDS in Lambda's runtime
   */
  readonly ca?: string;
}

/** Settings for `new pg.Pool(...)`. */
export interface PostgresSettings {
  /** The proxy's, or the database's where nothing is before it. */
  readonly host: string;
  /** 5432, unless the template says otherwise. */
  readonly port: number;
  /** The database within it. */
  readonly database: string;
  /** Who signs in. */
  readonly user: string;
  /** Signs a fresh token for each connection. */
  readonly password: NewToken;
  /** As `pg_stat_activity` shows it. */
  readonly application_name: string;
  /** TLS, with the server looked at. */
  readonly ssl: { rejectUnauthorized: true; ca?: string[] };
  /** One: an environment runs one invocation at a time. */
  readonly max: 1;
  /** Never: the proxy closes what is idle for too long, and a timer of a frozen environment only fires too late. */
  readonly idleTimeoutMillis: 0;
  /** An idle connection keeps no invocation from ending. */
  readonly allowExitOnIdle: true;
  /** How long connecting may take. */
  readonly connectionTimeoutMillis: number;
  /** How long the client waits for an answer, in milliseconds. */
  readonly query_timeout?: number;
  /** Replaces a connection that died while it was idle, before the next statement is sent. */
  readonly Client: SteadyClientClass;
}

/**
 * Settings of a PostgreSQL database in the function's `access`, for a pool outside of the handler: one connection for each
 * execution environment, signed in by IAM, by TLS that is verified.
 *
 * @example
 * import { postgres } from 'lintel/runtime';
 * import pg from 'pg';
 *
 * const pool = postgres('DB').then((settings) => new pg.Pool(settings));
 *
 * export async function handler({ id }: { id: string }) {
 *   const { rows } = await (await pool).query('SELECT * FROM orders WHERE id = $1', [id]);
 *   return rows[0];
 * }
 *
 * @param access the name in the function's `access`
 * @throws Error when the variables are not set, or a package is missing
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */
export async function postgres(access: string, options: PostgresOptions = {}): Promise<PostgresSettings> {
  const place = placeOf(access);
  const { queryTimeout, connectTimeout = 10_000, ca } = options;
  return {
    host: place.host,
    port: place.port,
    database: place.name,
    user: place.user,
    password: await tokensFor(place),
    application_name: options.applicationName ?? process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'lintel',
    ssl: mutable(trustOf(place, ca)),
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    connectionTimeoutMillis: connectTimeout,
    ...(queryTimeout !== undefined && { query_timeout: queryTimeout }),
    Client: await steadyClient(),
  };
}

/** `pg` declares what it only reads as changeable. */
function mutable({ rejectUnauthorized, ca }: Trust): PostgresSettings['ssl'] {
  return { rejectUnauthorized, ...(ca && { ca: [...ca] }) };
}
