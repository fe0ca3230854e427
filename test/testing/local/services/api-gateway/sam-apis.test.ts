import path from 'node:path';
import type { LocalRun } from 'lintel/testing';
import { running, stopRuns } from '../../support';

const TEMPLATE = path.join(__dirname, '../../handlers/sam-apis/template.yaml');
const IN = { authorization: 'let me in' };
const OUT = { authorization: 'let me out' };

let run: LocalRun;
beforeAll(async () => {
  run = await running(TEMPLATE, { issuers: 'local' });
});
afterAll(stopRuns);

async function call(api: string, request: string, headers: Record<string, string> = {}, body?: string) {
  const [method = '', route = ''] = request.split(' ');
  const url = `${run.urls[`template.yaml/${api}`]}${route}`;
  const sent = { 'content-type': 'application/json', ...headers };
  const response = await fetch(url, { method, headers: sent, ...(body !== undefined && { body }) });
  const answered = await response.text();
  return { status: response.status, headers: response.headers, resource: /"resource":"([^"]*)"/.exec(answered)?.[1] };
}

const statuses = async (...calls: ReturnType<typeof call>[]) => (await Promise.all(calls)).map(({ status }) => status);

test('events of a function are resources of a REST API: the most specific path answers, for its own methods', async () => {
  const answers = ['GET /orders/1', 'PUT /orders/1', 'GET /else/where', 'GET /only'].map((one) => call('Plain', one));
  expect((await Promise.all(answers)).map(({ status, resource }) => [status, resource])).toEqual([
    [200, '/orders/{id}'],
    [403, undefined],
    [200, '/{proxy+}'],
    [403, undefined],
  ]);
});

test('each path answers preflight requests as the API says, with the methods that it has', async () => {
  const { status, headers } = await call('Plain', 'OPTIONS /orders/1');
  expect([status, headers.get('access-control-allow-origin')]).toEqual([200, 'https://shop.example.com']);
  expect(headers.get('access-control-allow-headers')).toBe('x-shop');
  expect(headers.get('access-control-allow-methods')).toBe('GET,OPTIONS');
  const every = await call('Plain', 'OPTIONS /else');
  expect(every.headers.get('access-control-allow-methods')).toBe('DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT');
});

test('the default authorizer is asked, on preflight requests too unless the API says otherwise', async () => {
  const { body } = await run.invoke<{ body: string }>('template.yaml/Echo', {});
  const iss = `https://cognito-idp.us-east-1.amazonaws.com/${(JSON.parse(body) as { pool: string }).pool}`;
  const authorization = run.token({ sub: 'ann', iss, token_use: 'id' });
  expect(
    await statuses(
      call('Members', 'GET /me'),
      call('Members', 'GET /open'),
      call('Members', 'OPTIONS /me'),
      call('Asked', 'OPTIONS /orders'),
      call('Members', 'GET /me', { authorization }),
    ),
  ).toEqual([401, 200, 401, 200, 200]);
});

test('a function authorizes, and requests have the parameters and the model of their event', async () => {
  expect(
    await statuses(
      call('Asked', 'POST /orders?q=1', IN, '{"id":"1"}'),
      call('Asked', 'POST /orders?q=1', OUT, '{"id":"1"}'),
      call('Asked', 'POST /orders', IN, '{"id":"1"}'),
      call('Asked', 'POST /orders?q=1', IN, '{}'),
    ),
  ).toEqual([200, 403, 400, 400]);
});

test('error responses are those of the API', async () => {
  const { status, headers } = await call('Asked', 'POST /orders?q=1');
  expect([status, headers.get('x-why')]).toEqual([418, 'no token']);
});

test.each(['Tokens', 'Defined'])('tokens are asked for by the HTTP API %s', async (api) => {
  const authorization = `Bearer ${run.token()}`;
  expect(await statuses(call(api, 'GET /me'), call(api, 'GET /me', { authorization }))).toEqual([401, 200]);
});

test('an event chooses another authorizer of an HTTP API', async () => {
  const calls = [{}, IN, OUT].map((headers) => call('Tokens', 'GET /simple', headers));
  expect(await statuses(...calls)).toEqual([401, 200, 403]);
});
