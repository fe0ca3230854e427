import { placeOf } from './place';
import { openSteadily } from './steady-pool';
import { tokensFor } from './token';
import { trustOf } from './trust';

/** What `mysql()` may be told. */
export interface MysqlOptions {
  /**
   * How long connecting may take, in milliseconds.
   * @default 10000
   */
  readonly connectTimeout?: number;
  /**
   * Certificates to trust beside those of Node.js, in PEM.
   * @default - for a proxy none; for a direct connection those of RDS in Lambda's runtime
   */
  readonly ca?: string;
}

/** Settings for `mysql2.createPool(...)`. */
export interface MysqlSettings {
  /** The proxy's, or the database's where nothing is before it. */
  readonly host: string;
  /** 3306, unless the template says otherwise. */
  readonly port: number;
  /** The database within it. */
  readonly database: string;
  /** Who signs in. */
  readonly user: string;
  /** TLS, with the name of the server looked at. */
  readonly ssl: { rejectUnauthorized: true; verifyIdentity: true; ca?: string[] };
  /** One: an environment runs one invocation at a time. */
  readonly connectionLimit: 1;
  /** In milliseconds. */
  readonly connectTimeout: number;
  /** Opens a connection, and has the pool replace one that died while it was idle, before the next statement is sent. */
  readonly stream: typeof openSteadily;
  /** Signs a fresh token for each connection, and gives it to a server that TLS has verified only. */
  readonly authPlugins: {
    readonly mysql_clear_password: (metadata: { readonly connection: unknown }) => () => Promise<Buffer>;
  };
}

/**
 * Settings of a MySQL database in the function's `access`, for a pool outside of the handler: one connection for each
 * execution environment, signed in by IAM, by TLS that is verified. Use `query()`: what `execute()` prepares pins the connection to one
 * of the database.
 *
 * @example
 * import { mysql } from 'lintel/runtime';
 * import mysql2 from 'mysql2/promise';
 *
 * const pool = mysql('DB').then((settings) => mysql2.createPool(settings));
 *
 * export async function handler({ id }: { id: string }) {
 *   const [rows] = await (await pool).query('SELECT * FROM orders WHERE id = ?', [id]);
 *   return rows;
 * }
 *
 * @param access the name in the function's `access`
 * @throws Error when the variables are not set, or the port is none
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */
export async function mysql(access: string, options: MysqlOptions = {}): Promise<MysqlSettings> {
  const place = placeOf(access);
  const { rejectUnauthorized, ca } = trustOf(place, options.ca);
  const newToken = tokensFor(place);
  return {
    host: place.host,
    port: place.port,
    database: place.name,
    user: place.user,
    ssl: { rejectUnauthorized, verifyIdentity: true, ...(ca && { ca: [...ca] }) },
    connectionLimit: 1,
    connectTimeout: options.connectTimeout ?? 10_000,
    stream: openSteadily,
    authPlugins: {
      mysql_clear_password:
        ({ connection }) =>
        async () => {
          checkVerified(connection);
          return Buffer.from(`${await newToken()}\0`);
        },
    },
  };
}

/** Without verified TLS the token would go to whoever listens; `mysql2` refuses a server that has no TLS where `ssl` is set. */
function checkVerified(connection: unknown): void {
  const { ssl } = (connection as { readonly config?: { readonly ssl?: Partial<MysqlSettings['ssl']> } }).config ?? {};
  if (ssl?.rejectUnauthorized === true && ssl.verifyIdentity === true) return;
  throw new Error(
    'the server asks for the token in clear text, but TLS does not verify who it is; leave `ssl` as it is',
  );
}
