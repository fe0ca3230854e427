import type { Click } from './link';

interface Env {
  readonly DB: D1Database;
}

/** Writes a batch of clicks in one transaction. A message that is no click is tried again, and then set aside. */
export default {
  async queue(batch, { DB }) {
    const clicks = batch.messages.filter(({ body }) => isClick(body));
    if (clicks.length > 0) {
      const insert = DB.prepare('INSERT OR IGNORE INTO clicks (id, slug, clicked_at, country) VALUES (?, ?, ?, ?)');
      await DB.batch(clicks.map(({ id, body }) => insert.bind(id, body.slug, body.at, body.country ?? null)));
    }
    for (const message of batch.messages) {
      if (clicks.includes(message)) message.ack();
      else message.retry();
    }
  },
} satisfies ExportedHandler<Env, Click>;

function isClick(body: unknown): body is Click {
  const { slug, at } = Object(body) as Partial<Click>;
  return typeof slug === 'string' && typeof at === 'string' && !Number.isNaN(Date.parse(at));
}
