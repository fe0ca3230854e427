import { postgres } from 'lintel/runtime';
import pg from 'pg';

const pool = postgres('DB', { queryTimeout: 5000 }).then((settings) => new pg.Pool(settings));

/** What each shop has sold, in cents. */
export async function handler(): Promise<Record<string, number>> {
  const { rows } = await (
    await pool
  ).query<{ shop: string; cents: string }>('SELECT shop, sum(cents) AS cents FROM sales GROUP BY shop ORDER BY shop');
  return Object.fromEntries(rows.map(({ shop, cents }) => [shop, Number(cents)]));
}
