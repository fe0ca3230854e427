import { postgres, type PostgresOptions } from 'lintel/runtime';
import pg from 'pg';

interface Request {
  /** Statements, one after the other. */
  readonly sql?: readonly string[];
  /** In place of the settings of the helper. */
  readonly settings?: Partial<pg.PoolConfig>;
  readonly options?: PostgresOptions;
  /** Asks the server to end the first statement while it runs. */
  readonly cancel?: boolean;
}

let pool: pg.Pool | undefined;

/** Runs statements on the connection that it keeps; with settings of its own, on one that it does not. */
export async function handler({ sql = [], settings, options, cancel = false }: Request): Promise<unknown> {
  const made = settings || options ? new pg.Pool({ ...(await postgres('DB', options)), ...settings }) : undefined;
  pool ??= new pg.Pool(await postgres('DB'));
  try {
    if (cancel) return await cancelled(pool, sql[0]!);
    let rows: unknown;
    for (const one of sql) ({ rows } = await (made ?? pool).query(one));
    return rows;
  } catch (error) {
    const { message, code } = error as { readonly message: string; readonly code?: string };
    return { message, code };
  } finally {
    await made?.end();
  }
}

/** What of `pg` asks for the end of a query, by what the server gave the client of it. */
interface Cancelling {
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: {
    connect(port: number, host: string): void;
    cancel(processID: number, secretKey: number): void;
    on(event: 'connect' | 'end', listener: () => void): void;
  };
}

async function cancelled(from: pg.Pool, sql: string): Promise<unknown> {
  const client = await from.connect();
  try {
    const running = client.query(sql);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { processID, secretKey } = client as unknown as Cancelling;
    const { host, port } = await postgres('DB');
    const { connection } = new pg.Client({ ssl: false }) as unknown as Cancelling;
    const closed = new Promise<void>((resolve) => connection.on('end', resolve));
    connection.on('connect', () => connection.cancel(processID, secretKey));
    connection.connect(port, host);
    await closed;
    return (await running).rows;
  } finally {
    client.release();
  }
}
