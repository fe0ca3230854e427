import { type EdgeHubBinding, publisher } from 'lintel/runtime/edge';
import type { Events } from '../events';

interface Env {
  readonly DB: D1Database;
  readonly HUB: EdgeHubBinding;
}

/** `POST /orders` places an order, `GET /orders/{id}` shows it. */
export default {
  async fetch(request, { DB, HUB }) {
    const id = /^\/orders\/([\w-]+)$/.exec(new URL(request.url).pathname)?.[1];
    if (request.method === 'GET' && id !== undefined) {
      const order = await DB.prepare('SELECT * FROM orders WHERE id = ?').bind(id).first();
      return order ? Response.json(order) : new Response('no such order', { status: 404 });
    }
    const { orderId, total } = await request.json<Events['OrderPlaced']>();
    await DB.prepare("INSERT OR IGNORE INTO orders (id, total, state) VALUES (?, ?, 'placed')")
      .bind(orderId, total)
      .run();
    // With an id of its own: whoever posts an order twice places it once.
    await publisher<Events>(HUB, { source: 'shop.orders' }).publish({
      type: 'OrderPlaced',
      id: orderId,
      data: { orderId, total },
    });
    return Response.json({ orderId }, { status: 202 });
  },
} satisfies ExportedHandler<Env>;
