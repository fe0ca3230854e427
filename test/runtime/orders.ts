import { EventStore } from 'lintel/runtime';

/** What a team that sells things would write: the events of an order, its state and its commands. */
export type OrderEvent =
  | {
      readonly type: 'OrderPlaced';
      readonly data: { readonly lines: number; readonly name?: string; readonly note?: string };
    }
  | { readonly type: 'OrderPaid'; readonly data: { readonly amount: number } }
  | { readonly type: 'OrderShipped'; readonly data: { readonly carrier: string } };

export interface Order {
  readonly lines: number;
  readonly paid: number;
  readonly name?: string;
  readonly shipped?: boolean;
}

export interface Pay {
  readonly id: string;
  readonly amount: number;
}

export const initial: Order = { lines: 0, paid: 0 };

export function reducer(order: Order, event: OrderEvent): Order {
  switch (event.type) {
    case 'OrderPlaced':
      return { ...order, lines: event.data.lines, name: event.data.name };
    case 'OrderPaid':
      return { ...order, paid: order.paid + event.data.amount };
    case 'OrderShipped':
      return { ...order, shipped: true };
  }
}

export function decide(order: Order, { amount }: Pay): OrderEvent[] {
  if (order.shipped) throw new Error('It is on its way');
  return amount === 0 ? [] : [{ type: 'OrderPaid', data: { amount } }];
}

/** The store of orders, with some options more. */
export function orders(options: object = {}): EventStore<OrderEvent, Order, Pay> {
  return new EventStore<OrderEvent, Order, Pay>('ORDERS', { initial, reducer, decide, ...options });
}

export const placed = (data: { lines?: number; name?: string; note?: string } = {}): OrderEvent => ({
  type: 'OrderPlaced',
  data: { lines: 2, ...data },
});
export const paid = (amount: number): OrderEvent => ({ type: 'OrderPaid', data: { amount } });
export const shipped: OrderEvent = { type: 'OrderShipped', data: { carrier: 'Post' } };
