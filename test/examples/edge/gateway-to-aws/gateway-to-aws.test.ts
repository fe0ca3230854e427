import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { synthesize } from 'lintel/pulumi';
import { type EdgeRun, type LocalRun, runEdgeLocally, runLocally } from 'lintel/testing';
import { OrdersStack } from '../../../../examples/aws/orders-api/orders-stack';
import { gatewayToAws } from '../../../../examples/edge/gateway-to-aws/gateway-to-aws';
import { Issuer } from '../../issuer';
import { Customer, ordersContract, type OrdersService, TEA } from '../../orders-contract';
import { inDirectory } from '../in-directory';

const config = { 'cloudflare:accountId': 'account' };
const directory = mkdtempSync(path.join(tmpdir(), 'gateway-to-aws-'));
const issuer = new Issuer('https://login.example.com', 'RS256');
const outside = { 'x-forwarded-host': '', 'x-experiment-ordering': '' };
let aws: LocalRun;
let edge: EdgeRun;

beforeAll(async () => {
  await issuer.rotate('first');
  const app = new App({ outdir: path.join(directory, 'cdk.out'), builtinCloudFormationValidation: false });
  new OrdersStack(app, 'OrdersApi');
  aws = await runLocally(app.synth().directory, { issuers: { [issuer.url]: await issuer.keySet() } });
  edge = await inDirectory('examples/edge/gateway-to-aws', () =>
    runEdgeLocally(gatewayToAws, {
      config,
      // The address that a deployment would know; what goes there goes to the API that runs here.
      outputs: { 'orders/orders-stack.outputs/Url': 'https://orders.example.com' },
      outbound: async (request) => {
        const answer = await issuer.answer(request);
        if (answer) return answer;
        for (const name of Object.keys(outside)) Object.assign(outside, { [name]: request.headers.get(name) });
        const { pathname, search } = new URL(request.url);
        const body = request.body ? await request.text() : undefined;
        return fetch(aws.url + pathname + search, { method: request.method, headers: request.headers, body });
      },
    }),
  );
}, 60_000);
afterAll(async () => {
  await edge?.stop();
  await aws?.stop();
  rmSync(directory, { recursive: true });
});

const service: OrdersService = {
  fetch: (route, request) => edge.worker('gate').fetch(`https://shop.example.com${route}`, request),
  token: (sub) => issuer.token({ sub }),
  ship: async (id) => {
    await DynamoDBDocumentClient.from(aws.client(DynamoDBClient)).send(
      new UpdateCommand({
        TableName: aws.tables['OrdersApi/Orders'],
        Key: { id },
        UpdateExpression: 'SET #status = :shipped',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':shipped': 'shipped' },
      }),
    );
  },
};

describe('through the gateway', () => {
  ordersContract(() => service);

  test('the API learns where a request came in and which way of ordering is tried', async () => {
    await new Customer(service, 'ann').list();
    expect(outside['x-forwarded-host']).toBe('shop.example.com');
    expect(['usual', 'express']).toContain(outside['x-experiment-ordering']);
  });

  test('browsers are told to be careful', async () => {
    const { headers } = await service.fetch('/orders');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test.each([
    ['expired', { exp: 1 }],
    ['for others', { aud: 'bank' }],
  ])('a token that is %s never reaches AWS', async (_, claims) => {
    outside['x-forwarded-host'] = 'nothing came';
    const headers = { authorization: `Bearer ${await issuer.token(claims)}` };
    expect((await service.fetch('/orders', { headers })).status).toBe(401);
    expect(outside['x-forwarded-host']).toBe('nothing came');
  });

  test('a customer who asks too often is refused, others are not', async () => {
    const eager = new Customer(service, 'eager');
    const headers = { 'cf-connecting-ip': '203.0.113.7' };
    const answers = await Promise.all(Array.from({ length: 105 }, () => service.fetch('/orders', { headers })));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    expect((await eager.place('calm', TEA)).status).toBe(201);
  });
});

test('the program deploys the stack before the gateway that points to it', async () => {
  const graph = await inDirectory('examples/edge/gateway-to-aws', () => synthesize(gatewayToAws, { config }));
  const gate = graph.resources.find(({ name }) => name === 'gate-worker');
  const reference = '${aws:cloudformation/stack:Stack::orders/orders-stack.outputs/Url}';
  expect(JSON.stringify(gate?.inputs.bindings)).toContain(reference);
  expect(graph.outputs.api).toBe(reference);
});
