import { projection } from 'lintel/runtime';
import type { OrderEvent } from './order';

/** A customer with orders. */
export interface Customer {
  readonly name?: string;
  readonly orders: Readonly<Record<string, { readonly status: string; readonly total: number }>>;
}

/** What each event makes of its customer. */
export const handler = projection<OrderEvent, Customer>({
  key: ({ data }) => data.customer,
  initial: { orders: {} },
  on: {
    OrderPlaced: (customer, { id, data: { name, total } }) => {
      if (!Number.isFinite(total)) throw new TypeError(`an order must have a total, got ${total}`);
      return { name: name ?? customer.name, orders: { ...customer.orders, [id]: { status: 'placed', total } } };
    },
    OrderPaid: (customer, { id }) => withStatus(customer, id, 'paid'),
    OrderShipped: (customer, { id }) => withStatus(customer, id, 'shipped'),
    CustomerForgotten: ({ orders }) => ({ orders }),
  },
});

function withStatus({ orders, ...customer }: Customer, id: string, status: string): Customer {
  return { ...customer, orders: { ...orders, [id]: { ...orders[id]!, status } } };
}
