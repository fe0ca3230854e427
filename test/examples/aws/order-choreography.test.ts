import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import type { EntityTable, Subscription } from 'lintel/aws';
import { type LocalRun, runLocally } from 'lintel/testing';
import { shopOf } from '../../../examples/aws/order-choreography/shop';
import type { Order } from '../../../examples/aws/order-choreography/src/events';

let run: LocalRun;
let shop: ReturnType<typeof shopOf>;
let tables: DynamoDBDocumentClient;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  shop = shopOf(app);
  // One in five events comes twice, and one in five late.
  run = await runLocally(app, { timeScale: 600, disorder: 0.2, maxEnvironments: 3 });
  tables = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
  const Item = { id: 'lamp', available: 1000 };
  await tables.send(new PutCommand({ TableName: run.nameOf(shop.stock.stock), Item }));
}, 60_000);
afterAll(() => run.stop());

async function place(...orders: Partial<Order>[]): Promise<void> {
  for (const order of orders) {
    await run.invoke(shop.orders.placeOrder, { article: 'lamp', quantity: 1, card: 'visa', ...order });
  }
  await run.idle({ timeout: 60_000 });
}

async function items(table: EntityTable) {
  const { Items = [] } = await tables.send(new ScanCommand({ TableName: run.nameOf(table) }));
  return Items as Readonly<Record<string, unknown>>[];
}

const stateOf = async (table: EntityTable, id: string) => (await items(table)).find((item) => item.id === id)?.state;
const letters = async (id: string) =>
  (await items(shop.letters.letters))
    .filter((item) => String(item.id).startsWith(`${id}:`))
    .map(({ letter }) => letter)
    .sort();
const waiting = ({ deadLetterQueue }: Subscription) => run.queue(deadLetterQueue).messages();

test('an order that is paid and reserved is confirmed, by services that know only events', async () => {
  await place({ orderId: 'o-1' });
  expect(await stateOf(shop.orders.orders, 'o-1')).toBe('confirmed');
  expect(await stateOf(shop.payments.payments, 'o-1')).toBe('taken');
  expect(await letters('o-1')).toEqual(['confirmed']);
});

test('an order that lacks stock or money is cancelled, and what was paid is refunded', async () => {
  await place({ orderId: 'o-2', quantity: 10_000 }, { orderId: 'o-3', card: 'declined' });
  expect(await stateOf(shop.payments.payments, 'o-2')).toBe('refunded');
  expect(await letters('o-2')).toEqual(['cancelled', 'refunded']);
  expect(await letters('o-3')).toEqual(['cancelled', 'refunded']);
});

test('an order that is placed three times is worked on once', async () => {
  const before = (await items(shop.stock.stock))[0]!.available as number;
  await place({ orderId: 'o-4' }, { orderId: 'o-4' }, { orderId: 'o-4' });
  expect((await items(shop.stock.stock))[0]!.available).toBe(before - 1);
});

test('twenty orders, one in four of them poison: each ends confirmed, or its event waits, and SQS moves it back', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `many-${index}`);
  await place(...ids.map((orderId, index) => ({ orderId, card: index % 4 === 0 ? '' : 'visa' })));
  const states = (await items(shop.orders.orders)).filter(({ id }) => String(id).startsWith('many-'));
  const confirmed = states.filter(({ state }) => state === 'confirmed').map(({ id }) => id);
  const orderOf = (body: string) => (JSON.parse(body) as { detail: { data: Order } }).detail.data.orderId;
  const dead = new Set(waiting(shop.payments.charges).map(({ body }) => orderOf(body)));
  expect([confirmed.length, dead.size]).toEqual([15, 5]);
  expect(new Set([...confirmed, ...dead])).toEqual(new Set(ids));

  const { queue } = shop.payments.charges.worker!;
  const arn = (one: string) => `arn:aws:sqs:us-east-1:123456789012:${one}`;
  await run.client(SQSClient).send(
    new StartMessageMoveTaskCommand({
      SourceArn: arn(run.nameOf(shop.payments.charges.deadLetterQueue)),
      DestinationArn: arn(run.nameOf(queue)),
    }),
  );
  await run.idle({ timeout: 60_000 });
  // Nothing was mended: they are back, and none of them is lost.
  expect(new Set(waiting(shop.payments.charges).map(({ body }) => orderOf(body)))).toEqual(dead);
}, 120_000);

test('what a service may not say, the bus does not take', async () => {
  const { functions } = run.report();
  const publishers = functions.filter(({ used }) => JSON.stringify(used).includes('events:PutEvents'));
  expect(publishers.length).toBe(5);
  expect(functions.flatMap(({ denied }) => denied)).toEqual([]);
});
