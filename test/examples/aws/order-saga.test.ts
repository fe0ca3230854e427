import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalExecution, type LocalRun, runLocally } from 'lintel/testing';
import { OrderStack } from '../../../examples/aws/order-saga/order-stack';
import type { Order } from '../../../examples/aws/order-saga/src/order';

const ENGINES = ['step-functions', 'durable-function'] as const;

let run: LocalRun;
let stacks: Record<(typeof ENGINES)[number], OrderStack>;
let table: DynamoDBDocumentClient;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  stacks = {
    'step-functions': new OrderStack(app, 'Orders'),
    'durable-function': new OrderStack(app, 'Durable', { engine: 'durable-function' }),
  };
  run = await runLocally(app, { timeScale: 100 });
  table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
}, 60_000);
afterAll(() => run.stop());

const order = (id: string, change: Partial<Order> = {}): Order => ({
  id,
  lines: [
    { article: 'lamp', quantity: 2 },
    { article: 'bulb', quantity: 1 },
  ],
  card: 'tok_visa',
  amount: 120,
  address: 'Main Street 1',
  ...change,
});

test('the page shows the saga as it is', () => {
  const page = readFileSync(path.join(__dirname, '../../../examples/aws/order-saga/README.md'), 'utf8');
  expect(/```mermaid\n([^`]*)\n```/.exec(page)?.[1]).toBe(stacks['step-functions'].saga.picture);
});

describe.each(ENGINES)('on %s', (engine) => {
  let stack: OrderStack;
  beforeAll(() => (stack = stacks[engine]));

  async function place(order: Order): Promise<LocalExecution> {
    const placed = await run.invoke(stack.placeOrder, order);
    expect(placed).toEqual({ started: true, name: order.id });
    return execution(order.id).wait();
  }

  const execution = (name: string): LocalExecution =>
    run.machine(stack.saga).executions.find((one) => one.name === name)!;

  /** What one order has left in the three services. */
  async function effects(id: string) {
    const items = async (of: OrderStack['stock']) =>
      ((await table.send(new ScanCommand({ TableName: run.nameOf(of) }))).Items ?? []) as Record<string, unknown>[];
    const states = (all: Record<string, unknown>[]) =>
      all.filter((item) => String(item.id).startsWith(`${id}:`)).map(({ state }) => state);
    const stock = await items(stack.stock);
    return {
      lamps: stock.find((item) => item.id === 'lamp')?.available,
      reservations: states(stock),
      payments: states(await items(stack.payments)),
      shipments: states(await items(stack.shipments)),
    };
  }

  beforeEach(async () => {
    for (const id of ['lamp', 'bulb']) {
      await table.send(new PutCommand({ TableName: run.nameOf(stack.stock), Item: { id, available: 10 } }));
    }
  });

  test('an order is reserved, charged and shipped, and placed once however often it is sent', async () => {
    const done = await place(order('A1'));
    expect(done.output).toMatchObject({ charge: { payment: 'A1:charge' }, ship: { shipment: 'A1:ship' } });
    expect(await effects('A1')).toEqual({
      lamps: 8,
      reservations: ['done', 'done'],
      payments: ['done'],
      shipments: ['done'],
    });
    expect(await run.invoke(stack.placeOrder, order('A1'))).toEqual({ started: false, name: 'A1' });
  }, 30_000);

  test.each<[string, Partial<Order>, string, Record<string, unknown>]>([
    [
      'what is not in stock',
      {
        lines: [
          { article: 'lamp', quantity: 2 },
          { article: 'bulb', quantity: 11 },
        ],
      },
      'reserve: OutOfStock',
      { reservations: ['undone'], payments: [], shipments: [] },
    ],
    [
      'a card that is declined',
      { card: 'tok_declined' },
      'charge: CardDeclined',
      { reservations: ['undone', 'undone'], payments: [], shipments: [] },
    ],
    [
      'a payment whose answer comes too late',
      { card: 'tok_slow' },
      'charge: Sandbox.Timedout',
      { reservations: ['undone', 'undone'], payments: ['undone'], shipments: [] },
    ],
    [
      'an address that nobody delivers to',
      { address: 'Nowhere' },
      'ship: NoCourier',
      { reservations: ['undone', 'undone'], payments: ['undone'], shipments: [] },
    ],
    [
      'a list that is too long',
      { lines: Array.from({ length: 21 }, () => ({ article: 'lamp', quantity: 1 })) },
      'reserve: States.QueryEvaluationError',
      { reservations: [], payments: [], shipments: [] },
    ],
  ])(
    'everything is undone after %s',
    async (what, change, cause, left) => {
      const id = `B-${what.replaceAll(' ', '-')}`;
      const undone = await place(order(id, change));
      expect([undone.error, undone.cause]).toEqual(['SagaUndone', cause]);
      expect(await effects(id)).toEqual({ lamps: 10, ...left });
    },
    30_000,
  );

  test('what cannot be paid back is parked, told, and resumed once it can', async () => {
    const parked = await place(order('C1', { card: 'tok_closed', address: 'Nowhere' }));
    expect([parked.error, parked.cause]).toEqual(['SagaParked', 'charge could not be undone: Error']);
    expect(await effects('C1')).toMatchObject({ lamps: 8, payments: ['done'], shipments: [] });
    const [message] = run.queue(stack.saga.parked).messages();
    expect(JSON.parse(message!.body)).toMatchObject({
      execution: parked.arn,
      key: 'C1',
      failed: { step: 'ship', error: 'NoCourier', undo: { step: 'charge', error: 'Error' } },
      left: [
        { step: 'charge', outcome: 'completed', actionKey: 'C1:charge', idempotencyKey: 'C1:charge:undo' },
        { step: 'reserve', outcome: ['completed', 'completed'] },
      ],
      data: { input: { id: 'C1' } },
    });

    const account = { id: 'account:tok_closed', state: 'open' };
    await table.send(new PutCommand({ TableName: run.nameOf(stack.payments), Item: account }));
    const resumed = await run.invoke(stack.resumeOrder, { message: message!.body });
    expect(resumed).toEqual({ started: true, name: 'C1-resume-1' });
    expect((await execution('C1-resume-1').wait()).error).toBe('SagaUndone');
    expect(await effects('C1')).toMatchObject({ lamps: 10, reservations: ['undone', 'undone'], payments: ['undone'] });
    expect(run.report().functions.flatMap(({ denied }) => denied)).toEqual([]);
  }, 60_000);
});
