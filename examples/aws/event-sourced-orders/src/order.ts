import type { EventStoreOptions, Recorded } from 'lintel/runtime';

/** What happens to an order. */
export type OrderEvent =
  | { type: 'OrderPlaced'; data: { customer: string; name?: string; email?: string; total: number } }
  | { type: 'OrderPaid'; data: { customer: string; amount: number } }
  | { type: 'OrderShipped'; data: { customer: string } }
  | { type: 'CustomerForgotten'; data: { customer: string } };

/** What is asked of an order. `id` tells a command from others, also when it is sent again. */
export type OrderCommand = { readonly id: string } & (
  | { type: 'place'; customer: string; name: string; email: string; total: number }
  | { type: 'pay'; amount: number }
  | { type: 'ship' }
  | { type: 'forget' }
);

/** An order as its events make it. */
export interface Order {
  readonly status: 'new' | 'placed' | 'paid' | 'shipped';
  readonly customer: string;
  readonly name?: string;
  readonly email?: string;
  readonly total: number;
}

/** A command that the order, as it is, does not take. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const NEW: Order = { status: 'new', customer: '', total: 0 };

/** Pure: what an event makes of an order. Of a customer who was forgotten, name and e-mail are undefined. */
export function reducer(order: Order, event: Recorded<OrderEvent>): Order {
  switch (event.type) {
    case 'OrderPlaced':
      return { ...event.data, status: 'placed' };
    case 'OrderPaid':
      return { ...order, status: 'paid' };
    case 'OrderShipped':
      return { ...order, status: 'shipped' };
    default:
      return order;
  }
}

/** Pure: what a command makes happen to an order. */
export function decide(order: Order, command: OrderCommand): OrderEvent | OrderEvent[] {
  const { customer, status, total } = order;
  switch (command.type) {
    case 'place': {
      if (status !== 'new') throw new Refused('the order is placed already');
      const { name, email } = command;
      return { type: 'OrderPlaced', data: { customer: command.customer, name, email, total: command.total } };
    }
    case 'pay':
      if (status !== 'placed') throw new Refused(`an order that is ${status} cannot be paid`);
      if (command.amount !== total) throw new Refused(`the order costs ${total}, and not ${command.amount}`);
      return { type: 'OrderPaid', data: { customer, amount: command.amount } };
    case 'ship':
      if (status !== 'paid') throw new Refused(`an order that is ${status} cannot be shipped`);
      return { type: 'OrderShipped', data: { customer } };
    case 'forget':
      return status === 'new' ? [] : { type: 'CustomerForgotten', data: { customer } };
  }
}

/** How the store is used by each handler. The personal data of an order are its customer's. */
export const ORDERS: EventStoreOptions<OrderEvent, Order, OrderCommand> = {
  initial: NEW,
  reducer,
  decide,
  subject: (event) => event.data.customer,
};
