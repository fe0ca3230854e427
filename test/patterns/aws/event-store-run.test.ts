import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EventHub, EventStore, ServiceFunction } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { applied, NONE, type OrderEvent, type OrderView } from '../../aws/event-store/handlers/orders';
import { running, shop, stopRuns } from '../../testing/local/support';

const PLACE = path.join(__dirname, '../../handlers/event-store/place.ts');
const PROJECTIONS = path.join(__dirname, '../../aws/event-store/handlers');
const VANDAL = path.join(__dirname, '../../examples/aws/handlers/vandal.ts');

afterAll(stopRuns);

let run: LocalRun;
let table: DynamoDBDocumentClient;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const orders = new EventStore(stack, 'Orders', {
        writer: 'function',
        personal: { OrderPlaced: ['email'] },
        claimCheck: true,
      });
      const { bus } = new EventHub(stack, 'Hub');
      const access = { ORDERS: orders.append() };
      orders.publishTo({ bus }, { source: 'shop.orders' });
      new ServiceFunction(stack, 'Place', {
        entry: PLACE,
        access: { ...access, REPUBLISH: orders.republish() },
      });
      const fed = new EventStore(stack, 'Fed', { stream: 'kinesis' });
      fed.project('ByOrder', { handler: path.join(PROJECTIONS, 'by-order.ts') });
      fed.project('Revenue', { handler: path.join(PROJECTIONS, 'revenue.ts'), eventTypes: ['LineAdded'] });
      fed.project('Again', { handler: path.join(PROJECTIONS, 'revenue.ts'), batch: { size: 5 } });
      fed.publishTo({ bus }, { source: 'shop.fed' });
      new ServiceFunction(stack, 'Vandal', { entry: VANDAL, access });
      new Rule(stack, 'All', {
        eventBus: bus,
        eventPattern: { source: ['shop.orders', 'shop.fed'] },
        targets: [new SqsQueue(new Queue(stack, 'Seen'))],
      });
    }),
    { timeScale: 100, disorder: 0.3 },
  );
  table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
}, 60_000);

const placed = (name: string, day: string): OrderEvent => ({ type: 'OrderPlaced', data: { name, day } });
const line = (amount: number, day: string): OrderEvent => ({ type: 'LineAdded', data: { amount, day } });

/** What was published, each event once, by its id. */
function seen(): Record<string, Record<string, unknown>> {
  const bodies = run
    .queue('Seen')
    .messages()
    .map(({ body }) => JSON.parse(body) as { 'detail-type': string; detail: { id: string } });
  return Object.fromEntries(bodies.map(({ detail, ...event }) => [detail.id, { as: event['detail-type'], ...detail }]));
}

const times = (id: string) =>
  run
    .queue('Seen')
    .messages()
    .filter(({ body }) => (JSON.parse(body) as { detail: { id: string } }).detail.id === id).length;

test('what is appended is published: plain, under its own id, from the bucket where it is large, and without what is personal', async () => {
  const note = 'x'.repeat(150_000);
  expect(await run.invoke('Place', { id: 'a' })).toEqual({ version: 1 });
  expect(await run.invoke('Place', { id: 'b', note })).toEqual({ version: 1 });
  await run.idle({ timeout: 30_000 });
  expect(seen()['a/1']).toEqual({
    as: 'OrderPlaced',
    specversion: '1.0',
    id: 'a/1',
    source: 'shop.orders',
    type: 'OrderPlaced',
    time: expect.any(String) as string,
    subject: 'a',
    datacontenttype: 'application/json',
    aggregateversion: 1,
    schemaversion: 1,
    correlationid: 'c-a',
    data: { total: 5 },
  });
  expect(seen()['b/1']!.data).toEqual({ total: 5, note });
}, 60_000);

test('an event that the bus could not take is refused at the append', async () => {
  expect(await run.invoke('Place', { id: 'c', note: 'x'.repeat(260_000) })).toEqual({
    error: 'RangeError',
    message: expect.stringContaining('at most 253952 can be stored') as string,
  });
}, 30_000);

test('where one function puts events, nobody else may overwrite one', async () => {
  expect(await run.invoke('Place', { id: 'a' })).toMatchObject({ error: 'ConcurrencyError' });
  expect(await run.invoke('Vandal', { id: 'a', version: 1, total: 1 })).toMatchObject({
    put: 'AccessDeniedException',
    update: 'AccessDeniedException',
    delete: 'AccessDeniedException',
  });
}, 30_000);

test('what was published is published again under the same ids, of the time that is asked for', async () => {
  const { time } = seen()['b/1'] as { time: string };
  const [a, b] = [times('a/1'), times('b/1')];
  const name = await run.invoke<string>('Place', { since: time });
  const machine = run.machine('Orders/Publication/Republish/Machine');
  expect((await machine.executions.find((one) => one.name === name)!.wait()).error).toBeUndefined();
  await run.idle({ timeout: 30_000 });
  expect(times('b/1')).toBeGreaterThan(b);
  expect(times('a/1')).toBe(a);
}, 60_000);

describe('over a Kinesis stream', () => {
  const of = (id: string, version: number, event: OrderEvent) => ({
    Put: {
      TableName: run.nameOf('Fed/Events'),
      Item: { id, version, time: '2026-11-29T10:00:00.000Z', meta: {}, schema: 1, ...event },
    },
  });
  const all = async (name: string) => (await table.send(new ScanCommand({ TableName: run.nameOf(name) }))).Items ?? [];

  test('three projections end as the fold, although records come twice and in any order', async () => {
    for (let round = 0; round < 3; round++) {
      for (let order = 0; order < 8; order++) {
        const id = `k-${order}`;
        const day = `day-${order % 2}`;
        const first: OrderEvent = round === 0 ? placed(id, day) : line(round, day);
        const events = [first, line(order, day), line(10, day)];
        const items = events.map((event, index) => of(id, round * 3 + index + 1, event));
        await table.send(new TransactWriteCommand({ TransactItems: items }));
      }
    }
    await run.idle({ timeout: 30_000 });
    const stored = (await all('Fed/Events')) as (OrderEvent & { id: string; version: number })[];
    const orders: Record<string, OrderView> = {};
    const days: Record<string, number> = {};
    for (const event of stored.sort((a, b) => a.version - b.version)) {
      orders[event.id] = applied(orders[event.id] ?? NONE, event);
      if ('amount' in event.data) days[event.data.day] = (days[event.data.day] ?? 0) + event.data.amount;
    }
    expect(stored).toHaveLength(72);
    const views = (await all('Fed/ByOrder/ReadModel')).map(({ id, _v: _, ...view }) => [String(id), view] as const);
    expect(Object.fromEntries(views)).toEqual(orders);
    for (const model of ['Revenue', 'Again']) {
      const sums: Record<string, number> = {};
      for (const { id, amount } of await all(`Fed/${model}/ReadModel`)) {
        const day = String(id).split('#')[0]!;
        sums[day] = (sums[day] ?? 0) + Number(amount);
      }
      expect(sums).toEqual(days);
    }
    expect(run.queue('Fed/ByOrder/Parked').messages()).toEqual([]);
    const published = Object.values(seen()).filter(({ source }) => source === 'shop.fed');
    expect(published.map(({ id }) => id).sort()).toEqual(stored.map(({ id, version }) => `${id}/${version}`).sort());
  }, 60_000);

  test('an event that is replaced is told of, and not applied, also where types are filtered', async () => {
    const { Put } = of('k-1', 2, line(1_000_000, 'day-1'));
    await table.send(new PutCommand(Put));
    await run.idle({ timeout: 30_000 });
    for (const projection of ['ByOrder', 'Revenue']) {
      const parked = run.queue(`Fed/${projection}/Parked`).messages();
      const said = parked.map(({ body }) => JSON.parse(body) as object);
      expect(said).toContainEqual(expect.objectContaining({ aggregate: 'k-1', version: 2, reason: 'tampering' }));
    }
    const views = await all('Fed/ByOrder/ReadModel');
    expect(views.every(({ amount }) => Number(amount) < 1_000_000)).toBe(true);
  }, 60_000);
});
