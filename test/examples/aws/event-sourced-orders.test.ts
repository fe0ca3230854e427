import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { ServiceFunction } from 'lintel/aws';
import type { Recorded } from 'lintel/runtime';
import { type LocalRun, runLocally } from 'lintel/testing';
import { OrdersStack } from '../../../examples/aws/event-sourced-orders/orders-stack';
import {
  decide,
  type Order,
  type OrderEvent,
  ORDERS,
  reducer,
} from '../../../examples/aws/event-sourced-orders/src/order';

describe('an order', () => {
  const placed: Order = { status: 'placed', customer: 'ann', name: 'Ann', email: 'ann@example.com', total: 20 };

  test('is folded out of its events', () => {
    const events = [
      { type: 'OrderPlaced', data: { customer: 'ann', name: 'Ann', email: 'ann@example.com', total: 20 } },
      { type: 'OrderPaid', data: { customer: 'ann', amount: 20 } },
    ] as Recorded<OrderEvent>[];
    expect(events.reduce(reducer, ORDERS.initial!)).toEqual({ ...placed, status: 'paid' });
  });

  test('takes a command that suits it, and refuses others', () => {
    expect(decide(placed, { id: '1', type: 'pay', amount: 20 })).toEqual({
      type: 'OrderPaid',
      data: { customer: 'ann', amount: 20 },
    });
    expect(() => decide(placed, { id: '1', type: 'pay', amount: 19 })).toThrow('the order costs 20, and not 19');
    expect(() => decide(placed, { id: '1', type: 'ship' })).toThrow('an order that is placed cannot be shipped');
  });
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: OrdersStack;
  let vandal: ServiceFunction;
  let table: DynamoDBDocumentClient;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new OrdersStack(app, 'Orders');
    // Somebody who may append, and tries more.
    vandal = new ServiceFunction(stack, 'Vandal', {
      entry: path.join(__dirname, 'handlers/vandal.ts'),
      access: { ORDERS: stack.orders.append() },
    });
    // Races need three environments, and no more.
    const options = { issuers: 'local', timeScale: 100, disorder: 0.3, faults: 0.05, maxEnvironments: 3 } as const;
    run = await runLocally(app, options);
    table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
  }, 60_000);
  afterAll(() => run.stop());

  async function request(method: string, at: string, key?: string, body?: object) {
    const headers = {
      authorization: `Bearer ${run.token()}`,
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const answer = await fetch(`${run.url}${at}`, { method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  const place = (key: string, customer: string, total: number) =>
    request('POST', '/orders', key, { customer, name: `Name of ${customer}`, email: `${customer}@example.com`, total });
  const customer = async (id: string) => (await request('GET', `/customers/${id}`)).body;
  const settled = () => run.idle({ timeout: 30_000 });
  const today = () => new Date().toISOString().slice(0, 10);
  const events = async (id: string) => {
    const TableName = run.nameOf(stack.orders.table);
    const { Items = [] } = await table.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': id },
      }),
    );
    return Items;
  };
  const parked = (projection: OrdersStack['byCustomer']) =>
    run
      .queue(projection.parked)
      .messages()
      .map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  test('commands become events, and both models follow, whatever comes twice or in another order', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `a${index}`);
    await Promise.all(
      keys.map(async (key, index) => {
        expect(await place(key, `customer-${index % 3}`, 10)).toMatchObject({ status: 201, body: { version: 1 } });
        expect((await request('POST', `/orders/order-${key}/pay`, `pay-${key}`, { amount: 10 })).status).toBe(201);
        expect((await request('POST', `/orders/order-${key}/ship`, `ship-${key}`, {})).status).toBe(201);
      }),
    );
    await settled();
    for (const [index, id] of ['customer-0', 'customer-1', 'customer-2'].entries()) {
      const own = keys.filter((_, place) => place % 3 === index);
      expect(await customer(id)).toEqual({
        id,
        name: `Name of ${id}`,
        orders: Object.fromEntries(own.map((key) => [`order-${key}`, { status: 'shipped', total: 10 }])),
      });
    }
    expect((await request('GET', `/revenue/${today()}`)).body).toEqual({ revenue: 120, orders: 12 });
    expect([...parked(stack.byCustomer), ...parked(stack.revenue)]).toEqual([]);
  }, 60_000);

  test('a command that is sent again stores nothing, and gets the first answer; one that does not suit is refused', async () => {
    await place('b', 'bob', 5);
    expect(await place('b', 'bob', 5)).toEqual({ status: 200, body: { id: 'order-b', version: 1 } });
    expect(await request('POST', '/orders/order-b/ship', 'ship-b', {})).toEqual({
      status: 409,
      body: { error: 'an order that is placed cannot be shipped' },
    });
    expect(await events('order-b')).toHaveLength(1);
    expect(await request('POST', '/orders', undefined, {})).toMatchObject({ status: 400 });
  }, 30_000);

  test('an order whose event the handler throws on is parked, and the others go on', async () => {
    const time = new Date().toISOString();
    const item = { id: 'order-bad', version: 1, type: 'OrderPlaced', time, meta: {}, schema: 1 };
    const data = { customer: 'eve', total: 'much' };
    await table.send(new PutCommand({ TableName: run.nameOf(stack.orders.table), Item: { ...item, data } }));
    await place('c', 'cid', 7);
    await settled();
    expect(parked(stack.byCustomer)).toEqual([
      expect.objectContaining({
        projection: 'ByCustomer',
        aggregate: 'order-bad',
        version: 1,
        reason: 'handler',
        error: { name: 'TypeError', message: 'an order must have a total, got much' },
      }),
    ]);
    expect(await customer('cid')).toMatchObject({ orders: { 'order-c': { total: 7 } } });
  }, 30_000);

  test('nobody may update or delete an event; one that is overwritten is told of, and not applied', async () => {
    await place('d', 'dan', 9);
    await settled();
    const did = await run.invoke<Record<string, string>>(vandal, { id: 'order-d', version: 1, total: 1 });
    expect(did).toEqual({
      update: 'AccessDeniedException',
      delete: 'AccessDeniedException',
      batch: 'AccessDeniedException',
      partiql: 'AccessDeniedException',
      scan: 'AccessDeniedException',
      put: 'done',
    });
    await settled();
    for (const projection of [stack.byCustomer, stack.revenue]) {
      expect(parked(projection)).toContainEqual(
        expect.objectContaining({
          aggregate: 'order-d',
          version: 1,
          reason: 'tampering',
          error: { name: 'Tampering', message: 'MODIFY of event 1; stored events are never changed' },
        }),
      );
      // What the alarm counts.
      expect(run.logs(projection.handler).map(({ message }) => message)).toContainEqual(
        expect.stringContaining('"tampering":true'),
      );
    }
    expect(await customer('dan')).toMatchObject({ orders: { 'order-d': { total: 9 } } });
  }, 30_000);

  test('a replay makes a lost model anew, beside what goes on', async () => {
    const before = await customer('customer-0');
    const model = { TableName: run.nameOf(stack.customers), Key: { id: 'customer-0' } };
    await table.send(new DeleteCommand(model));
    const TableName = run.nameOf(stack.byCustomer.checkpoints);
    for (const { aggregate, projection } of (await table.send(new ScanCommand({ TableName }))).Items ?? []) {
      if (Object.hasOwn(before.orders as object, aggregate as string))
        await table.send(new DeleteCommand({ TableName, Key: { projection, aggregate } }));
    }
    const { name } = await run.invoke<{ name: string }>(stack.replay, {});
    await place('e', 'customer-0', 3);
    const replay = run.machine(stack.byCustomer.replay).executions.find((one) => one.name === name)!;
    expect((await replay.wait()).error).toBeUndefined();
    await settled();
    expect((await customer('customer-0')).orders).toEqual({
      ...(before.orders as object),
      'order-e': { status: 'placed', total: 3 },
    });
    expect(await run.invoke(stack.replay, { name })).toMatchObject({ status: 'SUCCEEDED' });
  }, 60_000);

  test('a customer who is forgotten is in no event and no model any more', async () => {
    await place('f', 'fay', 4);
    await settled();
    expect((await request('GET', '/orders/order-f')).body).toMatchObject({
      name: 'Name of fay',
      email: 'fay@example.com',
    });
    expect(JSON.stringify(await events('order-f'))).not.toContain('fay@example.com');
    expect(await run.invoke(stack.forget, { customer: 'fay' })).toEqual({ orders: 1 });
    await settled();
    expect((await request('GET', '/orders/order-f')).body).toEqual({
      version: 2,
      status: 'placed',
      customer: 'fay',
      total: 4,
    });
    const { Item } = await table.send(new GetCommand({ TableName: run.nameOf(stack.customers), Key: { id: 'fay' } }));
    expect(JSON.stringify(Item)).not.toContain('Name of fay');
    expect(await customer('fay')).toEqual({ id: 'fay', orders: { 'order-f': { status: 'placed', total: 4 } } });
  }, 30_000);

  test('nothing was denied but what the vandal tried', () => {
    const denied = run.report().functions.filter(({ denied: some }) => some.length > 0);
    expect(denied.map(({ function: name }) => name)).toEqual(['Orders/Vandal']);
  });
});
