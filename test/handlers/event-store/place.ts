import { EventStore, replays } from 'lintel/runtime';

type OrderEvent = { type: 'OrderPlaced'; data: { email: string; total: number; note?: string } };

const orders = new EventStore<OrderEvent>('ORDERS');

/** Appends an event, or publishes what there was again. */
export async function handler(asked: { id: string; note?: string } | { since?: string; until?: string }) {
  if (!('id' in asked)) {
    const { since, until } = asked;
    const scope = { ...(since && { since: new Date(since) }), ...(until && { until: new Date(until) }), segments: 1 };
    return replays('REPUBLISH').start(scope);
  }
  const { id, note } = asked;
  const data = { email: `${id}@example.com`, total: 5, ...(note !== undefined && { note }) };
  return orders.append(id, 0, [{ type: 'OrderPlaced', data }], { meta: { correlationid: `c-${id}` } }).then(
    ({ to }) => ({ version: to }),
    (error: Error) => ({ error: error.name, message: error.message }),
  );
}
