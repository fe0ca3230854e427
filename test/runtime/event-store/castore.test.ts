import { type AttributeValue, CreateTableCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { importCastore } from 'lintel/runtime';
import adapters from '../fixtures/castore-2.4.json';
import { orders } from '../orders';
import { clientOf, itemsOf, newTables, startWorld, stopWorld, type Tables } from '../support';

type Item = Record<string, AttributeValue>;

let tables: Tables;
let client: DynamoDBClient;
let from: string;
beforeAll(startWorld);
afterAll(stopWorld);
beforeEach(async () => {
  tables = await newTables();
  client = clientOf();
  from = `${tables.events}-castore`;
  await client.send(
    new CreateTableCommand({
      TableName: from,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'aggregateId', AttributeType: 'S' },
        { AttributeName: 'version', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'aggregateId', KeyType: 'HASH' },
        { AttributeName: 'version', KeyType: 'RANGE' },
      ],
    }),
  );
});

const timestamp = '2024-05-01T12:00:00.000Z';

/** What the adapter for one event store writes. */
async function castore(aggregateId: string, ...events: object[]): Promise<void> {
  for (const [index, event] of events.entries()) {
    const first = index === 0 && { isInitialEvent: 1 };
    const item = { aggregateId, version: index + 1, timestamp, ...event, ...first };
    await client.send(new PutItemCommand({ TableName: from, Item: marshall(item) }));
  }
}

const placed = { type: 'OrderPlaced', payload: { lines: 3 }, metadata: { by: 'ada' } };
const paid = { type: 'OrderPaid', payload: { amount: 7 } };

test("brings over Castore's events, with versions and times, as often as it is called", async () => {
  await castore('one', placed, paid, { type: 'OrderShipped' });
  await castore('two', placed);
  const found = { aggregates: 2, events: 4 };
  expect(await importCastore('ORDERS', { from })).toEqual(found);
  expect(await importCastore('ORDERS', { from })).toEqual(found);
  const { version, state, events } = await orders().load('one');
  expect({ version, state }).toEqual({ version: 3, state: { lines: 3, paid: 7, name: undefined, shipped: true } });
  expect(events[0]).toMatchObject({ id: 'one', time: timestamp, meta: { by: 'ada' }, schema: 1 });
  await orders().append('one', 3, [{ type: 'OrderPaid', data: { amount: 1 } }]);
  await expect(importCastore('ORDERS', { from })).resolves.toEqual(found);
});

/** Puts items as the adapters of 2.4.2 left them. */
async function left(by: 'several' | 'one'): Promise<void> {
  for (const Item of adapters[by])
    await client.send(new PutItemCommand({ TableName: from, Item: Item as unknown as Item }));
}

test.each(['several', 'one'] as const)('brings over what Castore 2.4.2 wrote, by its adapter for %s', async (by) => {
  await left(by);
  const store = by === 'several' ? { eventStoreId: 'ORDERS' } : {};
  expect(await importCastore('ORDERS', { from, ...store })).toEqual({ aggregates: 2, events: 4 });
  const { events, state, version } = await orders().load('one');
  expect({ version, ...state }).toMatchObject({ version: 3, lines: 3, paid: 7, name: 'Ada', shipped: true });
  expect(events.map(({ time, schema }) => [time, schema])).toEqual([
    ['2024-05-01T12:00:00.000Z', 1],
    ['2024-05-01T12:00:01.000Z', 1],
    ['2024-05-03T08:30:00.250Z', 1],
  ]);
  expect(events[0]).toMatchObject({
    id: 'one',
    data: { lines: 3, name: 'Ada', note: null, tags: new Set(['a', 'b']), nested: { a: [1, 2.5, 'x'] } },
    meta: { by: 'ada' },
  });
  expect(events[2]!.data).toEqual({});
  const { to } = await orders().append('one', 3, [{ type: 'OrderPaid', data: { amount: 1 } }]);
  expect(to).toBe(4);
});

test('refuses a table of several event stores where none is named, since ids would keep its name', async () => {
  await left('several');
  await expect(importCastore('ORDERS', { from })).rejects.toThrow(/several event stores; say which: eventStoreId: '/);
  expect(await itemsOf(tables.events)).toEqual([]);
});

test('brings over one event store of a table of several, in parts', async () => {
  await left('several');
  const parts = await Promise.all(
    [0, 1].map((number) =>
      importCastore('ORDERS', { from, eventStoreId: 'ORDERS', segment: { number, of: 2 }, client }),
    ),
  );
  expect(parts.reduce((sum, { events }) => sum + events, 0)).toBe(4);
  expect((await itemsOf(tables.events)).map(({ id, version }) => `${String(id)}/${String(version)}`).sort()).toEqual([
    ...['one/1', 'one/2', 'one/3', 'two/1'],
  ]);
});

test('encrypts what is personal', async () => {
  process.env.ORDERS_PERSONAL = JSON.stringify({ OrderPlaced: ['name'] });
  await castore('one', { ...placed, payload: { lines: 1, name: 'Ada' } });
  await importCastore('ORDERS', { from });
  delete process.env.ORDERS_PERSONAL;
  expect(JSON.stringify(await itemsOf(tables.events))).not.toContain('Ada');
  expect((await orders().load('one')).state.name).toBe('Ada');
});

test('refuses where another event is there, and where a version is missing', async () => {
  await orders().append('one', 0, [{ type: 'OrderPaid', data: { amount: 1 } }]);
  await castore('one', placed);
  await expect(importCastore('ORDERS', { from })).rejects.toThrow("Event 1 of 'one' is a different one");
  await castore('two', placed, paid);
  await client.send(
    new PutItemCommand({ TableName: from, Item: marshall({ aggregateId: 'two', version: 4, ...paid }) }),
  );
  await newTables();
  await expect(importCastore('ORDERS', { from })).rejects.toThrow("Event 3 of 'two' is missing");
});

test('refuses an aggregate whose first event is missing, rather than pass it by', async () => {
  await client.send(
    new PutItemCommand({ TableName: from, Item: marshall({ aggregateId: 'late', version: 2, timestamp, ...paid }) }),
  );
  await expect(importCastore('ORDERS', { from })).rejects.toThrow("Event 1 of 'late' is missing");
});
