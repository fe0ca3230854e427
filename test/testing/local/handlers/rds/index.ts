import { postgres, type PostgresOptions } from 'lintel/runtime';
import pg from 'pg';

interface Request {
  /** Statements, one after the other. */
  readonly sql?: readonly string[];
  /** In place of the settings of the helper. */
  readonly settings?: Partial<pg.PoolConfig>;
  readonly options?: PostgresOptions;
}

let pool: pg.Pool | undefined;

/** Runs statements on the connection that it keeps; with settings of its own, on one that it does not. */
export async function handler({ sql = [], settings, options }: Request): Promise<unknown> {
  const made = settings || options ? new pg.Pool({ ...(await postgres('DB', options)), ...settings }) : undefined;
  pool ??= new pg.Pool(await postgres('DB'));
  try {
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
