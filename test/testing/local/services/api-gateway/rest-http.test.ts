import { request } from 'node:http';
import { JsonSchemaType, LambdaIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { LocalRun } from 'lintel/testing';
import { answerOf, ECHO, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

/** Answers with what its caller wants: the body of the request is the answer. */
const MIRROR = 'exports.handler = async ({ body }) => JSON.parse(body);';

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      const api = new RestApi(stack, 'Api', { cloudWatchRole: false, deployOptions: { variables: { mode: 'test' } } });
      const echo = new LambdaIntegration(inline(stack, 'Echo', ECHO));
      const orders = api.root.addResource('orders');
      orders.addMethod('GET', echo);
      orders.addResource('{id}').addMethod('GET', echo);
      api.root.addResource('files').addResource('{path+}').addMethod('GET', echo);
      api.root.addResource('mirror').addMethod('POST', new LambdaIntegration(inline(stack, 'Mirror', MIRROR)));
      const item = api.addModel('Item', {
        modelName: 'Item',
        schema: { type: JsonSchemaType.OBJECT, required: ['constructor'] },
      });
      const list = api.addModel('List', {
        schema: {
          type: JsonSchemaType.ARRAY,
          items: { ref: `https://apigateway.amazonaws.com/restapis/${api.restApiId}/models/${item.modelId}` },
        },
      });
      api.root.addResource('checked').addMethod('POST', echo, {
        requestModels: { 'application/json': list },
        requestValidator: api.addRequestValidator('Body', { validateRequestBody: true }),
      });
      api.root.addResource('named').addMethod('GET', echo, {
        requestParameters: { 'method.request.header.X-Tenant': true, 'method.request.querystring.constructor': true },
        requestValidator: api.addRequestValidator('Parameters', { validateRequestParameters: true }),
      });
      api.addGatewayResponse('Missing', {
        type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
        responseHeaders: { 'X-Origin': 'method.request.header.Origin', 'X-Stage': 'context.stage' },
        templates: {
          'application/json':
            '{"type":"$context.error.responseType","path":"$context.path","mode":"$stageVariables.mode"}',
        },
      });
    }),
  );
});

interface Event {
  readonly path: string;
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly requestContext: { readonly path: string };
}

/** A request by HTTP/1.1 whose names and path are sent as they are written. */
function raw(
  path: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): Promise<{ status: number; event: Event }> {
  const { hostname, port } = new URL(run.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, event: JSON.parse(Buffer.concat(chunks).toString()) as Event }),
      );
    });
    sent.on('error', reject).end();
  });
}

const mirrored = (answer: object) => fetch(`${run.url}/mirror`, { method: 'POST', body: JSON.stringify(answer) });

test('names of headers arrive as the client wrote them, but for Authorization', async () => {
  const { event } = await raw('/prod/orders', {
    'tEsT-HEADeR': 'aValUE',
    aUThorization: 'Bearer x',
    'x-lower': ['1', '2'],
    TE: 'trailers',
  });
  expect(event.headers).toMatchObject({ 'tEsT-HEADeR': 'aValUE', Authorization: 'Bearer x', 'x-lower': '2' });
  expect(event.multiValueHeaders['x-lower']).toEqual(['1', '2']);
  for (const name of ['aUThorization', 'authorization', 'test-header', 'TE', 'Connection']) {
    expect(event.headers).not.toHaveProperty(name);
  }
});

// As AWS answered the same paths in the tests that LocalStack keeps of API Gateway itself.
test.each([
  ['/prod/orders/', '/orders/', '/orders', null, '/prod/orders/'],
  ['/prod//orders', '/orders', '/orders', null, '/prod//orders'],
  ['//prod/orders', '/orders', '/orders', null, '/prod/orders'],
  ['/prod/orders/a%2Bb@c', '/orders/a%2Bb@c', '/orders/{id}', { id: 'a%2Bb@c' }, '/prod/orders/a%2Bb@c'],
  ['/prod/files/a//b/', '/files/a//b/', '/files/{path+}', { path: 'a//b' }, '/prod/files/a//b/'],
])('%s reaches its resource', async (path, eventPath, resource, pathParameters, contextPath) => {
  const { status, event } = await raw(path);
  expect({ status, path: event.path, resource: event.resource, pathParameters: event.pathParameters }).toEqual({
    status: 200,
    path: eventPath,
    resource,
    pathParameters,
  });
  expect(event.requestContext.path).toBe(contextPath);
});

test('names that every object has are names like others', async () => {
  const query = 'constructor=a&__proto__=b&toString=c';
  const { status, event } = await raw(`/prod/orders/constructor?${query}`, {
    constructor: 'x',
    'to-string': 'y',
    cookie: '__proto__=1',
  });
  expect(status).toBe(200);
  expect(Object.entries(event.queryStringParameters ?? {})).toEqual([
    ['constructor', 'a'],
    ['__proto__', 'b'],
    ['toString', 'c'],
  ]);
  expect(Object.hasOwn(event.headers, 'constructor')).toBe(true);
  expect(event.pathParameters).toEqual({ id: 'constructor' });
});

test('a pair that stands in both kinds of headers counts once', async () => {
  const response = await mirrored({
    statusCode: 200,
    headers: { 'x-a': 'one', 'x-b': 'same', 'x-n': 1, 'x-t': true },
    multiValueHeaders: { 'X-A': ['two', 'three'], 'x-b': ['same', 'other'] },
  });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-a': 'two, three, one',
    'x-b': 'same, other',
    'x-n': '1',
    'x-t': 'true',
  });
});

test("an answer needs no status, and renames the headers that are the API's own", async () => {
  const response = await mirrored({ headers: { 'WWW-Authenticate': 'Basic', Date: 'then', 'content-length': '9' } });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic');
  expect(response.headers.get('www-authenticate')).toBeNull();
  expect(response.headers.get('x-amzn-remapped-date')).toBe('then');
});

test.each([
  [
    'a field that REST APIs do not know',
    { statusCode: 200, cookies: ['a=1'] },
    "API Gateway does not support 'cookies'",
  ],
  [
    'a header with a list of values',
    { statusCode: 200, headers: { 'x-a': ['1', '2'] } },
    "the header 'x-a' is not a string",
  ],
  ['a status of 1xx', { statusCode: 101 }, "'statusCode' is 101, where a status from 200 to 599 is needed"],
  [
    'a status that is no number',
    { statusCode: 'x' },
    '\'statusCode\' is "x", where a status from 200 to 599 is needed',
  ],
  [
    'a text for a list of values',
    { multiValueHeaders: { a: 'b' } },
    "the values of 'a' in 'multiValueHeaders' are not a list",
  ],
])('refuses an answer with %s, and says why', async (_, answer, why) => {
  const response = await mirrored(answer);
  expect(await answerOf(response)).toEqual({ status: 502, body: { message: 'Internal server error' } });
  expect(run.logs('Api').at(-1)?.message).toBe(`ERROR POST /mirror: the function's result is not a response: ${why}`);
});

test('models refer to one another, and judge own properties only', async () => {
  const check = (body: string) =>
    fetch(`${run.url}/checked`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect((await check('[{"constructor":1}]')).status).toBe(200);
  expect((await check('[{}]')).status).toBe(400);
});

test('a required header is compared as it was written', async () => {
  expect((await raw('/prod/named?constructor=1', { 'X-Tenant': 'a' })).status).toBe(200);
  expect(await raw('/prod/named', { 'x-tenant': 'a' })).toEqual({
    status: 400,
    event: { message: 'Missing required request parameters: [X-Tenant, constructor]' },
  });
});

test('the address of the client stands behind those that the client claims; refuses headers of more than 10 KB', async () => {
  const { event } = await raw('/prod/orders', { 'X-Forwarded-For': '203.0.113.9' });
  expect(event.headers['X-Forwarded-For']).toBe('203.0.113.9, 127.0.0.1');
  expect(event.multiValueHeaders['X-Forwarded-For']).toEqual(['203.0.113.9, 127.0.0.1']);
  const { status } = await raw('/prod/orders', { Cookie: `a=${'x'.repeat(10_240)}` });
  expect(status).toBe(431);
});

test('gateway responses have variables of the request', async () => {
  const response = await fetch(`${run.url}/nothing`, { headers: { Origin: 'https://a.example' } });
  expect(response.headers.get('x-origin')).toBe('https://a.example');
  expect(response.headers.get('x-stage')).toBe('prod');
  expect(await answerOf(response)).toEqual({
    status: 403,
    body: { type: 'MISSING_AUTHENTICATION_TOKEN', path: '/prod/nothing', mode: 'test' },
  });
});
