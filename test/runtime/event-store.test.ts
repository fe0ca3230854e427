import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { ConcurrencyError } from 'lintel/runtime';
import { handler } from '../../lib/runtime/event-store/writer';
import { decide, initial, orders, paid, placed, reducer, shipped } from './orders';
import {
  clientOf,
  faultyEngine,
  functionDoes,
  itemsOf,
  newTables,
  objects,
  startWorld,
  stopWorld,
  type Tables,
} from './support';

let tables: Tables;
beforeAll(startWorld);
afterAll(stopWorld);
beforeEach(async () => {
  tables = await newTables();
});
afterEach(() => {
  for (const name of ['PERSONAL', 'LIMIT', 'BUCKET']) delete process.env[`ORDERS_${name}`];
});

const versionsOf = async () =>
  (await itemsOf(tables.events)).map(({ version }) => version as number).sort((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('the reducer and the decider need no AWS', () => {
  expect([placed(), paid(5)].reduce(reducer, initial)).toMatchObject({ lines: 2, paid: 5 });
  expect(decide(initial, { id: 'c1', amount: 3 })).toEqual([paid(3)]);
  expect(() => decide(reducer(initial, shipped), { id: 'c1', amount: 3 })).toThrow('on its way');
});

test('appends events with what is known of them, and folds them', async () => {
  const appended = await orders().append('one', 0, [placed(), paid(5)], { meta: { by: 'me' } });
  expect(appended).toMatchObject({ id: 'one', from: 1, to: 2, repeated: false });
  expect(await itemsOf(tables.events)).toMatchObject([
    { id: 'one', version: 1, type: 'OrderPlaced', data: { lines: 2 }, schema: 1, meta: { by: 'me' } },
    {
      id: 'one',
      version: 2,
      type: 'OrderPaid',
      data: { amount: 5 },
      time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    },
  ]);
  const loaded = await orders().load('one');
  expect(loaded).toMatchObject({ id: 'one', version: 2, state: { lines: 2, paid: 5 } });
  expect(loaded.events).toEqual(appended.events);
  expect(await orders().load('two')).toEqual({ id: 'two', version: 0, state: initial, events: [] });
});

test('refuses an append after another version, earlier or never reached, with both', async () => {
  await orders().append('one', 0, [placed(), paid(1)]);
  for (const expected of [0, 1, 5]) {
    const error = await orders()
      .append('one', expected, [paid(2), paid(3)])
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConcurrencyError);
    expect(error).toMatchObject({ id: 'one', expected, actual: 2 });
  }
  expect(await versionsOf()).toEqual([1, 2]);
});

test('a hundred writers at once: one wins, the others get conflicts', async () => {
  const attempts = await Promise.allSettled(upTo(100).map((n) => orders().append('one', 0, [paid(n), paid(n)])));
  const lost = attempts.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  expect(lost).toHaveLength(99);
  for (const reason of lost) expect(reason).toMatchObject({ name: 'ConcurrencyError', expected: 0, actual: 2 });
  expect(await versionsOf()).toEqual([1, 2]);
});

test('forty writers that decide again, on an engine that fails now and then: every version once, nothing is lost', async () => {
  const client = clientOf({ endpoint: await faultyEngine(0.1, 7), maxAttempts: 1 });
  const store = orders({ client });
  async function insist(n: number): Promise<void> {
    for (;;) {
      try {
        await store.decide('one', { id: `c${n}`, amount: n });
        return;
      } catch (error) {
        if (!(error instanceof ConcurrencyError)) throw error;
      }
    }
  }
  await Promise.all(upTo(40).map(insist));
  expect(await versionsOf()).toEqual(upTo(40));
  const { state, events } = await store.load('one');
  expect(state.paid).toBe(820);
  expect(new Set(events.map(({ meta }) => meta.command)).size).toBe(40);
}, 60_000);

test('an answer that was lost is success where the stored events are those of the attempt', async () => {
  const once = losing();
  expect(await orders({ client: once }).append('one', 0, [placed()])).toMatchObject({ to: 1, repeated: false });
  expect(await orders({ client: losing() }).append('one', 1, [paid(1), paid(2)])).toMatchObject({
    to: 3,
    repeated: false,
  });
  const decided = await orders({ client: losing() }).decide('one', { id: 'c1', amount: 3 });
  expect(decided).toMatchObject({ to: 4, repeated: false });
  expect(await versionsOf()).toEqual([1, 2, 3, 4]);
});

/** Does the first write, and loses its answer; a retry of the SDK would have the same token. */
function losing(): DynamoDBClient {
  const client = clientOf({ maxAttempts: 1 });
  let lost = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (lost || !/Put|TransactWrite/.test(String(context.commandName))) return answer;
      lost = true;
      throw Object.assign(new Error('lost'), { name: 'InternalServerError' });
    },
    { step: 'initialize', name: 'losing' },
  );
  return client;
}

test.each(['TransactionConflict', 'ThrottlingError'])(
  '%s is tried again, and is no conflict of versions',
  async (Code) => {
    let failures = 3;
    const client = clientOf();
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName !== 'TransactWriteItemsCommand' || failures-- <= 0) return next(args);
        const CancellationReasons = [{ Code: 'None' }, { Code }];
        throw new TransactionCanceledException({ message: Code, $metadata: {}, CancellationReasons });
      },
      { step: 'initialize', name: 'conflicts' },
    );
    expect(await orders({ client }).append('one', 0, [placed(), paid(1)])).toMatchObject({ to: 2 });
  },
);

test('a command that is known stores nothing, and gives what it gave the first time', async () => {
  await orders().append('one', 0, [placed()]);
  const first = await orders().decide('one', { id: 'c1', amount: 5 }, { meta: { by: 'me' } });
  await orders().append('one', 2, [shipped]);
  // The decider would refuse it now.
  const second = await orders().decide('one', { id: 'c1', amount: 6 });
  expect(second).toEqual({ ...first, repeated: true });
  expect(await orders().append('one', 0, [paid(9)], { command: 'c1' })).toEqual(second);
  await expect(orders().decide('one', { id: 'c2', amount: 5 })).rejects.toThrow('on its way');
  await expect(orders().decide('two', { id: 'c1', amount: 5 })).rejects.toThrow(
    "'c1' was for 'one', and is now for 'two'",
  );
  expect(await itemsOf(tables.commands)).toEqual([
    { id: 'c1', aggregate: 'one', from: 2, to: 2, expires: expect.any(Number) as number },
  ]);
});

test('a command that makes nothing happen is known as well', async () => {
  await orders().decide('one', { id: 'c1', amount: 0 });
  await orders().append('one', 0, [placed()]);
  expect(await orders().decide('one', { id: 'c1', amount: 7 })).toMatchObject({ repeated: true, events: [] });
});

test('reads older schemas through upcasters, and refuses newer ones', async () => {
  await orders().append('one', 0, [placed()]);
  const upcasters = {
    OrderPlaced: [(data: object) => ({ ...data, name: 'nobody' }), (data: object) => ({ ...data, lines: 9 })],
  };
  expect((await orders({ upcasters }).load('one')).state).toMatchObject({ lines: 9, name: 'nobody' });
  await orders({ upcasters }).append('two', 0, [placed()]);
  await expect(orders().load('two')).rejects.toThrow(
    "Event 1 of 'two' has schema 3 of OrderPlaced; here 1 is the newest",
  );
});

test('says that a version is missing, rather than fold without it', async () => {
  await orders().append('one', 0, [placed(), paid(1), paid(2)]);
  await clientOf().send(
    new DeleteItemCommand({ TableName: tables.events, Key: { id: { S: 'one' }, version: { N: '2' } } }),
  );
  await expect(orders().load('one')).rejects.toThrow("Event 2 of 'one' is missing, but there are later ones");
});

test('folds many pages of events', async () => {
  const note = 'x'.repeat(30_000);
  for (let version = 0; version < 90; version += 45) {
    await orders().append(
      'one',
      version,
      Array.from({ length: 45 }, () => placed({ note })),
    );
  }
  expect((await orders().load('one')).events).toHaveLength(90);
});

describe('sizes', () => {
  test.each([
    [
      'an item',
      [placed({ note: 'x'.repeat(410_000) })],
      /^OrderPlaced of 'one' has 4\d{5} bytes, and at most 409600 can be stored/,
    ],
    [
      'a transaction',
      Array.from({ length: 11 }, () => placed({ note: 'x'.repeat(400_000) })),
      /^44\d{5} bytes of events are more/,
    ],
    [
      'a hundred events',
      Array.from({ length: 100 }, () => paid(1)),
      /^100 events are more than one append can store; 99/,
    ],
  ])('refuses more than %s holds, with the size', async (_, events, message) => {
    await expect(orders().append('one', 0, events)).rejects.toThrow(message);
    expect(await versionsOf()).toEqual([]);
  });

  test.each([
    ['', 0],
    ['x'.repeat(1025), 1025],
  ])('refuses an id that no checkpoint could have', async (id, bytes) => {
    await expect(orders().append(id, 0, [paid(1)])).rejects.toThrow(
      `must have 1 to 1024 bytes, '${id.slice(0, 40)}' has ${bytes}`,
    );
  });

  test('takes 99 events with their command', async () => {
    const events = Array.from({ length: 99 }, () => paid(1));
    expect(await orders().append('one', 0, events, { command: 'c1' })).toMatchObject({ to: 99 });
  });

  test('counts what the engine counts', async () => {
    const exactly = async (length: number) => orders().append(`${length}`, 0, [placed({ note: 'ä'.repeat(length) })]);
    let [fits, not] = [200_000, 210_000];
    while (not - fits > 1) {
      const middle = Math.floor((fits + not) / 2);
      await exactly(middle)
        .then(() => (fits = middle))
        .catch(() => (not = middle));
    }
    const item = { id: 'raw', version: 1, data: { note: 'ä'.repeat(fits + 500) } };
    await expect(
      clientOf().send(new PutItemCommand({ TableName: tables.events, Item: marshall(item) })),
    ).rejects.toThrow('Item size');
  });

  test('refuses what a bus would not take', async () => {
    process.env.ORDERS_LIMIT = '1000';
    await expect(orders().append('one', 0, [placed({ note: 'x'.repeat(900) })])).rejects.toThrow('at most 1000');
  });

  test('keeps large data in a bucket, where the store has one', async () => {
    process.env.ORDERS_BUCKET = 'claims';
    const note = 'x'.repeat(500_000);
    await orders().append('o/1', 0, [placed({ note }), paid(1)]);
    const [large] = await itemsOf(tables.events);
    expect(large).not.toHaveProperty('data');
    expect([...objects.keys()]).toEqual([expect.stringContaining('/claims/') as string]);
    expect((await orders().load('o/1')).events[0]).toMatchObject({ data: { lines: 2, note }, version: 1 });
    objects.clear();
    await expect(orders().load('o/1')).rejects.toThrow("The data of event 1 of 'o/1' are gone");
  });
});

describe('personal fields', () => {
  beforeEach(() => {
    process.env.ORDERS_PERSONAL = JSON.stringify({ OrderPlaced: ['name', 'note'] });
  });

  test('are encrypted with a key of their subject, and undefined after it is forgotten', async () => {
    await orders().append('one', 0, [placed({ name: 'Ada' }), paid(1)]);
    await orders().append('two', 0, [placed({ name: 'Bob' })]);
    expect(JSON.stringify(await itemsOf(tables.events))).not.toContain('Ada');
    expect((await orders().load('one')).state).toEqual({ lines: 2, name: 'Ada', paid: 1 });
    await orders().forget('one');
    const seen: object[] = [];
    const upcasters = { OrderPlaced: [(data: object) => (seen.push(data), data)] };
    expect((await orders({ upcasters }).load('one')).state).toEqual({ lines: 2, name: undefined, paid: 1 });
    expect(seen).toEqual([{ lines: 2 }]);
    expect((await orders().load('two')).state.name).toBe('Bob');
  });

  test('of one who comes again have another key', async () => {
    await orders().append('one', 0, [placed({ name: 'Ada' })]);
    await orders().forget('one');
    await orders().append('one', 1, [placed({ name: 'Eve' })]);
    const { events } = await orders().load('one');
    expect(events.map(({ data }) => ('name' in data ? data.name : undefined))).toEqual([undefined, 'Eve']);
  });

  test('of one subject have one key, however many write first', async () => {
    await Promise.all(
      upTo(20).map((n) => orders({ subject: () => 'ada' }).append(`o${n}`, 0, [placed({ name: `Ada ${n}` })])),
    );
    expect(await itemsOf(tables.keys)).toHaveLength(1);
    for (const n of upTo(20)) expect((await orders().load(`o${n}`)).state.name).toBe(`Ada ${n}`);
  });

  test('refuses what was moved to another event', async () => {
    await orders().append('one', 0, [placed({ name: 'Ada' }), placed({ name: 'Eve' })]);
    const [first, second] = await itemsOf(tables.events);
    const moved = marshall({ ...second, sealed: first!.sealed });
    await clientOf().send(new PutItemCommand({ TableName: tables.events, Item: moved }));
    await expect(orders().load('one')).rejects.toThrow('unable to authenticate data');
  });

  test('refuses what JSON would not keep', async () => {
    const note = new Set(['a']) as unknown as string;
    await expect(orders().append('one', 0, [placed({ note })])).rejects.toThrow("'note' cannot be represented in JSON");
  });
});

describe('the one function that may put', () => {
  beforeEach(() => {
    process.env.ORDERS_WRITER = 'writer';
    process.env.COMMANDS = tables.commands;
    functionDoes(handler);
  });
  afterEach(() => {
    delete process.env.ORDERS_WRITER;
  });

  test('stores what its callers made ready, and tells of conflicts and known commands', async () => {
    process.env.ORDERS_PERSONAL = JSON.stringify({ OrderPlaced: ['name'] });
    await orders().append('one', 0, [placed({ name: 'Ada' }), paid(1)]);
    const first = await orders().decide('one', { id: 'c1', amount: 2 });
    expect(await orders().decide('one', { id: 'c1', amount: 2 })).toEqual({ ...first, repeated: true });
    await expect(orders().append('one', 1, [paid(3)])).rejects.toMatchObject({ expected: 1, actual: 3 });
    expect((await orders().load('one')).state).toEqual({ lines: 2, name: 'Ada', paid: 3 });
  });

  test('says why it failed', async () => {
    functionDoes(() => Promise.reject(new Error('no way')));
    await expect(orders().append('one', 0, [paid(1)])).rejects.toThrow("The writer 'writer' failed: no way");
  });
});

describe('snapshots', () => {
  const snapshots = { every: 3, schema: 1 };
  const read = { snapshots };

  test('spare reading what they hold', async () => {
    await orders().append('one', 0, [placed(), paid(1), paid(2), paid(3)]);
    await orders(read).decide('one', { id: 'c1', amount: 4 });
    expect(await itemsOf(tables.snapshots)).toMatchObject([{ id: 'one', version: 4, schema: 1 }]);
    const loaded = await orders(read).load('one');
    expect(loaded).toMatchObject({ version: 5, state: { lines: 2, paid: 10 } });
    expect(loaded.events.map(({ version }) => version)).toEqual([5]);
  });

  test('of another schema are left aside', async () => {
    await orders().append('one', 0, [placed(), paid(1), paid(2), paid(3)]);
    await orders(read).decide('one', { id: 'c1', amount: 4 });
    const newer = orders({ snapshots: { every: 3, schema: 2 } });
    expect((await newer.load('one')).events).toHaveLength(5);
    await newer.decide('one', { id: 'c2', amount: 5 });
    expect(await itemsOf(tables.snapshots)).toMatchObject([{ version: 5, schema: 2 }]);
  });

  test('with personal fields cannot be read once a subject is forgotten', async () => {
    process.env.ORDERS_PERSONAL = JSON.stringify({ OrderPlaced: ['name'] });
    const store = orders({ ...read, subject: () => 'ada' });
    await store.append('one', 0, [placed({ name: 'Ada' }), paid(1), paid(2)]);
    await store.decide('one', { id: 'c1', amount: 3 });
    expect((await store.load('one')).events).toHaveLength(1);
    expect((await store.load('one')).state.name).toBe('Ada');
    await store.forget('ada');
    const loaded = await store.load('one');
    expect(loaded.events).toHaveLength(4);
    expect(loaded.state).toMatchObject({ name: undefined, paid: 6 });
  });
});
