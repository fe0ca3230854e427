import { EventStore } from 'lintel/runtime';
import { handle } from './http';
import { type Order, type OrderCommand, type OrderEvent, ORDERS } from './order';

const orders = new EventStore<OrderEvent, Order, OrderCommand>('ORDERS', ORDERS);

/** An order out of its events, as it is this moment. */
export const handler = handle(async ({ pathParameters }) => {
  const { version, state } = await orders.load(pathParameters!.id!);
  return version === 0 ? { status: 404, body: {} } : { status: 200, body: { version, ...state } };
});
