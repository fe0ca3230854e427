import { ConcurrencyError, EventStore, projection } from 'lintel/runtime';
import { itemsOf, newTables, recordsOf, startWorld, stopWorld } from './support';

type OrderEvent =
  | { readonly type: 'OrderPlaced'; readonly data: { readonly lines: number; readonly name?: string } }
  | { readonly type: 'OrderPaid'; readonly data: { readonly amount: number } };

interface Order {
  readonly lines: number;
  readonly paid: number;
  readonly name?: string;
}

const orders = (options: object = {}) =>
  new EventStore<OrderEvent, Order, { id: string; pay: number }>('ORDERS', {
    initial: { lines: 0, paid: 0 },
    reducer: (state, event) =>
      event.type === 'OrderPlaced' ? { ...state, ...event.data } : { ...state, paid: state.paid + event.data.amount },
    decide: (_, { pay }) => ({ type: 'OrderPaid', data: { amount: pay } }),
    ...options,
  });
const placed: OrderEvent = { type: 'OrderPlaced', data: { lines: 2 } };

beforeAll(startWorld);
afterAll(stopWorld);

test('stores events and folds them', async () => {
  await newTables();
  await orders().append('one', 0, [placed, { type: 'OrderPaid', data: { amount: 5 } }]);
  await orders().decide('one', { id: 'c1', pay: 7 });
  expect(await orders().load('one')).toMatchObject({ version: 3, state: { lines: 2, paid: 12 } });
});

test('projects them', async () => {
  const tables = await newTables();
  await orders().append('one', 0, [placed, { type: 'OrderPaid', data: { amount: 5 } }]);
  const handler = projection<OrderEvent, { paid: number }>({
    key: ({ id }) => id,
    initial: { paid: 0 },
    on: { OrderPaid: ({ paid }, { data }) => ({ paid: paid + data.amount }) },
  });
  const Records = await recordsOf(tables.events, 'one');
  expect(await handler({ Records })).toEqual({ batchItemFailures: [] });
  expect(await itemsOf(tables.model)).toMatchObject([{ id: 'one', paid: 5 }]);
});

test('refuses an append after another version', async () => {
  await newTables();
  await orders().append('one', 0, [placed]);
  await expect(orders().append('one', 0, [placed])).rejects.toThrow(new ConcurrencyError('one', 0, 1));
  await expect(orders().append('one', 5, [placed])).rejects.toThrow("'one' is at version 1, the append expected 5");
});
