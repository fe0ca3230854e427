import {
  BatchWriteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { running, shop, stopRuns } from '../../support';

let dynamodb: DynamoDBClient;
let TableName: string;

beforeAll(async () => {
  const run = await running(
    shop((stack) => {
      new TableV2(stack, 'Items', {
        partitionKey: { name: 'p', type: AttributeType.STRING },
        sortKey: { name: 's', type: AttributeType.NUMBER },
        globalSecondaryIndexes: [{ indexName: 'byKind', partitionKey: { name: 'kind', type: AttributeType.STRING } }],
      });
    }),
  );
  dynamodb = run.client(DynamoDBClient);
  TableName = run.nameOf('Items');
  for (let s = 1; s <= 5; s++) {
    const Item = { p: { S: 'large' }, s: { N: `${s}` }, kind: { S: 'x' }, text: { S: 'x'.repeat(300_000) } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
  }
  const small = [1, 2, 3].map((s) => ({ PutRequest: { Item: { p: { S: 'small' }, s: { N: `${s}` } } } }));
  await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: small } }));
});
afterAll(stopRuns);

const query = (p: string, rest: Partial<QueryCommandInput> = {}) =>
  dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'p = :p',
      ...rest,
      ExpressionAttributeValues: { ':p': { S: p }, ...rest.ExpressionAttributeValues },
    }),
  );
const at = (s: number) => ({ p: { S: 'large' }, s: { N: `${s}` } });

test('a page ends with the item that exceeds 1 MB, and the next one begins after it', async () => {
  const first = await query('large', { ReturnConsumedCapacity: 'TOTAL' });
  expect(first).toMatchObject({ Count: 4, ScannedCount: 4, LastEvaluatedKey: at(4) });
  expect(first.Items?.map(({ s }) => s?.N)).toEqual(['1', '2', '3', '4']);
  // A unit is two eventually consistent reads of 4 KB.
  expect(first.ConsumedCapacity?.CapacityUnits).toBeGreaterThan(145);
  const second = await query('large', { ExclusiveStartKey: first.LastEvaluatedKey });
  expect(second).toMatchObject({ Count: 1, ScannedCount: 1 });
  expect(second.LastEvaluatedKey).toBeUndefined();
});

test('what a filter leaves out counts for the page', async () => {
  const filtered = { FilterExpression: 's > :s', ExpressionAttributeValues: { ':s': { N: '3' } } };
  const values = { ExpressionAttributeValues: { ...filtered.ExpressionAttributeValues, ':k': { S: 'x' } } };
  const byKind = { IndexName: 'byKind', KeyConditionExpression: 'kind = :k', ...filtered, ...values };
  const { Count, ScannedCount } = await dynamodb.send(new QueryCommand({ TableName, ...byKind }));
  expect({ Count, ScannedCount }).toEqual({ Count: 1, ScannedCount: 4 });
});

test.each([
  [4, { Count: 4, ScannedCount: 4, LastEvaluatedKey: at(4) }],
  [3, { Count: 3, ScannedCount: 3, LastEvaluatedKey: at(3) }],
  [9, { Count: 4, ScannedCount: 4, LastEvaluatedKey: at(4) }],
])('a limit of %s items', async (Limit, page) => {
  expect(await query('large', { Limit, Select: 'COUNT' })).toMatchObject(page);
});

test('a page below 1 MB is the last one', async () => {
  const { Count, ScannedCount, LastEvaluatedKey } = await query('small');
  expect([Count, ScannedCount, LastEvaluatedKey]).toEqual([3, 3, undefined]);
});

test('a scan reads every item once, page by page', async () => {
  const pages: number[] = [];
  let ExclusiveStartKey: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await dynamodb.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    expect(page.Count).toBe(page.ScannedCount);
    pages.push(page.Items?.length ?? 0);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.reduce((total, count) => total + count)).toBe(8);
});
