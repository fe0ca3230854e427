import { subscriber } from 'lintel/runtime/edge';
import type { Events } from '../events';

interface Env {
  readonly DB: D1Database;
}

/** Adds up what is ordered. An event that came twice would count twice, but for `subscriber()`. */
export default subscriber<Events, Env>({
  on: {
    async OrderPlaced({ orderId, total }, { time }, { DB }) {
      if (orderId.startsWith('poison')) throw new Error(`${orderId} cannot be counted`);
      await DB.prepare(
        `INSERT INTO totals VALUES (?1, 1, ?2) ON CONFLICT (day) DO UPDATE SET orders = orders + 1, total = total + ?2`,
      )
        .bind(time.slice(0, 10), total)
        .run();
    },
  },
});
