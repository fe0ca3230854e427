import { type Order, OrderError } from '../../../aws/orders-api/src/orders';

interface Row {
  readonly id: string;
  readonly customer_id: string;
  readonly status: Order['status'];
  readonly lines: string;
  readonly placed_at: string;
}

/** Orders in D1. */
export class OrderStore {
  constructor(private readonly db: D1Database) {}

  /**
   * Stores a new order once per customer and key, in one transaction: whoever comes second gets the first one's order.
   * @throws OrderError when the key was used for other lines
   */
  async insertOnce(key: string, order: Order): Promise<Order> {
    const { id, customerId, status, placedAt } = order;
    const lines = JSON.stringify(order.lines);
    const [, , found] = await this.db.batch<Row & { readonly requested: string }>([
      this.db
        .prepare('INSERT OR IGNORE INTO requests (customer_id, key, lines, order_id) VALUES (?, ?, ?, ?)')
        .bind(customerId, key, lines, id),
      this.db
        .prepare(
          'INSERT INTO orders (id, customer_id, status, lines, placed_at) SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM requests WHERE order_id = ?)',
        )
        .bind(id, customerId, status, lines, placedAt, id),
      this.db
        .prepare(
          'SELECT orders.*, requests.lines AS requested FROM requests JOIN orders ON orders.id = order_id WHERE requests.customer_id = ? AND key = ?',
        )
        .bind(customerId, key),
    ]);
    const row = found!.results[0]!;
    if (row.requested !== lines) {
      throw new OrderError('conflict', ["the 'Idempotency-Key' was used for another order"]);
    }
    return orderOf(row);
  }

  async find(id: string): Promise<Order | undefined> {
    const row = await this.db.prepare('SELECT * FROM orders WHERE id = ?').bind(id).first<Row>();
    return row ? orderOf(row) : undefined;
  }

  /** The latest orders of a customer, the newest first. */
  async listOf(customerId: string, limit: number): Promise<Order[]> {
    const { results } = await this.db
      .prepare('SELECT * FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, rowid DESC LIMIT ?')
      .bind(customerId, limit)
      .all<Row>();
    return results.map(orderOf);
  }

  /**
   * Stores the new status of an order, unless its status has changed since it was read.
   * @throws OrderError when it has
   */
  async changeStatus({ id, status }: Order, before: Order['status']): Promise<void> {
    const { meta } = await this.db
      .prepare('UPDATE orders SET status = ? WHERE id = ? AND status = ?')
      .bind(status, id, before)
      .run();
    if (meta.changes === 0) throw new OrderError('conflict', ['the order has changed meanwhile; read it again']);
  }
}

function orderOf({ id, customer_id: customerId, status, lines, placed_at: placedAt }: Row): Order {
  return { id, customerId, status, lines: JSON.parse(lines) as Order['lines'], placedAt };
}
