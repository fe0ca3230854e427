import { setTimeout as sleep } from 'node:timers/promises';

/** How to retry work. */
export interface RetryOptions {
  /**
   * Attempts in total.
   * @default 5
   */
  readonly attempts?: number;
}

/** A transaction that conflicted with another: nothing in it was done. */
const CONFLICT = '40001';
const PAUSE = 20;
const LONGEST = 1000;

/**
 * Retries a whole transaction after a conflict, as needed for Aurora DSQL and serializable transactions. Anything it does outside of
 * the database is repeated as well.
 *
 * @example
 * import { retryConflicts } from 'lintel/runtime';
 * import type { Pool } from 'pg';
 *
 * export const book = (pool: Pool, id: string) =>
 *   retryConflicts(async () => {
 *     const client = await pool.connect();
 *     try {
 *       await client.query('BEGIN');
 *       await client.query('UPDATE seats SET free = free - 1 WHERE id = $1', [id]);
 *       await client.query('COMMIT');
 *     } catch (error) {
 *       await client.query('ROLLBACK');
 *       throw error;
 *     } finally {
 *       client.release();
 *     }
 *   });
 *
 * @throws the last conflict; any other error immediately
 * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-concurrency-control.html
 */
export async function retryConflicts<T>(work: () => Promise<T>, { attempts = 5 }: RetryOptions = {}): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if ((error as { readonly code?: unknown } | null)?.code !== CONFLICT || attempt >= attempts) throw error;
      // Without jitter, the same transactions would conflict again.
      await sleep(Math.random() * Math.min(LONGEST, PAUSE * 2 ** attempt));
    }
  }
}
