import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EventStore, type Projection, ServiceFunction } from 'lintel/aws';
import type { ReplayProgress } from 'lintel/runtime';
import { type LocalRun, runLocally } from 'lintel/testing';
import type { Order } from './handlers/operate';
import { applied, NONE, type OrderEvent, type OrderView } from './handlers/orders';

const entry = (name: string) => path.join(__dirname, 'handlers', `${name}.ts`);

/** Enough that one is done while another is not. */
const SEGMENTS = { segments: 4 };

let run: LocalRun;
let store: EventStore;
let byOrder: Projection;
let revenue: Projection;
let operator: ServiceFunction;
let exports: Bucket;
let table: DynamoDBDocumentClient;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Shop');
  exports = new Bucket(stack, 'Exports');
  store = new EventStore(stack, 'Orders', { exports, personal: { OrderPlaced: ['name'] } });
  byOrder = store.project('ByOrder', { handler: entry('by-order'), replayConcurrency: 3 });
  revenue = store.project('Revenue', { handler: entry('revenue'), replayConcurrency: 3 });
  operator = new ServiceFunction(stack, 'Operator', {
    entry: entry('operate'),
    access: {
      ORDERS: store.append().and(store.forget()),
      BY_ORDER: store.replay(byOrder),
      REVENUE: store.replay(revenue),
    },
  });
  run = await runLocally(app, { timeScale: 200, faults: 0.05, maxEnvironments: 4 });
  table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
}, 60_000);

afterAll(() => run.stop());

const operate = <T = string>(order: Order): Promise<T> => run.invoke<T>(operator, order);

async function append(id: string, version: number, event: OrderEvent): Promise<void> {
  const Item = {
    id,
    version,
    time: `2026-11-29T10:00:${String(version).padStart(2, '0')}.000Z`,
    meta: {},
    schema: 1,
    ...event,
  };
  await table.send(new PutCommand({ TableName: run.nameOf(store.table), Item }));
}

async function appendMany(from: number, to: number, version = 1): Promise<void> {
  const ids = Array.from({ length: to - from }, (_, index) => from + index);
  await Promise.all(
    ids.map(async (number) => {
      const id = `o-${number}`;
      const day = `day-${number % 3}`;
      if (version === 1) await append(id, 1, { type: 'OrderPlaced', data: { name: id, day } });
      await append(id, version + 1, { type: 'LineAdded', data: { amount: number, day } });
    }),
  );
}

async function all(of: Projection['readModel'] | EventStore['table']): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await table.send(new ScanCommand({ TableName: run.nameOf(of as EventStore['table']) }));
  return Items.filter(({ id }) => id !== 'gate');
}

/** What the models should be: a fold over the store. */
async function folded() {
  const events = (await all(store.table)) as (OrderEvent & { id: string; version: number })[];
  const orders: Record<string, OrderView> = {};
  const days: Record<string, number> = {};
  for (const event of events.sort((one, other) => one.version - other.version)) {
    orders[event.id] = applied(orders[event.id] ?? NONE, event);
    const { data } = event;
    if ('amount' in data) days[data.day] = (days[data.day] ?? 0) + data.amount;
  }
  return { orders, days };
}

async function models() {
  const orders = (await all(byOrder.readModel)).map(({ id, _v: _, ...order }) => [id, order] as const);
  const days: Record<string, number> = {};
  for (const { id, amount } of await all(revenue.readModel)) {
    const day = String(id).split('#')[0]!;
    days[day] = (days[day] ?? 0) + Number(amount);
  }
  return { orders: Object.fromEntries(orders), days };
}

/** As after an outage that was longer than the stream keeps its records; or as a projection that is new. */
async function lose(projection: Projection, wanted = (_id: string) => true): Promise<void> {
  for (const { id } of await all(projection.readModel)) {
    if (!wanted(String(id))) continue;
    await table.send(
      new DeleteCommand({ TableName: run.nameOf(projection.readModel as EventStore['table']), Key: { id } }),
    );
  }
  const TableName = run.nameOf(projection.checkpoints);
  const { Items = [] } = await table.send(new ScanCommand({ TableName }));
  for (const { projection: of, aggregate } of Items) {
    if (of !== projection.node.id || !wanted(String(aggregate))) continue;
    await table.send(new DeleteCommand({ TableName, Key: { projection: of, aggregate } }));
  }
}

async function gate(before: string | undefined): Promise<void> {
  const TableName = run.nameOf(byOrder.readModel as EventStore['table']);
  if (before === undefined) await table.send(new DeleteCommand({ TableName, Key: { id: 'gate' } }));
  else await table.send(new PutCommand({ TableName, Item: { id: 'gate', before } }));
}

const ended = (projection: Projection, name: string) =>
  run
    .machine(projection.replay)
    .executions.find((one) => one.name === name)!
    .wait();

/** A line of an export. */
const line = (id: string) => JSON.stringify({ Item: { id: { S: id }, version: { N: '1' }, time: { S: '2026' } } });

async function put(Key: string, Body: string | Buffer): Promise<void> {
  await run.client(S3Client).send(new PutObjectCommand({ Bucket: run.nameOf(exports), Key, Body }));
}

test('a replay during live traffic ends equal to the fold, for models of one aggregate and for shared totals', async () => {
  await appendMany(0, 30);
  await run.idle();
  await expect(models()).resolves.toEqual(await folded());
  await Promise.all([lose(byOrder), lose(revenue)]);

  const names = [
    await operate({ of: 'BY_ORDER', call: 'start', scope: SEGMENTS }),
    await operate({ of: 'REVENUE', call: 'start', scope: SEGMENTS }),
  ];
  await Promise.all([appendMany(0, 15, 2), appendMany(30, 40)]);
  const [orders, days] = [await ended(byOrder, names[0]!), await ended(revenue, names[1]!)];
  expect([orders.status, days.status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  await run.idle();
  await expect(models()).resolves.toEqual(await folded());
  const progress = await operate<ReplayProgress>({ of: 'BY_ORDER', call: 'progress', name: names[0] });
  const { events, ...counts } = orders.output as { events: number };
  expect(progress).toMatchObject({ status: 'SUCCEEDED', unit: 'events', done: events, parked: 0, ...counts });
  expect(events).toBeGreaterThanOrEqual(60);
});

test('two replays and two rebuilds at once do what one does', async () => {
  await lose(revenue);
  const names = await Promise.all([
    operate({ of: 'BY_ORDER', call: 'rebuild', scope: SEGMENTS }),
    operate({ of: 'BY_ORDER', call: 'rebuild', scope: SEGMENTS }),
  ]);
  const others = await Promise.all([
    operate({ of: 'REVENUE', call: 'start', scope: SEGMENTS }),
    operate({ of: 'REVENUE', call: 'start', scope: SEGMENTS }),
  ]);
  for (const name of names) await expect(ended(byOrder, name)).resolves.toMatchObject({ status: 'SUCCEEDED' });
  for (const name of others) await expect(ended(revenue, name)).resolves.toMatchObject({ status: 'SUCCEEDED' });
  await run.idle();
  await expect(models()).resolves.toEqual(await folded());
});

test('one that is stopped in the middle goes on where it was, and ends equal', async () => {
  await lose(byOrder);
  await gate('o-7');
  const name = await operate({ of: 'BY_ORDER', call: 'start', scope: SEGMENTS });
  await until(async () => {
    const { aggregates } = await operate<ReplayProgress>({ of: 'BY_ORDER', call: 'progress', name });
    return aggregates > 0;
  });
  await operate({ of: 'BY_ORDER', call: 'stop', name });
  const stopped = await ended(byOrder, name);
  expect(stopped.status).toBe('ABORTED');
  expect((await models()).orders).not.toHaveProperty('o-7');
  const before = stopped.events.length;

  await gate(undefined);
  await appendMany(40, 45);
  await operate({ of: 'BY_ORDER', call: 'resume', name });
  await expect(ended(byOrder, name)).resolves.toMatchObject({ status: 'SUCCEEDED' });
  expect(stopped.history.slice(before).map(({ event }) => event)).toContain('MapRunRedriven');
  await run.idle();
  await expect(models()).resolves.toEqual(await folded());
});

test('one that failed says why, and goes on when the cause is mended', async () => {
  await lose(byOrder);
  await gate('o-3');
  const name = await operate({ of: 'BY_ORDER', call: 'repair', scope: { ids: ['o-3', 'o-4'] } });
  await expect(ended(byOrder, name)).resolves.toMatchObject({ status: 'FAILED' });
  await gate(undefined);
  await operate({ of: 'BY_ORDER', call: 'resume', name });
  await expect(ended(byOrder, name)).resolves.toMatchObject({ status: 'SUCCEEDED' });
  expect(Object.keys((await models()).orders).sort()).toEqual(['o-3', 'o-4']);
  await expect(operate({ of: 'BY_ORDER', call: 'progress', name })).resolves.toMatchObject({
    ...{ status: 'SUCCEEDED', unit: 'aggregates', done: 2, total: 2, aggregates: 2, applied: 6, parked: 0 },
  });
});

test('a projection that was stopped until its records were gone is mended without another event', async () => {
  await lose(byOrder);
  await append('o-1', 4, { type: 'LineAdded', data: { amount: 5, day: 'day-1' } });
  await run.idle();
  // The one record that came brought its aggregate, and no other.
  expect(Object.keys((await models()).orders)).toEqual(['o-1']);
  const since = '2026-11-29T10:00:03.000Z';
  const late = await operate({ of: 'BY_ORDER', call: 'repair', scope: { since, ...SEGMENTS } });
  await ended(byOrder, late);
  const { orders } = await folded();
  const versions = await all(store.table);
  const touched = [...new Set(versions.filter(({ time }) => String(time) >= since).map(({ id }) => String(id)))];
  expect(Object.keys((await models()).orders).sort()).toEqual(touched.sort());

  const name = await operate({ of: 'BY_ORDER', call: 'start', scope: SEGMENTS });
  await ended(byOrder, name);
  expect((await models()).orders).toEqual(orders);
});

test('lists the aggregates of an export, and reads their events out of the store', async () => {
  await lose(byOrder);
  await put('AWSDynamoDB/1/data/a.json.gz', gzipSync(`${line('o-1')}\n${line('o-1')}\n${line('o-2')}\n`));
  await put('AWSDynamoDB/1/data/b.json.gz', gzipSync(`${line('o-9')}\n`));
  const files = ['a', 'b'].map((name) =>
    JSON.stringify({ itemCount: 1, dataFileS3Key: `AWSDynamoDB/1/data/${name}.json.gz` }),
  );
  await put('AWSDynamoDB/1/manifest-files.json', `${files.join('\n')}\n`);
  const fromExport = 'AWSDynamoDB/1/manifest-files.json';
  const name = await operate({ of: 'BY_ORDER', call: 'start', scope: { fromExport } });
  await expect(ended(byOrder, name)).resolves.toMatchObject({
    status: 'SUCCEEDED',
    output: { events: 4, aggregates: 3, parked: 0 },
  });
  const { orders } = await folded();
  expect((await models()).orders).toEqual({ 'o-1': orders['o-1'], 'o-2': orders['o-2'], 'o-9': orders['o-9'] });
});

test('goes on in a file where an answer was full', async () => {
  const long = (number: number) => `long-${number}-${'x'.repeat(1000)}`;
  const numbers = Array.from({ length: 120 }, (_, index) => index);
  const lines = numbers.flatMap((number) => [line(long(number)), line(long(number))]);
  await put('AWSDynamoDB/2/data/a.json.gz', gzipSync(lines.join('\n')));
  await put('AWSDynamoDB/2/manifest-files.json', '{"dataFileS3Key":"AWSDynamoDB/2/data/a.json.gz"}');
  const fromExport = 'AWSDynamoDB/2/manifest-files.json';
  const filed = await operate({ of: 'BY_ORDER', call: 'start', scope: { fromExport } });
  await expect(ended(byOrder, filed)).resolves.toMatchObject({ output: { events: 240, aggregates: 120, applied: 0 } });
});

test('goes on in a scan where an answer was full', async () => {
  const list = (cursor: object | null) =>
    run.invoke<{ aggregates: string[]; items: number; cursor: null }>('Shop/Orders/Lister', {
      ...{ segment: 0, segments: 1, since: null, cursor },
    });
  const whole = await list(null);
  const segment = { TableName: run.nameOf(store.table), Segment: 0, TotalSegments: 1 };
  const { Items: scanned = [] } = await table.send(new ScanCommand(segment));
  expect(whole).toEqual({ aggregates: [...new Set(scanned.map(({ id }) => id))], items: scanned.length, cursor: null });
  // In the middle of an aggregate, since there the two cursors differ.
  const place = scanned.findIndex((one, index) => index > 0 && one.id === scanned[index + 1]?.id);
  const [id, version] = [scanned[place]!.id, String(scanned[place]!.version)];
  const rest = scanned.slice(place + 1).map((one) => one.id);
  expect(rest).toContain(id);
  await expect(list({ id, version, line: 0, listed: id })).resolves.toEqual({
    aggregates: [...new Set(rest.filter((one) => one !== id))],
    items: rest.length,
    cursor: null,
  });
  // With 'since', what is listed of an aggregate may come after the answer that passed its first events over.
  await expect(list({ id, version, line: 0, listed: null })).resolves.toMatchObject({
    aggregates: [...new Set(rest)],
  });
});

test('refuses to make totals anew in place, changes nothing, and says what to do', async () => {
  const before = await models();
  const name = await operate({ of: 'REVENUE', call: 'rebuild', scope: { ids: ['o-1'] } });
  const execution = await ended(revenue, name);
  expect(execution).toMatchObject({ status: 'FAILED' });
  const progress = await operate<ReplayProgress>({ of: 'REVENUE', call: 'progress', name });
  expect(progress).toMatchObject({ status: 'FAILED', error: 'ReplayRefused' });
  expect(progress.cause).toMatch(/another id and its own read model/);
  await expect(models()).resolves.toEqual(before);
});

test('a subject that was forgotten is gone from its model once that is made anew', async () => {
  await operate({ of: 'BY_ORDER', call: 'place', name: 'ada' });
  await run.idle();
  const shown = async () => (await all(byOrder.readModel)).find(({ id }) => id === 'ada');
  await expect(shown()).resolves.toMatchObject({ name: 'Ada' });
  await operate({ of: 'BY_ORDER', call: 'forget', name: 'ada' });
  await expect(shown()).resolves.toMatchObject({ name: 'Ada' });
  const name = await operate({ of: 'BY_ORDER', call: 'rebuild', scope: { ids: ['ada'] } });
  await expect(ended(byOrder, name)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { applied: 1 } });
  await expect(shown()).resolves.toMatchObject({ name: 'forgotten' });
});

test('refuses a field that it does not know, rather than replay everything', async () => {
  const execution = await run
    .machine(byOrder.replay)
    .start({ id: ['o-1'] })
    .wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'ReplayRefused' });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) if (await done()) return;
  throw new Error('it never came');
}

test('grants what was used and no more, and nothing was denied', () => {
  const { roles, functions } = run.report();
  expect([...roles, ...functions].flatMap(({ denied }) => denied)).toEqual([]);
  const machine = roles.find(({ name }) => name === 'Shop/Orders/ByOrder/Replay/Role')!;
  // No replay of an export was redriven.
  expect(machine.unused).toEqual([
    { action: 'states:RedriveExecution', resource: expect.stringMatching(/execution:.*\/Files:\*$/) },
  ]);
  const lister = functions.find(({ function: name }) => name === 'Shop/Orders/Lister')!;
  expect([lister.unused, new Set(lister.used.map(({ action }) => action))]).toEqual([
    [],
    new Set(['dynamodb:Scan', 's3:GetObject']),
  ]);
});

describe('the parts that are replayed at once', () => {
  const handler = (reservedConcurrency?: number) => ({ entry: entry('by-order'), reservedConcurrency });
  const projected = (reserved: number | undefined, replayConcurrency?: number) => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
    new EventStore(stack, 'Orders').project('ByOrder', { handler: handler(reserved), replayConcurrency });
    return JSON.stringify(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  };

  test.each([
    [undefined, undefined, 10],
    [5, undefined, 4],
    [1, undefined, 1],
    [50, 40, 40],
  ])('with a reservation of %s and %s asked for are %s', (reserved, asked, expected) => {
    expect(projected(reserved, asked)).toContain(`\\"MaxConcurrency\\":${expected},`);
  });

  test('refuses to keep the stream waiting', () => {
    expect(() => projected(10, 10)).toThrow(
      "'replayConcurrency' must be less than the 10 executions reserved by 'handler', or the stream would wait for a replay, got 10; lower it, or reserve more (Shop/Orders/ByOrder)",
    );
  });
});
