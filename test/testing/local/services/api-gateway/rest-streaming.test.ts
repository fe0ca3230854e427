import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CfnMethod,
  HttpIntegration,
  LambdaIntegration,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { LocalRun } from 'lintel/testing';
import { answerOf, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

const FROM = `exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  const out = awslambda.HttpResponseStream.from(stream, JSON.parse(event.queryStringParameters.head));
  out.write('first,');
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (event.queryStringParameters.fail) throw new Error('under way');
  out.write('last');
  out.end();
});`;
const BARE = `exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('x'.repeat(20000)); stream.end(); });`;
const WHOLE = 'exports.handler = async () => ({ statusCode: 200, body: "whole" });';

let backend: Server;
let run: LocalRun;
beforeAll(async () => {
  backend = createServer((_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', server: 'backend' });
    outgoing.write('first,');
    setTimeout(() => outgoing.end('last'), 300);
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  run = await running(
    shop((stack) => {
      const api = new RestApi(stack, 'Api', { cloudWatchRole: false });
      const responseTransferMode = ResponseTransferMode.STREAM;
      for (const [name, code] of Object.entries({ from: FROM, bare: BARE, whole: WHOLE })) {
        const fn = inline(stack, name, code);
        api.root.addResource(name).addMethod('GET', new LambdaIntegration(fn, { responseTransferMode }));
      }
      const proxy = api.root.addResource('proxy').addMethod('GET', new HttpIntegration(`${address}/x`));
      (proxy.node.defaultChild as CfnMethod).addPropertyOverride('Integration.ResponseTransferMode', 'STREAM');
    }),
  );
});
afterAll(() => backend.close());

const get = (path: string, head: object = {}) =>
  fetch(`${run.url}${path}${path.includes('?') ? '&' : '?'}head=${encodeURIComponent(JSON.stringify(head))}`);

async function pieces(response: Response): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const chunk of response.body!) found.push(Buffer.from(chunk as Uint8Array).toString());
  return found;
}

test('sends what a function writes while it writes it, with its metadata', async () => {
  const head = {
    statusCode: 201,
    headers: { 'x-one': '1', Date: 'then' },
    multiValueHeaders: { 'x-two': ['a', 'b'] },
    cookies: ['c=1', 'd=2'],
  };
  const response = await get('/from', head);
  expect(response.status).toBe(201);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-one': '1',
    'x-two': 'a, b',
    'x-amzn-remapped-date': 'then',
  });
  expect(response.headers.getSetCookie()).toEqual(['c=1', 'd=2']);
  expect(await pieces(response)).toEqual(['first,', 'last']);
});

test('cuts the answer of a function that fails under way', async () => {
  const response = await get('/from?fail=1', { statusCode: 200 });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
});

test.each([
  ['an answer without metadata', '/bare', {}, 'its first 16 KB have no metadata that eight zero bytes end'],
  ['a handler that does not stream', '/whole', {}, 'its first 16 KB have no metadata that eight zero bytes end'],
  ['metadata that are not known', '/from', { status: 200 }, "its metadata have 'status', which is unknown"],
])('refuses %s', async (_, path, head, why) => {
  expect(await answerOf(await get(path, head))).toEqual({ status: 502, body: { message: 'Internal server error' } });
  expect(run.logs('Api').at(-1)?.message).toBe(`ERROR GET ${path}: the function's result is not a response: ${why}`);
});

test('passes the answer of an HTTP backend on while it comes', async () => {
  const response = await get('/proxy');
  expect(response.headers.get('x-amzn-remapped-server')).toBe('backend');
  expect(await pieces(response)).toEqual(['first,', 'last']);
});
