import { saga, type StartResult } from 'lintel/runtime';
import type { Order } from './order';

/** Starts the saga of an order, once for its number. */
export async function handler(order: Order): Promise<StartResult> {
  return saga<Order>('ORDER').start(order.id, order);
}
