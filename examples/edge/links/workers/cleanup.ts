interface Env {
  readonly DB: D1Database;
  readonly CACHE: KVNamespace;
}

/** How long single clicks are kept, in days; the counts stay. */
const CLICK_DAYS = 90;
const DAY = 24 * 3600 * 1000;

/** Deletes links that have ended, and old clicks. Running it twice changes nothing more. */
export default {
  async scheduled({ scheduledTime }, { DB, CACHE }) {
    const now = new Date(scheduledTime).toISOString();
    const oldest = new Date(scheduledTime - CLICK_DAYS * DAY).toISOString();
    const [ended] = await DB.batch<{ slug: string }>([
      DB.prepare('DELETE FROM links WHERE expires_at <= ? RETURNING slug').bind(now),
      DB.prepare('DELETE FROM clicks WHERE clicked_at < ?').bind(oldest),
    ]);
    for (const { slug } of ended?.results ?? []) await CACHE.delete(slug);
  },
} satisfies ExportedHandler<Env>;
