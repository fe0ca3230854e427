import { type DatabasePlace, placeOf } from './place';
import { secretIn } from './secret';
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
  /** A fresh token for each connection; of Neon, what the secret says by then. */
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
 * execution environment, signed in by IAM, by TLS that is verified. Of an `HttpDatabase`, those of Aurora DSQL and Neon as well, which
 * signs in by its secret; DSQL ends each connection after an hour, and refuses a transaction that another came before: see `retryConflicts()`.
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
  const place = process.env[`${access}_KIND`] === 'neon' ? undefined : placeOf(access);
  return {
    ...(place ? await login(place) : await neonLogin(access)),
    application_name: options.applicationName ?? process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'lintel',
    ssl: mutable(trustOf({ direct: place?.direct ?? false }, ca)),
    max: 1,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
    connectionTimeoutMillis: connectTimeout,
    ...(queryTimeout !== undefined && { query_timeout: queryTimeout }),
    Client: await steadyClient(),
  };
}

type Login = Pick<PostgresSettings, 'host' | 'port' | 'database' | 'user' | 'password'>;

async function login(place: DatabasePlace): Promise<Login> {
  const { host, port, name: database, user } = place;
  return { host, port, database, user, password: tokensFor(place) };
}

/** Neon is told of by a connection string in a secret, which is read anew with each connection. */
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

/** `pg` declares what it only reads as changeable. */
function mutable({ rejectUnauthorized, ca }: Trust): PostgresSettings['ssl'] {
  return { rejectUnauthorized, ...(ca && { ca: [...ca] }) };
}
