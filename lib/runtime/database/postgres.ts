import { type ConnectionSettings, connectionSettings } from './connection-settings';
import { secretIn } from './secret';
import { type SteadyClientClass, steadyClient } from './steady-client';
import { type NewToken, tokensFor } from './token';
import { type Trust, trustOf } from './trust';

/** Options of `postgres()`. */
export interface PostgresOptions {
  /**
   * How long the client waits for the answer to a statement, in milliseconds. Not a `statement_timeout`: the proxy refuses that
   * in the startup message, and a `SET` would pin the connection. To stop it on the server, use `ALTER ROLE ... SET statement_timeout`.
   * @default - only the function's timeout
   */
  readonly queryTimeout?: number;
  /**
   * How long connecting may take, in milliseconds.
   * @default 10000
   */
  readonly connectTimeout?: number;
  /**
   * The name shown in `pg_stat_activity`, at most 63 bytes.
   * @default - the function's name
   */
  readonly applicationName?: string;
  /**
   * CA certificates to trust in addition to those of Node.js, in PEM.
   * @default - none for a proxy; for a direct connection those of RDS in Lambda's runtime
   */
  readonly ca?: string;
}

/** Settings for `new pg.Pool(...)`. */
export interface PostgresSettings {
  /** The proxy's, or the database's without one. */
  readonly host: string;
  /** 5432, unless the template says otherwise. */
  readonly port: number;
  /** The database within it. */
  readonly database: string;
  /** The user to sign in as. */
  readonly user: string;
  /** A fresh token per connection; for Neon, the password currently in the secret. */
  readonly password: NewToken;
  /** The name shown in `pg_stat_activity`. */
  readonly application_name: string;
  /** TLS, with the server verified. */
  readonly ssl: { rejectUnauthorized: true; ca?: string[] };
  /** One: an environment runs one invocation at a time. */
  readonly max: 1;
  /** Never: the proxy closes what is idle for too long, and in a frozen environment a timer only fires too late. */
  readonly idleTimeoutMillis: 0;
  /** An idle connection does not keep an invocation from ending. */
  readonly allowExitOnIdle: true;
  /** How long connecting may take. */
  readonly connectionTimeoutMillis: number;
  /** How long the client waits for an answer, in milliseconds. */
  readonly query_timeout?: number;
  /** Replaces a connection that died while idle, before the next statement is sent. */
  readonly Client: SteadyClientClass;
}

/**
 * Settings for a PostgreSQL database in the function's `access`, for a pool outside of the handler: one connection per
 * execution environment, with IAM authentication and verified TLS. For an `HttpDatabase`, this includes Aurora DSQL and Neon, which
 * signs in with its secret; DSQL ends each connection after an hour, and refuses a conflicting transaction: see `retryConflicts()`.
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
  const { queryTimeout, connectTimeout = 10_000, ca } = options;
  const settings = process.env[`${access}_KIND`] === 'neon' ? undefined : connectionSettings(access);
  return {
    ...(settings ? await login(settings) : await neonLogin(access)),
    application_name: options.applicationName ?? process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'lintel',
    ssl: mutable(trustOf({ direct: settings?.direct ?? false }, ca)),
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    connectionTimeoutMillis: connectTimeout,
    ...(queryTimeout !== undefined && { query_timeout: queryTimeout }),
    Client: await steadyClient(),
  };
}

type Login = Pick<PostgresSettings, 'host' | 'port' | 'database' | 'user' | 'password'>;

async function login(settings: ConnectionSettings): Promise<Login> {
  const { host, port, name: database, user } = settings;
  return { host, port, database, user, password: tokensFor(settings) };
}

/** Neon's settings are a connection string in a secret, read anew for each connection. */
async function neonLogin(access: string): Promise<Login> {
  const arn = process.env[`${access}_SECRET_ARN`] ?? '';
  const read = async () => {
    const secret = await secretIn(arn);
    if (!URL.canParse(secret)) throw new Error(`The secret of the database '${access}' must be a connection string`);
    return new URL(secret);
  };
  const { hostname: host, port, pathname, username } = await read();
  return {
    host,
    port: Number(port || 5432),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password: async () => decodeURIComponent((await read()).password),
  };
}

/** `pg` declares as mutable what it only reads. */
function mutable({ rejectUnauthorized, ca }: Trust): PostgresSettings['ssl'] {
  return { rejectUnauthorized, ...(ca && { ca: [...ca] }) };
}
