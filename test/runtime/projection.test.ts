import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { projection, type ProjectionHandler, total } from 'lintel/runtime';
import { orders, paid, placed, type OrderEvent, shipped } from './orders';
import {
  clientOf,
  faultyEngine,
  itemsOf,
  newTables,
  parked,
  recordsOf,
  startWorld,
  stopWorld,
  type StreamRecord,
  type Tables,
} from './support';

interface View {
  versions: number[];
  sum: number;
}

const initial: View = { versions: [], sum: 0 };

/** Keeps which versions came, in their order. */
function note(view: View, { version, data }: { version: number; data: object }): void {
  view.versions.push(version);
  view.sum += 'amount' in data ? Number(data.amount) : 0;
}

const views = (options: object = {}): ProjectionHandler =>
  projection<OrderEvent, View>({
    key: ({ id }) => id,
    initial,
    on: { OrderPaid: note, OrderShipped: note },
    ...options,
  });

let tables: Tables;
const said: unknown[] = [];
beforeAll(async () => {
  await startWorld();
  tables = await newTables();
});
afterAll(stopWorld);
let number = 0;
beforeEach(() => {
  process.env.PROJECTION = `Views${++number}`;
  parked.length = said.length = 0;
  jest.spyOn(console, 'error').mockImplementation((line: unknown) => void said.push(line));
});

const modelOf = async (id: string) => (await itemsOf(tables.model)).find((item) => item.id === id);
const checkpointOf = async (aggregate: string) =>
  (await itemsOf(tables.checkpoints)).find(
    (item) => item.projection === process.env.PROJECTION && item.aggregate === aggregate,
  );
const stored = async (id: string, ...events: OrderEvent[]) => {
  await orders().append(id, 0, events);
  return recordsOf(tables.events, id);
};
const NONE = { batchItemFailures: [] };

test('counts all versions, and applies those that it knows', async () => {
  const Records = await stored('all', placed(), paid(1), shipped);
  expect(await views()({ Records })).toEqual(NONE);
  expect(await modelOf('all')).toEqual({ id: 'all', versions: [2, 3], sum: 1, _v: expect.any(String) as string });
  expect(await checkpointOf('all')).toEqual({ projection: process.env.PROJECTION, aggregate: 'all', version: 3 });
});

test('takes a record for a notice: what a filter kept back, or comes later, is read', async () => {
  const Records = await stored('gap', placed(), paid(1), paid(2), placed(), paid(3));
  expect(await views()({ Records: [Records[2]!] })).toEqual(NONE);
  expect(await modelOf('gap')).toMatchObject({ versions: [2, 3, 5], sum: 6 });
  const before = await modelOf('gap');
  expect(await views()({ Records: [Records[4]!, Records[0]!, Records[1]!, Records[1]!] })).toEqual(NONE);
  expect(await modelOf('gap')).toEqual(before);
});

test('spares the query where the batch has all that comes next, swapped or not', async () => {
  const Records = await stored('swap', placed(), paid(1), paid(2));
  const calls: string[] = [];
  expect(await views({ client: counted(calls) })({ Records: Records.reverse() })).toEqual(NONE);
  expect(calls).toEqual(['GetItemCommand', 'GetItemCommand', 'TransactWriteItemsCommand']);
  expect(await modelOf('swap')).toMatchObject({ versions: [2, 3] });
});

function counted(calls: string[]): DynamoDBClient {
  const client = clientOf();
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => (calls.push(String(commandName)), next(args)),
    {
      step: 'initialize',
      name: 'counted',
    },
  );
  return client;
}

test('reads what a stream of Kinesis says of a table', async () => {
  const [first, , third] = await stored('kin', placed(), paid(1), paid(2));
  const data = (record: StreamRecord) => Buffer.from(JSON.stringify({ ...record, tableName: 'x' })).toString('base64');
  const Records = [third!, first!, third!].map((record, index) => ({
    eventSource: 'aws:kinesis',
    kinesis: { data: data(record), sequenceNumber: `${index}` },
  }));
  expect(await views()({ Records })).toEqual(NONE);
  expect(await modelOf('kin')).toMatchObject({ versions: [2, 3] });
});

test('reads encrypted fields and bytes in records as out of the store', async () => {
  process.env.ORDERS_PERSONAL = JSON.stringify({ OrderPlaced: ['name'] });
  const note = Buffer.from('bytes') as unknown as string;
  await orders().append('bytes', 0, [placed({ name: 'Ada', note })]);
  delete process.env.ORDERS_PERSONAL;
  const Records = await recordsOf(tables.events, 'bytes');
  expect(JSON.stringify(Records)).not.toContain('Ada');
  const handler = projection<OrderEvent, { name?: string; note?: string }>({
    key: ({ id }) => id,
    on: { OrderPlaced: (_, { data: { name, note: text } }) => ({ name, note: text }) },
  });
  expect(await handler({ Records })).toEqual(NONE);
  expect(await modelOf('bytes')).toMatchObject({ name: 'Ada', note: Uint8Array.from(Buffer.from('bytes')) });
});

test('an event that touches several models changes all of them, or none', async () => {
  const Records = await stored('multi', paid(1), paid(2), shipped);
  const key = ({ version }: { version: number }) => ['multi', `multi-${version % 2}`];
  const on = {
    OrderPaid: note,
    OrderShipped: (view: View, { version }: { version: number }, name: string) =>
      name === 'multi' ? null : note(view, { version, data: {} }),
  };
  expect(await views({ key, on })({ Records })).toEqual(NONE);
  expect(await modelOf('multi')).toBeUndefined();
  expect(await modelOf('multi-1')).toMatchObject({ versions: [1, 3] });
  expect(await modelOf('multi-0')).toMatchObject({ versions: [2] });
});

test('more models than one transaction writes go into several, in order', async () => {
  const Records = await stored('wide', ...Array.from({ length: 5 }, () => paid(1)));
  const key = ({ version }: { version: number }) => Array.from({ length: 40 }, (_, index) => `wide-${index + version}`);
  expect(await views({ key })({ Records })).toEqual(NONE);
  expect(await modelOf('wide-5')).toMatchObject({ versions: [1, 2, 3, 4, 5] });
  const [one] = await stored('wider', paid(1));
  const many = () => Array.from({ length: 100 }, (_, index) => `w${index}`);
  expect(await views({ key: many })({ Records: [one!] })).toEqual(NONE);
  expect(parked).toMatchObject([{ aggregate: 'wider', version: 1, reason: 'handler' }]);
});

describe('a handler that throws', () => {
  const throwing = (times: number, at: number) => {
    let left = times;
    const change = (view: View, event: { version: number; data: object }) => {
      note(view, event);
      if (event.version === at && left-- > 0) throw new TypeError('no such carrier');
    };
    return { OrderPaid: change, OrderShipped: change };
  };

  test('is called again in place, and leaves nothing of the attempt', async () => {
    const Records = await stored('again', paid(1), shipped, paid(2));
    expect(await views({ on: throwing(2, 2) })({ Records })).toEqual(NONE);
    expect(await modelOf('again')).toMatchObject({ versions: [1, 2, 3] });
    expect(parked).toEqual([]);
  });

  test('is called again for all models of the event', async () => {
    const Records = await stored('both', paid(1), paid(2));
    let left = 1;
    const change = (view: View, event: { version: number; data: object }, key: string) => {
      note(view, event);
      if (key === 'both-2' && left-- > 0) throw new Error('not yet');
    };
    const handler = views({ key: () => ['both-1', 'both-2'], on: { OrderPaid: change } });
    expect(await handler({ Records })).toEqual(NONE);
    expect(await modelOf('both-1')).toMatchObject({ versions: [1, 2], sum: 3 });
    expect(await modelOf('both-2')).toMatchObject({ versions: [1, 2], sum: 3 });
  });

  test('parks its aggregate, and the batch goes on; later events wait for the repair', async () => {
    const bad = await stored('bad', paid(1), shipped, paid(2));
    const good = await stored('good', paid(1));
    const broken = views({ on: throwing(99, 2) });
    expect(await broken({ Records: [...bad, ...good] })).toEqual(NONE);
    expect(await modelOf('good')).toMatchObject({ versions: [1] });
    expect(await modelOf('bad')).toMatchObject({ versions: [1] });
    const message = {
      projection: process.env.PROJECTION,
      aggregate: 'bad',
      version: 2,
      reason: 'handler',
      error: { name: 'TypeError', message: 'no such carrier' },
    };
    expect(parked).toMatchObject([message]);
    expect(await checkpointOf('bad')).toMatchObject({ version: 1, parked: { version: 2, reason: 'handler' } });

    await orders().append('bad', 3, [paid(5)]);
    const later = (await recordsOf(tables.events, 'bad')).slice(3);
    expect(await views()({ Records: later })).toEqual(NONE);
    expect(await modelOf('bad')).toMatchObject({ versions: [1] });
    expect(parked).toHaveLength(1);

    expect(await broken({ replay: { aggregates: ['bad'] } })).toMatchObject({ applied: 0, parked: [message] });
    expect(await views()({ replay: { aggregates: ['bad', 'good'] } })).toEqual({
      aggregates: 2,
      applied: 3,
      parked: [],
    });
    expect(await modelOf('bad')).toMatchObject({ versions: [1, 2, 3, 4], sum: 8 });
    expect(await checkpointOf('bad')).not.toHaveProperty('parked');
  });

  test.each([
    ['a model that no item holds', (view: View) => ({ ...view, text: 'x'.repeat(420_000) })],
    ['what DynamoDB cannot keep', (view: View) => ({ ...view, at: new Date() })],
  ])('so does %s', async (what, change) => {
    const Records = await stored(what, paid(1), shipped);
    expect(await views({ on: { OrderPaid: note, OrderShipped: change } })({ Records })).toEqual(NONE);
    expect(await modelOf(what)).toMatchObject({ versions: [1] });
    expect(parked).toMatchObject([{ aggregate: what, version: 2 }]);
  });

  test('so does a key that no item can have, with what came before it applied', async () => {
    const Records = await stored('keys', paid(1), shipped);
    const key = ({ version, id }: { version: number; id: string }) => (version === 2 ? 'x'.repeat(2049) : id);
    expect(await views({ key })({ Records })).toEqual(NONE);
    expect(await modelOf('keys')).toMatchObject({ versions: [1] });
    expect(parked).toMatchObject([{ aggregate: 'keys', version: 2 }]);
  });
});

test('a failure of a service is reported with the first record of the first aggregate that met it', async () => {
  const one = await stored('works', paid(1));
  const two = await stored('fails-1', paid(1));
  const three = await stored('fails-2', paid(1));
  const client = clientOf();
  client.middlewareStack.add(
    (next) => (args) => {
      if (/fails-/.test(JSON.stringify(args.input))) throw Object.assign(new Error('no way'), { name: 'AccessDenied' });
      return next(args);
    },
    { step: 'initialize', name: 'denied' },
  );
  const Records = [...three, ...one, ...two];
  expect(await views({ client })({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: Records[0]!.dynamodb.SequenceNumber }],
  });
  expect(await modelOf('works')).toMatchObject({ versions: [1] });
  expect(parked).toEqual([]);
  expect(said).toHaveLength(2);
});

test('a record that is of no event is a failure of its own', async () => {
  const Records = await stored('fine', paid(1));
  const odd = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'x' } }, SequenceNumber: 'odd' } };
  expect(await views()({ Records: [odd, ...Records] as StreamRecord[] })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'odd' }],
  });
  expect(await modelOf('fine')).toMatchObject({ versions: [1] });
});

describe('tampering', () => {
  test.each(['MODIFY', 'REMOVE'])('%s parks the aggregate, is told, and is never applied', async (eventName) => {
    const id = `tampered-${eventName}`;
    const [first, second] = await stored(id, paid(1), paid(100));
    expect(await views()({ Records: [first!] })).toEqual(NONE);
    expect(await views()({ Records: [{ ...second!, eventName }] })).toEqual(NONE);
    expect(await modelOf(id)).toMatchObject({ versions: [1] });
    expect(parked).toMatchObject([{ aggregate: id, version: 2, reason: 'tampering' }]);
    expect(said).toEqual([
      { tampering: true, projection: process.env.PROJECTION, aggregate: id, version: 2, eventName },
    ]);
    expect(await views()({ Records: [second!] })).toEqual(NONE);
    expect(await modelOf(id)).toMatchObject({ versions: [1] });
  });

  test('a version that is missing parks the aggregate', async () => {
    const Records = await stored('missing', paid(1), paid(2), paid(3));
    const Key = { id: { S: 'missing' }, version: { N: '2' } };
    await clientOf().send(new DeleteItemCommand({ TableName: tables.events, Key }));
    expect(await views()({ Records: [Records[2]!] })).toEqual(NONE);
    expect(await modelOf('missing')).toMatchObject({ versions: [1] });
    expect(parked).toMatchObject([{ aggregate: 'missing', version: 2, reason: 'tampering' }]);
  });
});

test('what is long makes progress, whenever its function ends', async () => {
  const note = 'x'.repeat(300_000);
  for (let version = 0; version < 9; version += 3) {
    await orders().append('long', version, [placed({ note }), placed({ note }), paid(1)]);
  }
  const [, , , , , , , , last] = await recordsOf(tables.events, 'long');
  let queries = 1;
  const client = clientOf();
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'QueryCommand' && queries-- <= 0) throw new Error('killed');
        return next(args);
      },
    { step: 'initialize', name: 'killed' },
  );
  const failed = { batchItemFailures: [{ itemIdentifier: last!.dynamodb.SequenceNumber }] };
  expect(await views({ client })({ Records: [last!] })).toEqual(failed);
  expect(Number((await checkpointOf('long'))?.version)).toBeGreaterThan(0);
  expect(await views()({ Records: [last!] })).toEqual(NONE);
  expect(await modelOf('long')).toMatchObject({ versions: [3, 6, 9] });
});

test('totals of many aggregates are sums over shards, each event once', async () => {
  const handler = projection<OrderEvent>({
    key: () => 'today',
    add: { OrderPaid: ({ data }) => ({ revenue: data.amount, payments: 1 }) },
    shards: 4,
  });
  const ids = Array.from({ length: 20 }, (_, index) => `total-${index}`);
  const Records = (await Promise.all(ids.map((id) => stored(id, paid(1), placed(), paid(2))))).flat();
  expect(await handler({ Records })).toEqual(NONE);
  expect(await handler({ Records })).toEqual(NONE);
  expect(await total('MODEL', 'today', { shards: 4 })).toEqual({ revenue: 60, payments: 40 });
  const shards = (await itemsOf(tables.model)).filter(({ id }) => String(id).startsWith('today#'));
  expect(shards.length).toBeGreaterThan(1);
  expect(await total('MODEL', 'never')).toEqual({});
});

describe('begins an aggregate anew', () => {
  test('in one write, and leaves the model where the handler throws', async () => {
    const Records = await stored('anew', paid(1), paid(2), shipped);
    expect(await views()({ Records })).toEqual(NONE);
    const twice = {
      OrderPaid: (view: View, { data }: { data: { amount: number } }) => ({ ...view, sum: view.sum + 2 * data.amount }),
    };
    expect(await views({ on: twice }).catchUp('anew', { reset: true })).toEqual({
      aggregate: 'anew',
      version: 3,
      applied: 3,
    });
    expect(await modelOf('anew')).toMatchObject({ versions: [], sum: 6 });
    const throws = () => {
      throw new Error('no');
    };
    const result = await views({ on: { ...twice, OrderShipped: throws } }).catchUp('anew', { reset: true });
    expect(result).toMatchObject({ version: 3, applied: 0, parked: { version: 3 } });
    expect(await modelOf('anew')).toMatchObject({ sum: 6 });
    expect(await views({ on: {} }).catchUp('anew', { reset: true })).toMatchObject({ version: 3 });
    expect(await modelOf('anew')).toBeUndefined();
  });

  test('refuses where others share the models', async () => {
    await stored('shared', paid(1));
    const shared = views({ key: () => 'everybody' }).catchUp('shared', { reset: true });
    await expect(shared).rejects.toMatchObject({
      name: 'ReplayRefused',
      message: expect.stringContaining('another id') as string,
    });
  });
});

test('whatever happens to the stream and to the function, the read model ends as a fold over the store', async () => {
  const endpoint = await faultyEngine(0.03, 11);
  const step = fc.record({
    order: fc.nat(2),
    // By transactions: a 2 is shipped, what the handler may fail on.
    events: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
    twice: fc.boolean(),
    swap: fc.boolean(),
    lost: fc.boolean(),
    deliver: fc.boolean(),
    killedAfter: fc.option(fc.nat(12), { nil: undefined, freq: 2 }),
    inParallel: fc.boolean(),
    broken: fc.nat(4),
  });
  let history = 0;
  const client = clientOf({ endpoint, maxAttempts: 1 });
  const store = orders({ client });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      const prefix = `h${++history}`;
      process.env.PROJECTION = prefix;
      const world = new History(store, client, endpoint, prefix);
      for (const { order, events, ...how } of steps) {
        await world.append(order, events);
        world.publish(how);
        if (how.deliver) await world.deliver(how);
      }
      await world.deliver({ broken: 0 });
      await world.repair();
      await world.check();
    }),
    { numRuns: 12, seed: 4, endOnFailure: true },
  );
}, 60_000);

/** One run of orders, of their stream and of two projections. */
class History {
  private readonly versions = [0, 0, 0];
  private unsent: StreamRecord[] = [];
  private stream: StreamRecord[] = [];
  private broken = 0;

  constructor(
    private readonly store: ReturnType<typeof orders>,
    private readonly client: DynamoDBClient,
    private readonly endpoint: string,
    private readonly prefix: string,
  ) {}

  async append(order: number, kinds: readonly number[]): Promise<void> {
    const after = this.versions[order]!;
    const events = kinds.map((kind, index) => [placed(), paid(after + index + 1), shipped][kind]!);
    const { to } = await this.store.append(this.idOf(order), after, events);
    this.versions[order] = to;
    this.unsent.push(...(await recordsOf(tables.events, this.idOf(order))).slice(after));
  }

  /** What the stream does with the records of a transaction. */
  publish({ twice, swap, lost }: { twice: boolean; swap: boolean; lost: boolean }): void {
    const records = swap ? this.unsent.reverse() : this.unsent;
    if (!lost) this.stream.push(...records);
    if (twice) this.stream.unshift(...records);
    this.unsent = [];
  }

  /** What Lambda does with a batch: again what is reported, and all of it where the environment is killed. */
  async deliver(how: { killedAfter?: number; inParallel?: boolean; broken: number }): Promise<void> {
    this.broken = how.broken;
    const Records = this.stream;
    this.stream = [];
    const handlers = this.handlers(this.killed(how.killedAfter));
    const twice = how.inParallel ? [...handlers, ...this.handlers(this.client)] : handlers;
    const answers = await Promise.allSettled(twice.map((handler) => handler({ Records })));
    if (how.killedAfter !== undefined) return this.deliver({ broken: how.broken });
    for (const answer of answers) {
      if (answer.status === 'rejected') throw answer.reason;
      expect(answer.value).toEqual(NONE);
    }
    return undefined;
  }

  /** Everybody, as who mends what a long outage left. */
  async repair(): Promise<void> {
    for (const handler of this.handlers(this.client)) {
      const aggregates = this.versions.map((_, order) => this.idOf(order));
      expect(await handler({ replay: { aggregates } })).toMatchObject({ parked: [] });
    }
  }

  async check(): Promise<void> {
    const models = await itemsOf(tables.model);
    const found = (id: string) => models.find((item) => item.id === id);
    const all = (await itemsOf(tables.events)).filter(({ id }) => String(id).startsWith(`${this.prefix}-`));
    for (const order of this.versions.keys()) {
      const own = all.filter(({ id }) => id === this.idOf(order)).sort((a, b) => Number(a.version) - Number(b.version));
      expect(own.map(({ version }) => version)).toEqual(Array.from({ length: this.versions[order]! }, (_, n) => n + 1));
      const known = own.filter(({ type }) => type !== 'OrderPlaced');
      expect(found(this.idOf(order))?.versions ?? []).toEqual(known.map(({ version }) => version));
    }
    const payments = all.filter(({ type }) => type === 'OrderPaid');
    const sum = payments.reduce((total, { data }) => total + (data as { amount: number }).amount, 0);
    expect(found(`${this.prefix}-all`)?.sum ?? 0).toBe(sum);
    const revenue = models
      .filter(({ id }) => String(id).startsWith(`${this.prefix}-revenue#`))
      .reduce((total, item) => total + Number(item.revenue), 0);
    expect(revenue).toBe(sum);
  }

  private idOf(order: number): string {
    return `${this.prefix}-${order}`;
  }

  private handlers(client: DynamoDBClient): ProjectionHandler[] {
    const change = (view: View, event: { version: number; type: string; data: object }) => {
      note(view, event);
      if (event.type === 'OrderShipped' && this.broken-- > 0) throw new Error('not yet');
    };
    const on = { OrderPaid: change, OrderShipped: change };
    const key = ({ id }: { id: string }) => [id, `${this.prefix}-all`];
    const add = { OrderPaid: ({ data }: { data: { amount: number } }) => ({ revenue: data.amount }) };
    const inOther = (handler: ProjectionHandler) =>
      Object.assign(
        (event: never) => {
          process.env.PROJECTION = `${this.prefix}-revenue`;
          const answer = handler(event);
          process.env.PROJECTION = this.prefix;
          return answer;
        },
        { catchUp: handler.catchUp },
      ) as ProjectionHandler;
    return [
      views({ key, on, client }),
      inOther(projection<OrderEvent>({ key: () => `${this.prefix}-revenue`, add, client })),
    ];
  }

  /** A client after some calls of which nothing happens any more. */
  private killed(after: number | undefined): DynamoDBClient {
    if (after === undefined) return this.client;
    const client = clientOf({ endpoint: this.endpoint, maxAttempts: 1 });
    let left = after;
    client.middlewareStack.add(
      (next) => (args) => {
        if (left-- <= 0) throw new Error('killed');
        return next(args);
      },
      { step: 'initialize', name: 'killed' },
    );
    return client;
  }
}
