import { subscriber } from 'lintel/runtime/edge';
import type { Events } from '../events';

interface Env {
  readonly DB: D1Database;
}

export default subscriber<Events, Env>({
  on: {
    async PaymentTaken({ orderId }, _, { DB }) {
      await DB.prepare("UPDATE orders SET state = 'paid' WHERE id = ?").bind(orderId).run();
    },
  },
});
