import {
  cancel,
  linesOf,
  type Order,
  OrderError,
  ownedBy,
  place,
} from '../../../../../examples/aws/orders-api/src/orders';

const line = (sku: string, quantity: unknown = 1) => ({ sku, quantity });
const order = place('1', 'ann', [{ sku: 'tea', quantity: 2 }], new Date('2026-11-21T08:00:00Z'));
const refused = (kind: OrderError['kind'], ...problems: string[]) => new OrderError(kind, problems);

test('a placed order has its customer, its lines and its time', () => {
  expect(order).toEqual({
    id: '1',
    customerId: 'ann',
    status: 'placed',
    lines: [{ sku: 'tea', quantity: 2 }],
    placedAt: '2026-11-21T08:00:00.000Z',
  });
});

test('lines of the same article are one line', () => {
  expect(linesOf({ lines: [line('tea', 2), line('milk'), line('tea', 3)] })).toEqual([line('tea', 5), line('milk', 1)]);
});

test.each([
  [null],
  [undefined],
  ['text'],
  [{}],
  [{ lines: {} }],
  [{ lines: [] }],
  [{ lines: Array(51).fill(line('a')) }],
])('refuses a request without a list of lines: %p', (request) => {
  expect(() => linesOf(request)).toThrow("'lines' must be a list of 1 to 50 lines");
});

test.each([[0], [100], [1.5], ['2'], [Number.NaN], [undefined]])('refuses the quantity %p', (quantity) => {
  expect(() => linesOf({ lines: [{ sku: 'tea', quantity }] })).toThrow(
    "line 1: 'quantity' must be a whole number from 1 to 99",
  );
});

test.each([[1], [99]])('accepts the quantity %d', (quantity) => {
  expect(linesOf({ lines: [line('tea', quantity)] })).toEqual([line('tea', quantity)]);
});

test('refuses a request with everything that is wrong, by line', () => {
  expect(() => linesOf({ lines: [line('tea'), line(' ', 0), null] })).toThrow(
    refused(
      'invalid',
      "line 2: 'sku' must name an article",
      "line 2: 'quantity' must be a whole number from 1 to 99",
      "line 3: 'sku' must name an article",
      "line 3: 'quantity' must be a whole number from 1 to 99",
    ),
  );
});

test('an order belongs to its customer; for others it does not exist', () => {
  expect(ownedBy('ann', order)).toBe(order);
  const unknown = refused('unknown', 'there is no such order');
  expect(() => ownedBy('bob', order)).toThrow(unknown);
  expect(() => ownedBy('ann', undefined)).toThrow(unknown);
});

test('an order is cancelled once, however often it is asked', () => {
  const cancelled: Order = { ...order, status: 'cancelled' };
  expect(cancel(order)).toEqual(cancelled);
  expect(cancel(cancelled)).toEqual(cancelled);
});

test('refuses to cancel an order on its way', () => {
  expect(() => cancel({ ...order, status: 'shipped' })).toThrow(
    refused('conflict', 'a shipped order cannot be cancelled'),
  );
});
