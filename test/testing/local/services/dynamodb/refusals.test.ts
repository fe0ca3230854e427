import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { LocalRun } from 'lintel/testing';
import { Conflicts } from '../../../../../lib/testing/local/services/dynamodb/conflicts';
import { running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

const S = (value: string): AttributeValue => ({ S: value });
const TableName = 'orders';
const Key = (sk: string) => ({ pk: S('p'), sk: S(sk) });

let run: LocalRun;
let client: DynamoDBClient;

beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const table = new Table(stack, 'Orders', {
        tableName: TableName,
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        sortKey: { name: 'sk', type: AttributeType.STRING },
      });
      table.addGlobalSecondaryIndex({
        indexName: 'byKind',
        partitionKey: { name: 'kind', type: AttributeType.STRING },
        projectionType: ProjectionType.INCLUDE,
        nonKeyAttributes: ['total'],
      });
      table.addGlobalSecondaryIndex({
        indexName: 'byCount',
        partitionKey: { name: 'count', type: AttributeType.NUMBER },
      });
      table.addLocalSecondaryIndex({
        indexName: 'byDate',
        sortKey: { name: 'date', type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }),
  );
  client = run.client(DynamoDBClient);
  const item = { ...Key('1'), kind: S('k'), date: S('d'), total: S('t'), note: S('n'), size: S('s') };
  await client.send(new PutItemCommand({ TableName, Item: item }));
});

const query = async (input: Partial<QueryCommandInput>) => {
  const { ExpressionAttributeValues, ...rest } = input;
  const values = { ':v': S(input.IndexName === 'byKind' ? 'k' : 'p'), ...ExpressionAttributeValues };
  const KeyConditionExpression = input.IndexName === 'byKind' ? 'kind = :v' : 'pk = :v';
  const command = { TableName, KeyConditionExpression, ...rest, ExpressionAttributeValues: values };
  return client.send(new QueryCommand(command));
};

test('refuses an attribute that a global index does not have, and gives those that it has', async () => {
  const asked = { IndexName: 'byKind', ProjectionExpression: 'pk, #n', ExpressionAttributeNames: { '#n': 'note' } };
  await expect(query(asked)).rejects.toThrow('Global secondary index byKind does not project [note]');
  await expect(query({ IndexName: 'byKind', AttributesToGet: ['note'] })).rejects.toThrow('does not project [note]');
  const { Items } = await query({ ...asked, ExpressionAttributeNames: { '#n': 'total' } });
  expect(Items).toEqual([{ pk: S('p'), total: S('t') }]);
});

test('of a local index, attributes that it does not have come from the table', async () => {
  const local = { IndexName: 'byDate' } as const;
  const names = { ExpressionAttributeNames: { '#0': 'size' } };
  expect((await query({ ...local, ProjectionExpression: 'note, #0', ...names })).Items).toEqual([
    { note: S('n'), size: S('s') },
  ]);
  const filter = { ...local, FilterExpression: 'note = :n', ExpressionAttributeValues: { ':n': S('n') } };
  expect((await query(filter)).Items).toEqual([{ ...Key('1'), date: S('d') }]);
  expect(await query({ ...filter, Select: 'COUNT' })).toMatchObject({ Count: 1 });
  const other = { ...filter, ExpressionAttributeValues: { ':n': S('other') } };
  expect((await query(other)).Items).toEqual([]);
  const KeyConditions = { pk: { ComparisonOperator: 'EQ' as const, AttributeValueList: [S('p')] } };
  const QueryFilter = { note: { ComparisonOperator: 'EQ' as const, AttributeValueList: [S('n')] } };
  const old = new QueryCommand({ TableName, IndexName: 'byDate', KeyConditions, QueryFilter });
  expect((await client.send(old)).Items).toEqual([{ ...Key('1'), date: S('d') }]);
});

test('refuses to scan a local index for attributes that it does not have, which is not run', async () => {
  const scan = (ProjectionExpression: string) =>
    client.send(new ScanCommand({ TableName, IndexName: 'byDate', ProjectionExpression }));
  await expect(scan('note')).rejects.toThrow('The local run does not scan a local index for attributes');
  expect((await scan('sk')).Items).toEqual([{ sk: S('1') }]);
});

test('the parts of a path may have spaces between them', async () => {
  const names = { '#k': 'kind', '#t': 'total' };
  const asked = { IndexName: 'byKind', ProjectionExpression: '#t . note, #k', ExpressionAttributeNames: names };
  expect((await query(asked)).Items).toEqual([{ kind: S('k') }]);
});

test('refuses more than a hundred operands of IN, in conditions of transactions as well', async () => {
  const values = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`:i${index}`, S(`${index}`)]));
  const listed = `note IN (${Object.keys(values).join(', ')})`;
  const words = 'IN operator is provided with too many operands; number of operands: 101';
  await expect(query({ FilterExpression: listed, ExpressionAttributeValues: values })).rejects.toThrow(words);
  const check = { TableName, Key: Key('1'), ConditionExpression: listed, ExpressionAttributeValues: values };
  const transaction = new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck: check }] });
  await expect(client.send(transaction)).rejects.toThrow(words);
});

test('refuses to go on in another partition than the one that is read', async () => {
  const words = 'starting key is outside query boundaries';
  await expect(query({ ExclusiveStartKey: { pk: S('other'), sk: S('1') } })).rejects.toThrow(words);
  expect((await query({ ExclusiveStartKey: Key('0') })).Count).toBe(1);
});

test.each(['1000', '1e3', '1000.00', '+0.1E4'])(
  'a page goes on in the partition of a number, written as %s',
  async (written) => {
    const items = ['one', 'two'].map((sk) => ({ ...Key(`count ${sk}`), count: { N: '1e3' } }));
    for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
    const page = (ExclusiveStartKey?: Record<string, AttributeValue>) =>
      client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byCount',
          KeyConditionExpression: '#c = :c',
          ExpressionAttributeNames: { '#c': 'count' },
          ExpressionAttributeValues: { ':c': { N: written } },
          Limit: 1,
          ExclusiveStartKey,
        }),
      );
    const { LastEvaluatedKey } = await page();
    expect(LastEvaluatedKey).toMatchObject({ count: { N: '1000' } });
    expect((await page(LastEvaluatedKey)).Items).toHaveLength(1);
    const other = { ...LastEvaluatedKey!, count: { N: '-1000' } };
    await expect(page(other)).rejects.toThrow('starting key is outside query boundaries');
  },
);

test('refuses to read more than 4 MB in a transaction', async () => {
  const ids = Array.from({ length: 11 }, (_, index) => `large${index}`);
  for (const id of ids)
    await client.send(new PutItemCommand({ TableName, Item: { ...Key(id), data: S('x'.repeat(390_000)) } }));
  const read = (some: readonly string[]) =>
    client.send(
      new TransactGetItemsCommand({ TransactItems: some.map((id) => ({ Get: { TableName, Key: Key(id) } })) }),
    );
  await expect(read(ids)).rejects.toThrow('exceeds the 4MB limit');
  expect((await read(ids.slice(1))).Responses).toHaveLength(10);
});

test('a value that is set beyond the end of a list is appended, in the order of the places', async () => {
  const list = (...values: string[]) => ({ L: values.map(S) });
  const Item = { ...Key('list'), entries: list('a'), map: { M: { entries: list('a', 'b') } } };
  await client.send(new PutItemCommand({ TableName, Item }));
  const update = {
    TableName,
    Key: Key('list'),
    UpdateExpression: 'SET entries[9] = :z, entries[5] = :y, #m.entries[1] = if_not_exists(gone, :y), cost = :z',
    ExpressionAttributeNames: { '#m': 'map' },
    ExpressionAttributeValues: { ':y': S('y'), ':z': S('z') },
  };
  const { Attributes } = await client.send(new UpdateItemCommand({ ...update, ReturnValues: 'ALL_NEW' }));
  expect(Attributes).toEqual({
    ...Item,
    cost: S('z'),
    entries: list('a', 'y', 'z'),
    map: { M: { entries: list('a', 'y') } },
  });
  const { UpdateExpression, ...rest } = { ...update, UpdateExpression: 'SET #m.entries[7] = :z REMOVE entries[0]' };
  const only = { ...rest, UpdateExpression, ExpressionAttributeValues: { ':z': S('z') } };
  await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: only }] }));
  const { Item: now } = await client.send(new GetItemCommand({ TableName, Key: Key('list') }));
  expect(now).toMatchObject({ entries: list('y', 'z'), map: { M: { entries: list('a', 'y', 'z') } } });
});

test('of values that are set beyond the end of a list at the same time, none is lost', async () => {
  const send = (command: UpdateItemCommand | PutItemCommand) => client.send(command as UpdateItemCommand);
  await send(new PutItemCommand({ TableName, Item: { ...Key('race'), entries: { L: [] } } }));
  const numbers = Array.from({ length: 12 }, (_, index) => String(index));
  const update = { TableName, Key: Key('race') };
  await Promise.all(
    numbers.map((number, index) =>
      index % 3 === 0
        ? send(
            new UpdateItemCommand({
              ...update,
              UpdateExpression: 'SET entries = list_append(entries, :v)',
              ExpressionAttributeValues: { ':v': { L: [S(number)] } },
            }),
          )
        : send(
            new UpdateItemCommand({
              ...update,
              UpdateExpression: 'SET entries[999] = :v',
              ExpressionAttributeValues: { ':v': S(number) },
            }),
          ),
    ),
  );
  const { Item } = await client.send(new GetItemCommand(update));
  expect(Item?.entries?.L?.map(({ S: value }) => Number(value)).sort((one, other) => one - other)).toEqual(
    numbers.map(Number),
  );
});

test('refuses to set something within a value that a list does not have, after the condition', async () => {
  await client.send(new PutItemCommand({ TableName, Item: { ...Key('within'), entries: { L: [{ M: {} }] } } }));
  const set = (path: string, ConditionExpression?: string) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: Key('within'),
        UpdateExpression: `SET ${path} = :v`,
        ExpressionAttributeValues: { ':v': S('v') },
        ConditionExpression,
        ReturnValues: 'ALL_NEW',
      }),
    );
  const path = 'The document path provided in the update expression is invalid for update';
  await expect(set('entries[1].cost')).rejects.toThrow(path);
  await expect(set('entries[1][0]')).rejects.toThrow(path);
  await expect(set('entries[1].cost', 'attribute_exists(cost)')).rejects.toThrow('The conditional request failed');
  const { Attributes } = await set('entries[0].cost');
  expect(Attributes?.entries).toEqual({ L: [{ M: { cost: S('v') } }] });
});

test('a write that begins while a transaction reads its item cancels the read', async () => {
  const conflicts = new Conflicts();
  conflicts.add({ name: TableName, properties: { KeySchema: [{ AttributeName: 'pk' }] } } as never);
  const get = { TransactItems: ['a', 'b'].map((pk) => ({ Get: { TableName, Key: { pk: S(pk) } } })) };
  const reading = conflicts.reading('TransactGetItems', get, async () => {
    await conflicts.during('PutItem', { TableName, Item: { pk: S('b') } }, async () => undefined);
  });
  await expect(reading).rejects.toThrow('[None, TransactionConflict]');
  const other = conflicts.reading('TransactGetItems', get, () =>
    conflicts.during('PutItem', { TableName, Item: { pk: S('c') } }, async () => 'read'),
  );
  await expect(other).resolves.toBe('read');
});
