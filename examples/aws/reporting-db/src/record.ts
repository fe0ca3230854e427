import { postgres } from 'lintel/runtime';
import pg from 'pg';

/** A sale, as a till sends it. */
export interface Sale {
  readonly id: string;
  readonly shop: string;
  readonly cents: number;
}

// One connection for each environment, kept from one invocation to the next.
const pool = postgres('DB', { queryTimeout: 5000 }).then((settings) => new pg.Pool(settings));

/** Records a sale, once. */
export async function handler({ id, shop, cents }: Sale): Promise<{ readonly recorded: boolean }> {
  const { rowCount } = await (
    await pool
  ).query('INSERT INTO sales (id, shop, cents) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING', [id, shop, cents]);
  return { recorded: rowCount === 1 };
}
