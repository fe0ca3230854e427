import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import type { Order } from '../../../../examples/aws/orders-api/src/orders';
import { OrdersStack } from '../../../../examples/aws/orders-api/orders-stack';

interface Answer {
  readonly status: number;
  readonly body: Order & { readonly orders?: Order[]; readonly problems?: string[] };
}

/** A customer with a token of the issuer, who sends requests to a run. */
class Customer {
  constructor(
    private readonly run: LocalRun,
    private readonly name: string,
  ) {}

  place(key: string | undefined, lines: unknown, body = JSON.stringify({ lines })): Promise<Answer> {
    return this.send('POST', '/orders', body, key === undefined ? {} : { 'idempotency-key': key });
  }

  get = (id: string) => this.send('GET', `/orders/${id}`);
  list = () => this.send('GET', '/orders');
  cancel = (id: string) => this.send('POST', `/orders/${id}/cancel`);

  private async send(
    method: string,
    route: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const authorization = `Bearer ${this.run.token({ sub: this.name, aud: 'shop' })}`;
    const response = await fetch(this.run.url + route, { method, body, headers: { ...headers, authorization } });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
}

const TEA = [{ sku: 'tea', quantity: 2 }];

/** The statuses of a customer's usual requests. */
async function usual(run: LocalRun): Promise<number[]> {
  const eve = new Customer(run, 'eve');
  const placed = await eve.place('usual', TEA);
  const id = placed.body.id ?? 'none';
  const listed = await eve.list();
  const found = listed.body.orders?.length === 1 ? listed.status : 0;
  return [placed.status, found, (await eve.get(id)).status, (await eve.cancel(id)).status];
}

const directory = mkdtempSync(path.join(tmpdir(), 'orders-api-'));
const assembly = path.join(directory, 'cdk.out');
const start = (source: string) => runLocally(source, { issuers: 'local' });

beforeAll(() => {
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new OrdersStack(app, 'OrdersApi');
  app.synth();
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('customers', () => {
  let run: LocalRun;
  let ann: Customer;
  beforeAll(async () => {
    run = await start(assembly);
    ann = new Customer(run, 'ann');
  });
  afterAll(() => run.stop());

  test('place an order, read it, list it with others, the newest first', async () => {
    const first = await ann.place('first', TEA);
    const second = await ann.place('second', [{ sku: 'milk', quantity: 1 }]);
    expect(first).toMatchObject({ status: 201, body: { customerId: 'ann', status: 'placed', lines: TEA } });
    expect(await ann.get(first.body.id)).toEqual({ status: 200, body: first.body });
    expect(await ann.list()).toEqual({ status: 200, body: { orders: [second.body, first.body] } });
  });

  test('get one order for one key, however often and however fast they repeat the request', async () => {
    const bob = new Customer(run, 'bob');
    const first = await bob.place('again', TEA);
    expect(await bob.place('again', TEA)).toEqual(first);
    const hasty = await Promise.all(Array.from({ length: 4 }, () => bob.place('hasty', TEA)));
    expect(hasty.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await bob.list()).body.orders).toHaveLength(2);
  });

  test('share no keys with each other', async () => {
    const [one, other] = [new Customer(run, 'one'), new Customer(run, 'other')];
    const placed = [await one.place('same', TEA), await other.place('same', TEA)];
    expect(placed.map(({ status }) => status)).toEqual([201, 201]);
    expect(placed[0].body.id).not.toBe(placed[1].body.id);
  });

  test('refuses the key of another order, no key, and a body that is no order', async () => {
    await ann.place('tea', TEA);
    const problems = ["the 'Idempotency-Key' was used for another order"];
    expect(await ann.place('tea', [{ sku: 'milk', quantity: 1 }])).toEqual({ status: 409, body: { problems } });
    expect(await ann.place(undefined, TEA)).toMatchObject({ status: 400 });
    expect(await ann.place('bad', [{ sku: '', quantity: 0 }])).toMatchObject({
      status: 400,
      body: { problems: ["line 1: 'sku' must name an article", expect.stringContaining("line 1: 'quantity'")] },
    });
    expect(await ann.place('text', TEA, 'no json')).toMatchObject({
      status: 400,
      body: { problems: ['the body must be JSON'] },
    });
  });

  test('refuses who has no token, and hides orders of others', async () => {
    const { body } = await ann.place('mine', TEA);
    expect((await fetch(`${run.url}/orders/${body.id}`)).status).toBe(401);
    const mallory = new Customer(run, 'mallory');
    expect([(await mallory.get(body.id)).status, (await mallory.cancel(body.id)).status]).toEqual([404, 404]);
    expect((await mallory.list()).body.orders).toEqual([]);
    expect((await ann.get(body.id)).body.status).toBe('placed');
  });

  test('cancel an order, also twice, but not on its way', async () => {
    const { body } = await ann.place('cancel', TEA);
    const cancelled = { status: 200, body: { ...body, status: 'cancelled' } };
    expect([await ann.cancel(body.id), await ann.cancel(body.id)]).toEqual([cancelled, cancelled]);
    expect(await ann.get(body.id)).toEqual(cancelled);

    const { id } = (await ann.place('shipped', TEA)).body;
    await ship(run, id);
    expect(await ann.cancel(id)).toEqual({ status: 409, body: { problems: ['a shipped order cannot be cancelled'] } });
  });

  test('have used what the functions were granted, and were denied nothing', () => {
    const { functions, unsupportedCalls } = run.report();
    expect([unsupportedCalls, functions.flatMap(({ denied }) => denied)]).toEqual([[], []]);
    const used = functions.map((fn) => [fn.function.split('/')[2], fn.used.map(({ action }) => action.split(':')[1])]);
    expect(Object.fromEntries(used.map(([name, actions]) => [name, [...new Set(actions)].sort()]))).toEqual({
      'POST orders': ['PutItem', 'UpdateItem'],
      'GET orders': ['Query'],
      'GET orders {id}': ['GetItem'],
      'POST orders {id} cancel': ['GetItem', 'UpdateItem'],
    });
  });

  test('leave no order twice in the table', async () => {
    const { Items = [] } = await scan(run);
    expect(new Set(Items.map(({ id }) => id)).size).toBe(Items.length);
  });
});

test('requests beyond the reserved concurrency are refused, the others served', async () => {
  const app = new App({ outdir: path.join(directory, 'reserved'), builtinCloudFormationValidation: false });
  const { api } = new OrdersStack(app, 'OrdersApi');
  Object.assign(api.functions['POST /orders'].node.defaultChild!, { reservedConcurrentExecutions: 1 });
  const run = await start(app.synth().directory);
  const ann = new Customer(run, 'ann');
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => ann.place(key, TEA)));
  const statuses = answers.map(({ status }) => status);
  const { orders } = (await ann.list()).body;
  await run.stop();
  expect([...new Set(statuses)].sort()).toEqual([201, 503]);
  expect(orders).toHaveLength(statuses.filter((status) => status === 201).length);
});

describe('a mistake in the template shows', () => {
  test('unless there is none', async () => {
    const run = await start(assembly);
    const answers = await usual(run);
    await run.stop();
    expect(answers).toEqual([201, 200, 200, 200]);
  });

  test.each<[string, (template: string) => string, number[]]>([
    ['no permission to put', withoutPut, [500, 0, 404, 404]],
    ['the wrong table in a variable', swapTables, [500, 0, 404, 404]],
    ['another name of the index', (template) => template.replaceAll('byCustomer', 'byClient'), [201, 0, 200, 200]],
    [
      'the route of another path',
      (template) => template.replace('POST /orders/{id}/cancel', 'POST /cancel'),
      [201, 200, 200, 404],
    ],
    [
      'no permission to invoke',
      (template) => template.replace('/*/GET/orders/*', '/*/GET/order/*'),
      [201, 200, 500, 200],
    ],
    [
      'another audience',
      (template) => template.replace('"Audience":["shop"]', '"Audience":["other"]'),
      [401, 0, 401, 401],
    ],
  ])('%s', async (name, change, statuses) => {
    const run = await start(changed(name, change));
    const answers = await usual(run);
    await run.stop();
    expect(answers).toEqual(statuses);
  });

  test('with the permission that was missing', async () => {
    const run = await start(changed('denied', withoutPut));
    await usual(run);
    const denied = run.report().functions.flatMap((fn) => fn.denied.map(({ action }) => `${fn.function}: ${action}`));
    await run.stop();
    expect(denied).toEqual(['OrdersApi/Api/POST orders/Handler: dynamodb:PutItem']);
  });
});

/** To put into the table of orders is a statement of its own. */
function withoutPut(template: string): string {
  return template.replace('"Action":"dynamodb:PutItem"', '"Action":"dynamodb:GetItem"');
}

function swapTables(template: string): string {
  return template.replace(/"ORDERS":\{"Ref":"Orders([^"]+)"\}/, '"ORDERS":{"Ref":"Requests$1"}');
}

/** A copy of the assembly with a changed template. */
function changed(name: string, change: (template: string) => string): string {
  const copy = path.join(directory, name.replaceAll(' ', '-'));
  cpSync(assembly, copy, { recursive: true });
  const file = path.join(copy, 'OrdersApi.template.json');
  const template = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
  const mistaken = change(template);
  if (mistaken === template) throw new Error(`'${name}' changes nothing`);
  writeFileSync(file, mistaken);
  return copy;
}

const documents = (run: LocalRun) => DynamoDBDocumentClient.from(run.client(DynamoDBClient));
const tableOf = (run: LocalRun) => run.tables['OrdersApi/Orders'];

const scan = (run: LocalRun) => documents(run).send(new ScanCommand({ TableName: tableOf(run) }));

async function ship(run: LocalRun, id: string): Promise<void> {
  await documents(run).send(
    new UpdateCommand({
      TableName: tableOf(run),
      Key: { id },
      UpdateExpression: 'SET #status = :shipped',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':shipped': 'shipped' },
    }),
  );
}
