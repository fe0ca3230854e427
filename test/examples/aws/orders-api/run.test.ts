import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { OrdersStack } from '../../../../examples/aws/orders-api/orders-stack';
import { Customer, ordersContract, type OrdersService, TEA } from '../../orders-contract';

/** The API of a run, as its customers see it. */
const serviceOf = (run: LocalRun): OrdersService => ({
  fetch: (route, request) => fetch(run.url + route, request),
  token: (customer) => run.token({ sub: customer, aud: 'shop' }),
  ship: (id) => ship(run, id),
});

/** The statuses of a customer's usual requests. */
async function usual(run: LocalRun): Promise<number[]> {
  const eve = new Customer(serviceOf(run), 'eve');
  const placed = await eve.place('usual', TEA);
  const id = placed.body.id ?? 'none';
  const listed = await eve.list();
  const found = listed.body.orders?.length === 1 ? listed.status : 0;
  return [placed.status, found, (await eve.get(id)).status, (await eve.cancel(id)).status];
}

const directory = mkdtempSync(path.join(tmpdir(), 'orders-api-'));
const assembly = path.join(directory, 'cdk.out');
const start = (source: string) => runLocally(source, { issuers: 'local', maxEnvironments: 4 });

beforeAll(() => {
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new OrdersStack(app, 'OrdersApi');
  app.synth();
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('customers', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await start(assembly);
  });
  afterAll(() => run.stop());

  ordersContract(() => serviceOf(run));

  test('make their usual requests, which show a mistake in the template', async () => {
    expect(await usual(run)).toEqual([201, 200, 200, 200]);
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
  Object.assign(api.functions['POST /orders']!.node.defaultChild!, { reservedConcurrentExecutions: 1 });
  const run = await start(app.synth().directory);
  const ann = new Customer(serviceOf(run), 'ann');
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((key) => ann.place(key, TEA)));
  const statuses = answers.map(({ status }) => status);
  const { orders } = (await ann.list()).body;
  await run.stop();
  expect([...new Set(statuses)].sort()).toEqual([201, 503]);
  expect(orders).toHaveLength(statuses.filter((status) => status === 201).length);
});

describe('a mistake in the template shows', () => {
  test.each<[string, (template: string) => string, number[]]>([
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

  test('no permission to put, which the report names', async () => {
    const run = await start(changed('denied', withoutPut));
    const answers = await usual(run);
    const denied = run.report().functions.flatMap((fn) => fn.denied.map(({ action }) => `${fn.function}: ${action}`));
    await run.stop();
    expect(answers).toEqual([500, 0, 404, 404]);
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
