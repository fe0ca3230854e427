import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { EventStore } from '../lib/runtime/event-store/event-store';
import { projection } from '../lib/runtime/projection/projection';
import { startDynamoDb } from '../lib/testing/engines/dynamodb';
import { atMost, type Comparison, type Result } from './measure';

const ROUNDS = 31;
const CALLS = 100;

type OrderEvent = { readonly type: 'OrderPlaced'; readonly data: object };
const data = {
  customer: 'c-1',
  lines: [
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 1 },
  ],
  total: 42,
};
const event: OrderEvent = { type: 'OrderPlaced', data };

/** The helpers for handlers against the SDK by hand, which makes the same calls: CPU of this process for each event. */
export async function run(): Promise<Result[]> {
  const engine = await startDynamoDb();
  Object.assign(process.env, {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${engine.port}` },
    ...{
      ORDERS: 'events',
      EVENTS: 'events',
      MODEL: 'model',
      CHECKPOINTS: 'checkpoints',
      PROJECTION: 'Views',
      PARKED: '-',
    },
  });
  const client = new DynamoDBClient({});
  try {
    await table(client, 'events', 'id', 'version');
    await table(client, 'model', 'id');
    await table(client, 'checkpoints', 'aggregate', 'projection');
    return [
      {
        name: 'EventStore.append / PutItem by hand',
        ...(await compare(appends(client), puts(client))),
        goal: atMost(1.1),
      },
      {
        name: 'projection of an event / its three calls by hand',
        ...(await compare(projections(client), calls(client))),
        goal: atMost(1.1),
      },
    ];
  } finally {
    client.destroy();
    await engine.stop();
  }
}

type Step = () => Promise<unknown>;

function appends(client: DynamoDBClient): Step {
  const store = new EventStore<OrderEvent>('ORDERS', { client });
  return () => store.append(randomUUID(), 0, [event]);
}

function puts(client: DynamoDBClient): Step {
  return () => {
    const meta = { append: randomUUID() };
    const item = { ...event, id: randomUUID(), version: 1, time: new Date().toISOString(), meta, schema: 1 };
    return client.send(
      new PutItemCommand({
        TableName: 'events',
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(id)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  };
}

function recordOf(id: string) {
  const item = { ...event, id, version: 1, time: new Date().toISOString(), meta: { append: randomUUID() }, schema: 1 };
  const NewImage = marshall(item);
  const Keys = { id: { S: id }, version: { N: '1' } };
  return { eventName: 'INSERT', dynamodb: { Keys, NewImage, SequenceNumber: '1' } };
}

function projections(client: DynamoDBClient): Step {
  const handler = projection<OrderEvent, { orders?: object }>({
    client,
    key: ({ id }) => id,
    on: { OrderPlaced: (model, { data: order }) => ({ ...model, orders: order }) },
  });
  return () => handler({ Records: [recordOf(randomUUID())] });
}

function calls(client: DynamoDBClient): Step {
  return async () => {
    const aggregate = randomUUID();
    const { NewImage } = recordOf(aggregate).dynamodb;
    const checkpoint = { projection: { S: 'Hand' }, aggregate: { S: aggregate } };
    await client.send(new GetItemCommand({ TableName: 'checkpoints', Key: checkpoint, ConsistentRead: true }));
    const order = unmarshall(NewImage);
    const Key = { id: { S: aggregate } };
    const { Item = {} } = await client.send(new GetItemCommand({ TableName: 'model', Key, ConsistentRead: true }));
    const model = { ...unmarshall(Item), orders: order.data as object };
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName: 'checkpoints',
              Item: { ...checkpoint, version: { N: '1' } },
              ConditionExpression: 'attribute_not_exists(#version)',
              ExpressionAttributeNames: { '#version': 'version' },
            },
          },
          {
            Put: {
              TableName: 'model',
              Item: marshall({ ...model, id: aggregate, _v: randomUUID() }, { removeUndefinedValues: true }),
              ConditionExpression: 'attribute_not_exists(#v)',
              ExpressionAttributeNames: { '#v': '_v' },
            },
          },
        ],
      }),
    );
  };
}

async function compare(ours: Step, theirs: Step): Promise<Comparison> {
  const found = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    // Who goes first alternates.
    const first = round % 2 === 0 ? await cpuOf(ours) : await cpuOf(theirs);
    const second = round % 2 === 0 ? await cpuOf(theirs) : await cpuOf(ours);
    if (round === 0) continue;
    found.ours.push(round % 2 === 0 ? first : second);
    found.theirs.push(round % 2 === 0 ? second : first);
  }
  return { ours: median(found.ours), theirs: median(found.theirs) };
}

async function cpuOf(step: Step): Promise<number> {
  globalThis.gc?.();
  const begun = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) await step();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000 / CALLS;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function table(client: DynamoDBClient, TableName: string, ...keys: readonly string[]) {
  return client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({
        AttributeName,
        AttributeType: AttributeName === 'version' ? 'N' : 'S',
      })),
      KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    }),
  );
}
