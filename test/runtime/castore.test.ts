import { CreateTableCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { importCastore } from 'lintel/runtime';
import { orders } from './orders';
import { clientOf, itemsOf, newTables, startWorld, stopWorld, type Tables } from './support';

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

/** What the adapter writes. */
async function castore(aggregateId: string, ...events: object[]): Promise<void> {
  for (const [index, event] of events.entries()) {
    const item = { aggregateId, version: index + 1, timestamp, ...event, ...(index === 0 && { isInitialEvent: 1 }) };
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

test('brings over one event store of a table of several, in parts', async () => {
  await castore('ORDERS#one', ...[placed, paid].map((event) => ({ ...event, eventStoreId: 'ORDERS' })));
  await castore('USERS#one', { type: 'UserMade', eventStoreId: 'USERS' });
  const parts = await Promise.all(
    [0, 1].map((number) =>
      importCastore('ORDERS', { from, eventStoreId: 'ORDERS', segment: { number, of: 2 }, client }),
    ),
  );
  expect(parts.reduce((sum, { events }) => sum + events, 0)).toBe(2);
  expect((await itemsOf(tables.events)).map(({ id, version }) => [id, version])).toEqual([
    ['one', 1],
    ['one', 2],
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
  await expect(importCastore('ORDERS', { from })).rejects.toThrow("Event 1 of 'one' is another one");
  await castore('two', placed, paid);
  await client.send(
    new PutItemCommand({ TableName: from, Item: marshall({ aggregateId: 'two', version: 4, ...paid }) }),
  );
  await newTables();
  await expect(importCastore('ORDERS', { from })).rejects.toThrow("Event 3 of 'two' is missing");
});
