import path from 'node:path';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { EventHub, EventStore, ServiceFunction } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../support';

const PLACE = path.join(__dirname, '../../../handlers/event-store/place.ts');
const VANDAL = path.join(__dirname, '../../../examples/aws/handlers/vandal.ts');

afterAll(stopRuns);

let run: LocalRun;
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
      new EventStore(stack, 'Fed', { stream: 'kinesis' });
      new ServiceFunction(stack, 'Vandal', { entry: VANDAL, access });
      new Rule(stack, 'All', {
        eventBus: bus,
        eventPattern: { source: ['shop.orders'] },
        targets: [new SqsQueue(new Queue(stack, 'Seen'))],
      });
    }),
    { timeScale: 100, disorder: 0.3 },
  );
}, 60_000);

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

test('says that a table’s changes do not reach a Kinesis stream here', () => {
  expect(run.unsupported).toContainEqual(
    expect.objectContaining({
      resource: expect.stringContaining('Fed/Events') as string,
      reason: 'its changes are not sent to a Kinesis stream: who reads that gets none of them',
    }),
  );
});
