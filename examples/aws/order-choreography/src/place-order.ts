import { publisher } from 'lintel/runtime';
import type { Order, ShopEvents } from './events';
import { enter } from './table';

const orders = publisher<ShopEvents>('HUB', { source: 'shop.orders' });

/** Takes an order, and tells whom it may concern. Placed again, it is the same event, and worked on once. */
export async function handler(order: Order): Promise<{ readonly orderId: string }> {
  const { orderId } = order;
  await enter(process.env.ORDERS!, { id: orderId, state: 'placed' });
  await orders.publish({ type: 'OrderPlaced', id: orderId, subject: orderId, data: order });
  return { orderId };
}
