/** A D1 database, as far as it is used here. */
export interface Database {
  prepare(sql: string): Statement;
}

interface Statement {
  bind(...values: readonly unknown[]): Statement;
  first<Row>(): Promise<Row | null>;
  run(): Promise<unknown>;
}

/** Someone is processing it, or was and crashed: until the lease ends, it is theirs. */
export class InProgress extends Error {
  override readonly name = 'InProgress';

  constructor(readonly seconds: number) {
    super(`The event is being processed; it is retried in ${seconds} seconds`);
  }
}

/** Milliseconds after which no one can still be processing a batch: a consumer's time limit. */
const LEASE = 15 * 60_000;
/**
 * Milliseconds for which an event is remembered: the longest path of a second copy, through the hub's queue and dead-letter
 * queue, redriven, through the subscription's and its dead-letter queue, redriven, with a day for the last redrive.
 */
const KEPT = (4 + 14 + 4 + 4 + 14 + 4 + 1) * 86_400_000;
/**
 * Milliseconds before each further look at what another is processing; after that it is retried later. With the claim this makes at most
 * four queries per message: 401 for a batch of 100, and 41 for one of 10, where D1 allows 1,000 per invocation, and 50 on
 * the free plan.
 * @see https://developers.cloudflare.com/d1/platform/limits/
 */
const PAUSES = [500, 2000];
/** Rows deleted at once. */
const FORGOTTEN = 100;

/** Does something once per key, however often it is called; failed work may be retried. */
export async function once(
  database: Database,
  { key, now }: { readonly key: string; readonly now: Date },
  work: () => Promise<void>,
): Promise<void> {
  const claim = crypto.randomUUID();
  const [at, until, expires] = [now.getTime(), now.getTime() + LEASE, now.getTime() + KEPT];
  const own = await database
    .prepare(
      `INSERT INTO processed (id, claim, until, expires) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (id) DO UPDATE SET claim = ?2, until = ?3, expires = ?4
       WHERE (processed.claim IS NOT NULL AND processed.until <= ?5) OR processed.expires <= ?5 RETURNING id`,
    )
    .bind(key, claim, until, expires, at)
    .first();
  if (own === null) return busy(database, key, at);
  try {
    await work();
  } catch (error) {
    await database.prepare('DELETE FROM processed WHERE id = ?1 AND claim = ?2').bind(key, claim).run();
    throw error;
  }
  await database.prepare('UPDATE processed SET claim = NULL WHERE id = ?1 AND claim = ?2').bind(key, claim).run();
}

/**
 * Waits a while for whoever is processing it; copies mostly come together.
 * @throws InProgress unless it is done
 */
async function busy(database: Database, key: string, at: number): Promise<void> {
  const look = database.prepare('SELECT claim, until FROM processed WHERE id = ?1').bind(key);
  for (let looks = 0; ; looks++) {
    const found = await look.first<{ readonly claim: string | null; readonly until: number }>();
    // If it is gone, whoever had it has just failed.
    if (found === null) throw new InProgress(1);
    if (found.claim === null) return;
    const pause = PAUSES[looks];
    if (pause === undefined) throw new InProgress(Math.max(1, Math.ceil((found.until - at) / 1000)));
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Deletes some expired rows. */
export async function forget(database: Database, now: Date): Promise<void> {
  await database
    .prepare(`DELETE FROM processed WHERE id IN (SELECT id FROM processed WHERE expires <= ?1 LIMIT ${FORGOTTEN})`)
    .bind(now.getTime())
    .run();
}
