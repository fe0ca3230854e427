import { Duration } from 'aws-cdk-lib';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { errorOf, Faults } from '../../../../../lib/testing/local/services/dynamodb/faults';
import { inline, ordersTable, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

test('the nth call of an operation always has the same fate for a seed, and about the share that was asked for', () => {
  const fates = (seed: number) => {
    const faults = new Faults(0.2, seed);
    return Array.from({ length: 1000 }, () => faults.next('TransactWriteItems'));
  };
  expect(fates(1)).toEqual(fates(1));
  expect(fates(1)).not.toEqual(fates(2));
  const met = fates(1).filter((fault) => fault !== undefined);
  expect(met.length).toBeGreaterThan(150);
  expect(met.length).toBeLessThan(250);
  expect(new Set(met)).toEqual(new Set(['conflict', 'in progress', 'throttled', 'lost']));
  const reads = new Faults(1, 1);
  expect(new Set(Array.from({ length: 50 }, () => reads.next('Query')))).toEqual(new Set(['throttled', 'lost']));
  expect(new Faults(1, 1).next('GetRecords')).toBeUndefined();
  expect(new Faults(0, 1).next('PutItem')).toBeUndefined();
});

test('a transaction is cancelled with a reason for each of its items', () => {
  expect(errorOf('conflict', 'TransactWriteItems', { TransactItems: [{ Put: {} }, { Put: {} }] })).toMatchObject({
    code: 'TransactionCanceledException',
    message: expect.stringContaining('[TransactionConflict, None]') as string,
    fields: { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] },
  });
});

const HANDLER = `
const { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({ maxAttempts: 1 });
const put = (id) => ({ TableName: process.env.TABLE, Item: { id: { S: id } }, ConditionExpression: 'attribute_not_exists(id)' });
const tried = (command) => client.send(command).then(() => 'done', ({ name, CancellationReasons: [one] = [] }) => one?.Code ?? name);
exports.handler = async () => {
  const ends = [];
  for (let n = 0; n < 60; n++) {
    ends.push(await tried(new PutItemCommand(put('put' + n))));
    ends.push(await tried(new TransactWriteItemsCommand({ TransactItems: [{ Put: put('transact' + n) }] })));
  }
  return ends;
};`;

test('functions meet what DynamoDB does under load, and the tests do not', async () => {
  const run = await running(
    shop((stack) => {
      const table = ordersTable(stack);
      const fn = inline(stack, 'Writer', HANDLER, {
        environment: { TABLE: table.tableName },
        timeout: Duration.seconds(20),
      });
      table.grantWriteData(fn);
    }),
    { faults: 0.5 },
  );
  const ends = (await run.invoke('Writer', {})) as string[];
  expect(new Set(ends)).toEqual(
    new Set([
      ...['done', 'TransactionConflict', 'TransactionConflictException', 'TransactionInProgressException'],
      ...['ThrottlingException', 'InternalServerError'],
    ]),
  );
  // What was lost is done: it cannot be done again.
  const lost = ends.flatMap((end, index) => (end === 'InternalServerError' && index % 2 === 0 ? [index / 2] : []));
  const again = new PutItemCommand({
    TableName: run.nameOf('Orders'),
    Item: { id: { S: `put${lost[0]}` } },
    ConditionExpression: 'attribute_not_exists(id)',
  });
  await expect(run.client(DynamoDBClient).send(again)).rejects.toThrow('conditional request failed');
});

const AT_ONCE = `
const { DynamoDBClient, PutItemCommand, TransactGetItemsCommand, TransactWriteItemsCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({ maxAttempts: 1 });
const put = (id) => ({ TableName: process.env.TABLE, Item: { id: { S: id }, n: { N: String(Math.random()) } } });
const tried = (command) => client.send(command).then(() => 'done', ({ name, CancellationReasons }) => CancellationReasons?.map(({ Code }) => Code).join() ?? name);
exports.handler = async () => {
  const many = (work) => Promise.all(Array.from({ length: 40 }, (_, n) => tried(work(n))));
  const own = await many((n) => new TransactWriteItemsCommand({ TransactItems: [{ Put: put('own' + n) }, { Put: put('other' + n) }] }));
  const same = await many((n) => new TransactWriteItemsCommand({ TransactItems: [{ Put: put('one' + n) }, { Put: put('same') }] }));
  const mixed = await many((n) => n % 2 ? new PutItemCommand(put('mixed')) : new TransactWriteItemsCommand({ TransactItems: [{ Put: put('mixed') }] }));
  const read = await many((n) => n % 2 ? new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: process.env.TABLE, Key: { id: { S: 'read' } } } }] }) : new TransactWriteItemsCommand({ TransactItems: [{ Put: put('read') }] }));
  const alone = await many((n) => n % 2 ? new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName: process.env.TABLE, Key: { id: { S: 'alone' } } } }] }) : new PutItemCommand(put('alone')));
  const plain = await many(() => new PutItemCommand(put('plain')));
  return { own, same, mixed, read, alone, plain };
};`;

test('transactions that overlap conflict, where nothing was injected, and writes of one item do not', async () => {
  const run = await running(
    shop((stack) => {
      const table = ordersTable(stack);
      const fn = inline(stack, 'AtOnce', AT_ONCE, {
        environment: { TABLE: table.tableName },
        timeout: Duration.seconds(20),
      });
      table.grantReadWriteData(fn);
    }),
  );
  const ends = await run.invoke<Record<string, string[]>>('AtOnce', {});
  expect(new Set(ends.own)).toEqual(new Set(['done']));
  expect(new Set(ends.same)).toEqual(new Set(['done', 'None,TransactionConflict']));
  // Which of them meet is chance; that some do, and how each is told, is not.
  expect(ends.mixed).toContain('TransactionConflictException');
  expect(['done', 'TransactionConflictException', 'TransactionConflict']).toEqual(
    expect.arrayContaining([...new Set(ends.mixed)]),
  );
  expect(ends.read).toContain('TransactionConflict');
  const [writes, reads] = [0, 1].map((kind) => new Set(ends.alone!.filter((_, n) => n % 2 === kind)));
  expect([...reads!]).toContain('TransactionConflict');
  expect(['done', 'TransactionConflict']).toEqual(expect.arrayContaining([...reads!]));
  expect(writes).toEqual(new Set(['done']));
  expect(new Set(ends.plain)).toEqual(new Set(['done']));
});
