import { secretIn } from './secret';

/** Settings for `new Redis(...)` of `@upstash/redis`. */
export interface UpstashSettings {
  /** `https://...upstash.io`. */
  readonly url: string;
  /** From the secret. */
  readonly token: string;
}

/** Settings for `createClient(...)` of `@libsql/client/web`. */
export interface TursoSettings {
  /** `https://...turso.io`. */
  readonly url: string;
  /** From the secret. */
  readonly authToken: string;
}

/** Settings for `new Client(...)` of `@planetscale/database`. */
export interface PlanetscaleSettings {
  /** Host of its HTTP API. */
  readonly host: string;
  /** From the secret. */
  readonly username: string;
  /** From the secret. */
  readonly password: string;
}

/** What each command of `@aws-sdk/client-rds-data` needs besides its statement. */
export interface DataApiSettings {
  /** The cluster. */
  readonly resourceArn: string;
  /** The user's secret, which the Data API reads with the function's permissions. */
  readonly secretArn: string;
  /** The database within the cluster. */
  readonly database: string;
}

/**
 * Redis over HTTP: each command, or pipeline of commands, is a separate request.
 * @param access the name in the function's `access`
 * @throws Error when the access is of another kind, or its secret has other content
 */
export async function upstash(access: string): Promise<UpstashSettings> {
  kindOf(access, 'upstash');
  return { url: variable(access, 'URL'), token: await tokenOf(access) };
}

/**
 * SQLite over HTTP: each statement, batch or interactive transaction of the driver is a request or a few.
 * @param access the name in the function's `access`
 * @throws Error when the access is of another kind, or its secret has other content
 */
export async function turso(access: string): Promise<TursoSettings> {
  kindOf(access, 'turso');
  // The driver for the web speaks HTTP, whatever the scheme is called.
  return { url: variable(access, 'URL').replace(/^libsql:/, 'https:'), authToken: await tokenOf(access) };
}

/**
 * MySQL over HTTP: a statement is a request.
 * @param access the name in the function's `access`
 * @throws Error when the access is of another kind, or its secret has other content
 */
export async function planetscale(access: string): Promise<PlanetscaleSettings> {
  kindOf(access, 'planetscale');
  const { host, username, password } = objectIn(access, await secretIn(variable(access, 'SECRET_ARN')));
  if (!host || !username || !password) throw unusable(access, 'JSON with host, username and password');
  return { host, username, password };
}

/**
 * An Aurora cluster through its Data API, to spread into a command: `new ExecuteStatementCommand({ ...dataApi('DB'), sql })`. A response
 * has at most 1 MiB, and a statement 45 seconds.
 * @param access the name in the function's `access`
 * @throws Error when the access is of another kind
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
 */
export function dataApi(access: string): DataApiSettings {
  kindOf(access, 'data-api');
  return {
    resourceArn: variable(access, 'CLUSTER_ARN'),
    secretArn: variable(access, 'SECRET_ARN'),
    database: variable(access, 'NAME'),
  };
}

function kindOf(access: string, expected: string): void {
  const kind = variable(access, 'KIND');
  if (kind !== expected) throw new Error(`The database '${access}' is of kind '${kind}', not '${expected}'`);
}

/** The secret is the token itself, or JSON that contains it. */
async function tokenOf(access: string): Promise<string> {
  const secret = await secretIn(variable(access, 'SECRET_ARN'));
  const token = secret.startsWith('{') ? objectIn(access, secret).token : secret.trim();
  if (!token) throw unusable(access, 'a token, or JSON containing one');
  return token;
}

function objectIn(access: string, secret: string): Readonly<Record<string, string | undefined>> {
  try {
    return JSON.parse(secret) as Record<string, string>;
  } catch {
    throw unusable(access, 'JSON');
  }
}

/** The message must not reveal anything in the secret. */
function unusable(access: string, expected: string): Error {
  return new Error(`The secret of the database '${access}' must be ${expected}`);
}

/** A variable that the construct sets. */
function variable(access: string, part: string): string {
  const value = process.env[`${access}_${part}`];
  if (value) return value;
  throw new Error(
    `The variable '${access}_${part}' is not set; name the database in 'access': { ${access}: db.connect() }`,
  );
}
