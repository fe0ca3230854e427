import { projection } from 'lintel/runtime';
import type { OrderEvent } from './orders';

/** Revenue by day, which all orders share. */
export const handler = projection<OrderEvent, object>({
  key: ({ data }) => data.day,
  add: { LineAdded: ({ data }) => ({ amount: data.amount }) },
});
