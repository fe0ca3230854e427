import {
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient, ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { AttributeType, CfnTable, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

let run: LocalRun;
let disordered: LocalRun;

/** A global table and a table that feed streams of one shard, one that has a stream of its own beside, and one that feeds another account's. */
const app = () =>
  shop((stack) => {
    const stream = (id: string) => new Stream(stack, id, { shardCount: 1 });
    const partitionKey = { name: 'id', type: AttributeType.STRING };
    new TableV2(stack, 'Orders', { partitionKey, kinesisStream: stream('Changes') });
    const seen = new TableV2(stack, 'Seen', {
      partitionKey,
      dynamoStream: StreamViewType.NEW_IMAGE,
      kinesisStream: stream('SeenChanges'),
    });
    const reader = inline(
      stack,
      'Reader',
      'exports.handler = async ({ Records }) => console.log(JSON.stringify(Records))',
    );
    reader.addEventSource(new DynamoEventSource(seen, { startingPosition: StartingPosition.TRIM_HORIZON }));
    new CfnTable(stack, 'Plain', {
      keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
      attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
      kinesisStreamSpecification: {
        streamArn: stream('PlainChanges').streamArn,
        approximateCreationDateTimePrecision: 'MILLISECOND',
      },
    });
    const far = Stream.fromStreamArn(stack, 'Far', 'arn:aws:kinesis:eu-west-1:999999999999:stream/far');
    new TableV2(stack, 'Lost', { partitionKey, kinesisStream: far });
  });

beforeAll(async () => {
  [run, disordered] = await Promise.all([running(app(), { disorder: 0 }), running(app(), { disorder: 0.4 })]);
}, 60_000);
afterAll(stopRuns);

interface Change {
  readonly eventName: string;
  readonly tableName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly NewImage?: { readonly n?: { readonly N: string } };
    readonly OldImage?: object;
    readonly ApproximateCreationDateTime: number;
    readonly ApproximateCreationDateTimePrecision: string;
  };
}

async function changesIn(of: LocalRun, name: string): Promise<Change[]> {
  await of.idle();
  const kinesis = of.client(KinesisClient);
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamName: of.nameOf(name),
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => JSON.parse(Buffer.from(Data!).toString()) as Change);
}

test('a table’s changes come into its Kinesis stream, with both images, whatever its own stream shows', async () => {
  const client = run.client(DynamoDBClient);
  for (const name of ['Orders', 'Seen', 'Plain']) {
    const TableName = run.nameOf(name);
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, n: { N: '1' } } }));
    await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'a' }, n: { N: '2' } } }));
    await client.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'a' } } }));
  }
  for (const [name, stream, precision, scale] of [
    ['Orders', 'Changes', 'MICROSECOND', 1000],
    ['Seen', 'SeenChanges', 'MICROSECOND', 1000],
    ['Plain', 'PlainChanges', 'MILLISECOND', 1],
  ] as const) {
    const changes = await changesIn(run, stream);
    expect(changes.map(({ eventName }) => eventName)).toEqual(['INSERT', 'MODIFY', 'REMOVE']);
    const { dynamodb, ...about } = changes[1]!;
    expect(about).toEqual({
      awsRegion: 'us-east-1',
      eventID: expect.any(String) as string,
      eventName: 'MODIFY',
      userIdentity: null,
      recordFormat: 'application/json',
      tableName: run.nameOf(name),
      eventSource: 'aws:dynamodb',
    });
    expect(dynamodb).toEqual({
      ApproximateCreationDateTime: expect.any(Number) as number,
      Keys: { id: { S: 'a' } },
      OldImage: { id: { S: 'a' }, n: { N: '1' } },
      NewImage: { id: { S: 'a' }, n: { N: '2' } },
      SizeBytes: expect.any(Number) as number,
      ApproximateCreationDateTimePrecision: precision,
    });
    expect(Math.abs(dynamodb.ApproximateCreationDateTime / scale - Date.now())).toBeLessThan(60_000);
  }
  const lines = run
    .logs('Reader')
    .map(({ message }) => message)
    .join('\n');
  expect(lines).toContain('"NewImage"');
  expect(lines).not.toContain('"OldImage"');
});

test('a table that has no stream of its own has none here either', async () => {
  const { Table } = await run
    .client(DynamoDBClient)
    .send(new DescribeTableCommand({ TableName: run.nameOf('Orders') }));
  expect(Table).toBeDefined();
  expect([Table!.StreamSpecification, Table!.LatestStreamArn]).toEqual([undefined, undefined]);
  const { Table: seen } = await run
    .client(DynamoDBClient)
    .send(new DescribeTableCommand({ TableName: run.nameOf('Seen') }));
  expect(seen!.StreamSpecification).toMatchObject({ StreamViewType: 'NEW_IMAGE' });
  const { Streams } = await run.client(DynamoDBStreamsClient).send(new ListStreamsCommand({}));
  expect(Streams!.map(({ TableName }) => TableName)).toEqual([run.nameOf('Seen')]);
});

test('some come twice, and neighbours in another order, also those of one item', async () => {
  const client = disordered.client(DynamoDBClient);
  const TableName = disordered.nameOf('Orders');
  for (const first of [0, 25]) {
    const some = Array.from({ length: 25 }, (_, index) => String(first + index));
    const items = some.map((id) => ({ Put: { TableName, Item: { id: { S: id }, n: { N: id } } } }));
    await client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  }
  const numbersOf = async (isOne: boolean) =>
    (await changesIn(disordered, 'Changes'))
      .filter(({ dynamodb }) => (dynamodb.Keys.id.S === 'one') === isOne)
      .map(({ dynamodb }) => Number(dynamodb.NewImage!.n!.N));
  const isOrdered = (numbers: readonly number[]) =>
    numbers.every((n, index) => index === 0 || numbers[index - 1]! <= n);
  let puts = 0;
  // Only changes that are read together change places: on a slow machine that may be few.
  while (puts < 50 || (puts < 500 && isOrdered([...new Set(await numbersOf(true))]))) {
    for (let count = 0; count < 50; count++) {
      await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'one' }, n: { N: String(puts++) } } }));
    }
  }
  for (const [found, expected] of [
    [await numbersOf(false), Array.from({ length: 50 }, (_, n) => n)],
    [await numbersOf(true), Array.from({ length: puts }, (_, n) => n)],
  ] as const) {
    const once = [...new Set(found)];
    expect(once.toSorted((a, b) => a - b)).toEqual(expected);
    expect(once).not.toEqual(expected);
    expect(found.length).toBeGreaterThan(once.length);
  }
});

test('a stream that is in no template gets nothing, which is said', () => {
  expect(run.unsupported.filter(({ reason }) => reason.includes('Kinesis'))).toEqual([
    expect.objectContaining({
      resource: 'Shop/Lost',
      reason:
        "its changes are not sent to a Kinesis stream, since 'arn:aws:kinesis:eu-west-1:999999999999:stream/far' is in no template: its readers get none",
    }),
  ]);
});
