import { EventStore } from 'lintel/runtime';
import { handle } from './http';
import { type Order, type OrderCommand, type OrderEvent, ORDERS } from './order';

const orders = new EventStore<OrderEvent, Order, OrderCommand>('ORDERS', ORDERS);

/** `POST /orders` places, `POST /orders/{id}/pay` and `/ship` go on. Each command once, however often it is sent. */
export const handler = handle(async ({ headers, pathParameters, body }) => {
  const key = headers['idempotency-key'];
  if (!key) return { status: 400, body: { error: "the header 'Idempotency-Key' must tell the command from others" } };
  const given = JSON.parse(body ?? '{}') as Record<string, unknown>;
  const command = commandOf(key, pathParameters?.command ?? 'place', given);
  if (command === undefined) return { status: 400, body: { error: 'the command is none, or lacks something' } };
  const id = pathParameters?.id ?? `order-${key}`;
  const { to, repeated } = await orders.decide(id, command);
  return { status: repeated ? 200 : 201, body: { id, version: to } };
});

function commandOf(id: string, type: string, given: Record<string, unknown>): OrderCommand | undefined {
  const { customer, name, email, total, amount } = given;
  if (type === 'place' && texts(customer, name, email) && isAmount(total)) {
    return { id, type, customer: customer as string, name: name as string, email: email as string, total };
  }
  if (type === 'pay' && isAmount(amount)) return { id, type, amount };
  return type === 'ship' ? { id, type } : undefined;
}

const texts = (...values: unknown[]) => values.every((value) => typeof value === 'string' && value !== '');

const isAmount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
