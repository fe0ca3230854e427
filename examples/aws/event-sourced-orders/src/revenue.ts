import { projection } from 'lintel/runtime';
import type { OrderEvent } from './order';

/** What each payment adds to its day. Orders do not wait for each other: a day is a sum of several items. */
export const handler = projection<OrderEvent>({
  key: ({ time }) => time.slice(0, 10),
  add: { OrderPaid: ({ data }) => ({ revenue: data.amount, orders: 1 }) },
});
