import { Pool } from 'pg';
import { EventStore, projectionInto, type ProjectionHandler, type ReadModelElsewhere } from 'lintel/runtime';
import { type Postgres, startPostgres } from '../../../lib/testing/engines/postgres';
import { initial, type Order, type OrderEvent, orders, paid, placed, reducer, shipped } from '../orders';
import { itemsOf, newTables, parked, recordsOf, startWorld, stopWorld, type Tables } from '../support';

const NONE = { batchItemFailures: [] };

let postgres: Postgres;
let pool: Pool;
let tables: Tables;
const said: unknown[] = [];

beforeAll(async () => {
  [postgres] = await Promise.all([startPostgres(['app']), startWorld()]);
  pool = new Pool({ connectionString: postgres.connectionString('app') });
  // Sockets that are still closing when the server ends.
  pool.on('error', () => undefined);
  await pool.query(`
    CREATE TABLE orders (id text PRIMARY KEY, lines int, paid int CHECK (paid < 1000), shipped boolean);
    CREATE TABLE projected (aggregate text PRIMARY KEY, version int NOT NULL);`);
}, 60_000);

beforeEach(async () => {
  tables = await newTables();
  delete process.env.MODEL;
  parked.length = said.length = 0;
  jest.spyOn(console, 'error').mockImplementation((line: unknown) => void said.push(line));
  await pool.query('TRUNCATE orders, projected');
});

afterAll(async () => {
  await pool.end();
  await Promise.all([postgres.stop(), stopWorld()]);
});

/** What a team writes for its database: the rows of some events, and the version, in one transaction. */
const model: ReadModelElsewhere<OrderEvent> = {
  async version(aggregate) {
    const { rows } = await pool.query<{ version: number }>('SELECT version FROM projected WHERE aggregate = $1', [
      aggregate,
    ]);
    return rows[0]?.version ?? 0;
  },
  async apply(events, { aggregate, after, version }) {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      const { rowCount } = await client.query(
        `INSERT INTO projected VALUES ($1, $2)
         ON CONFLICT (aggregate) DO UPDATE SET version = $2 WHERE projected.version = $3`,
        [aggregate, version, after],
      );
      if (rowCount === 0) return false;
      for (const event of events) await client.query(...statementOf(event));
      await client.query('COMMIT');
      return true;
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  },
  // Integrity and data, which trying again does not mend.
  refuses: (error) => /^2[23]/.test(String((error as { code?: unknown }).code)),
};

function statementOf(event: { id: string } & OrderEvent): [string, unknown[]] {
  switch (event.type) {
    case 'OrderPlaced':
      return ['INSERT INTO orders VALUES ($1, $2, 0, false)', [event.id, event.data.lines]];
    case 'OrderPaid':
      return ['UPDATE orders SET paid = paid + $2 WHERE id = $1', [event.id, event.data.amount]];
    case 'OrderShipped':
      return ['UPDATE orders SET shipped = true WHERE id = $1', [event.id]];
  }
}

const handler = (changes: Partial<ReadModelElsewhere<OrderEvent>> = {}): ProjectionHandler =>
  projectionInto<OrderEvent>({ ...model, ...changes });
const rows = async () => (await pool.query<Record<string, unknown>>('SELECT * FROM orders ORDER BY id')).rows;

/** What the rows should be. */
async function folded(...ids: string[]): Promise<object[]> {
  const states = await Promise.all(
    ids.map(async (id) => {
      const { events } = await new EventStore<OrderEvent>('ORDERS').load(id);
      const { lines, paid: sum, shipped: gone = false } = events.reduce<Order>(reducer, initial);
      return { id, lines, paid: sum, shipped: gone };
    }),
  );
  return states;
}

test('rows of a database end as the fold, whatever comes twice, swapped, at once, or is lost with its answer', async () => {
  const ids = ['a', 'b', 'c'];
  let lost = 0;
  // Done, and the answer gone: the batch is delivered again.
  const losing = handler({
    async apply(...given) {
      const done = await model.apply(...given);
      if (++lost % 3 === 0) throw new Error('the connection is gone');
      return done;
    },
  });
  for (let round = 0; round < 4; round++) {
    for (const id of ids) {
      const after = round * 3;
      const events = [round === 0 ? placed() : paid(round), paid(10 + round), round === 3 ? shipped : paid(1)];
      await orders().append(id, after, events);
      const Records = (await recordsOf(tables.events, id)).slice(after).reverse();
      await Promise.all([losing({ Records }), losing({ Records: Records.slice(1) }), handler()({ Records })]);
    }
  }
  const Records = (await Promise.all(ids.map((id) => recordsOf(tables.events, id)))).flat();
  expect(await handler()({ Records })).toEqual(NONE);
  expect(await rows()).toEqual(await folded(...ids));
  expect(lost).toBeGreaterThan(5);
}, 60_000);

test('where somebody else came first, it goes on from there, within the same batch', async () => {
  await orders().append('a', 0, [placed(), paid(1), paid(2)]);
  let others = 0;
  const overtaken = handler({
    async apply(events, place) {
      // A replay, meanwhile, with the first event only.
      if (++others === 1) await model.apply(events.slice(0, 1), { ...place, version: place.after + 1 });
      return model.apply(events, place);
    },
  });
  expect(await overtaken({ Records: await recordsOf(tables.events, 'a') })).toEqual(NONE);
  expect(await rows()).toEqual(await folded('a'));
  expect(others).toBe(2);
});

test('what a filter kept back, or a long outage lost, is read out of the store', async () => {
  await orders().append('a', 0, [placed(), paid(1), paid(2)]);
  const [, , third] = await recordsOf(tables.events, 'a');
  expect(await handler()({ Records: [third!] })).toEqual(NONE);
  expect(await rows()).toEqual(await folded('a'));
  await orders().append('a', 3, [paid(3)]);
  expect(await handler()({ replay: { aggregates: ['a'] } })).toEqual({ aggregates: 1, applied: 1, parked: [] });
  expect(await rows()).toEqual(await folded('a'));
});

test('an event that no row takes parks its aggregate with what came before it applied, until it is repaired', async () => {
  await orders().append('a', 0, [placed(), paid(5), paid(5000), shipped]);
  await orders().append('b', 0, [placed()]);
  const Records = [...(await recordsOf(tables.events, 'a')), ...(await recordsOf(tables.events, 'b'))];
  expect(await handler()({ Records })).toEqual(NONE);
  expect(await rows()).toEqual([
    { id: 'a', lines: 2, paid: 5, shipped: false },
    { id: 'b', lines: 2, paid: 0, shipped: false },
  ]);
  const message = { projection: 'Views', aggregate: 'a', version: 3, reason: 'handler' };
  expect(parked).toEqual([expect.objectContaining(message)]);
  expect(await handler()({ Records })).toEqual(NONE);
  expect(parked).toHaveLength(1);

  await pool.query('ALTER TABLE orders DROP CONSTRAINT orders_paid_check');
  expect(await handler().catchUp('a')).toEqual({ aggregate: 'a', version: 4, applied: 2 });
  expect(await rows()).toEqual(await folded('a', 'b'));
  await orders().append('a', 4, [paid(1)]);
  expect(await handler()({ Records: (await recordsOf(tables.events, 'a')).slice(4) })).toEqual(NONE);
  expect(await rows()).toEqual(await folded('a', 'b'));
});

test('a database that is down fails the batch from its first record on, and parks nobody', async () => {
  await orders().append('a', 0, [placed()]);
  const Records = await recordsOf(tables.events, 'a');
  const down = handler({ version: () => Promise.reject(new Error('ECONNREFUSED')) });
  const { SequenceNumber: itemIdentifier } = Records[0]!.dynamodb;
  expect(await down({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier }] });
  expect(said).toEqual([expect.objectContaining({ message: 'ECONNREFUSED' })]);
  expect(parked).toEqual([]);
  expect(await itemsOf(tables.checkpoints)).toEqual([]);
});

test('an event that was replaced is told of and never applied; a rebuild in place is refused', async () => {
  await orders().append('a', 0, [placed()]);
  const Records = (await recordsOf(tables.events, 'a')).map((record) => ({ ...record, eventName: 'MODIFY' }));
  expect(await handler()({ Records })).toEqual(NONE);
  expect(said).toEqual([expect.objectContaining({ tampering: true, aggregate: 'a', version: 1 })]);
  expect(await rows()).toEqual([]);
  expect(parked).toEqual([expect.objectContaining({ aggregate: 'a', reason: 'tampering' })]);
  await expect(handler().catchUp('a', { reset: true })).rejects.toMatchObject({
    name: 'ReplayRefused',
    message: expect.stringContaining('another id and its own read model') as string,
  });
});
