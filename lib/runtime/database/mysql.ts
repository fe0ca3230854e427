import { connectionSettings } from './connection-settings';
import { openSteadily } from './steady-pool';
import { tokensFor } from './token';
import { trustOf } from './trust';

/** Options of `mysql()`. */
export interface MysqlOptions {
  /**
   * How long connecting may take, in milliseconds.
   * @default 10000
   */
  readonly connectTimeout?: number;
  /**
   * CA certificates to trust in addition to those of Node.js, in PEM.
   * @default - none for a proxy; for a direct connection those of RDS in Lambda's runtime
   */
  readonly ca?: string;
}

/** Settings for `mysql2.createPool(...)`. */
export interface MysqlSettings {
  /** The proxy's, or the database's without one. */
  readonly host: string;
  /** 3306, unless the template says otherwise. */
  readonly port: number;
  /** The database within it. */
  readonly database: string;
  /** The user to sign in as. */
  readonly user: string;
  /** TLS, with host name verification. */
  readonly ssl: { rejectUnauthorized: true; verifyIdentity: true; ca?: string[] };
  /** One: an environment runs one invocation at a time. */
  readonly connectionLimit: 1;
  /** In milliseconds. */
  readonly connectTimeout: number;
  /** Opens a connection, and lets the pool replace one that died while idle before the next statement is sent. */
  readonly stream: typeof openSteadily;
  /** Signs a fresh token per connection, and gives it only to a server verified by TLS. */
  readonly authPlugins: {
    readonly mysql_clear_password: (metadata: { readonly connection: unknown }) => () => Promise<Buffer>;
  };
}

/**
 * Settings for a MySQL database in the function's `access`, for a pool outside of the handler: one connection per
 * execution environment, with IAM authentication and verified TLS. Use `query()`: what `execute()` prepares pins the connection to one
 * of the database's.
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
 * @throws Error when the variables are not set, or the port is invalid
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-pinning.html
 */
export async function mysql(access: string, options: MysqlOptions = {}): Promise<MysqlSettings> {
  const settings = connectionSettings(access);
  const { rejectUnauthorized, ca } = trustOf(settings, options.ca);
  const newToken = tokensFor(settings);
  return {
    host: settings.host,
    port: settings.port,
    database: settings.name,
    user: settings.user,
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

/** Without verified TLS the token would go to whoever is listening; with `ssl` set, `mysql2` refuses a server without TLS. */
function checkVerified(connection: unknown): void {
  const { ssl } = (connection as { readonly config?: { readonly ssl?: Partial<MysqlSettings['ssl']> } }).config ?? {};
  if (ssl?.rejectUnauthorized === true && ssl.verifyIdentity === true) return;
  throw new Error(
    'the server asks for the token in clear text, but TLS does not verify its identity; leave `ssl` as it is',
  );
}
