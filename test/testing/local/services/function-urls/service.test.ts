import { Duration, type Stack } from 'aws-cdk-lib';
import { FunctionUrlAuthType, HttpMethod, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { fromHandlers, inline, running, shop, stopRuns } from '../../support';
import { signed } from '../api-gateway/signed';

const INVOKE = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

function functions(stack: Stack): void {
  const props = { timeout: Duration.seconds(10) };
  const open = fromHandlers(stack, 'Open', 'streams', { ...props, handler: 'url.handler' }).addFunctionUrl({
    authType: FunctionUrlAuthType.NONE,
    cors: { allowedOrigins: ['https://shop.example.com'], allowedMethods: [HttpMethod.POST] },
  });
  fromHandlers(stack, 'Closed', 'streams', { ...props, handler: 'url.handler' }).addFunctionUrl();
  inline(stack, 'Knows', 'exports.handler = async () => process.env.OPEN;', { environment: { OPEN: open.url } });
  for (const name of ['slow', 'http', 'piped', 'failsAtOnce', 'failsUnderWay', 'endsWithText', 'endsEmpty']) {
    const fn = fromHandlers(stack, name, 'streams', { ...props, handler: `index.${name}` });
    fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE, invokeMode: InvokeMode.RESPONSE_STREAM });
  }
}

let run: LocalRun;
beforeAll(async () => {
  const Statement = (Action: readonly string[]) => ({ Effect: 'Allow' as const, Action, Resource: '*' });
  run = await running(shop(functions), {
    callers: { both: [{ Statement: Statement(INVOKE) }], half: [{ Statement: Statement(INVOKE.slice(0, 1)) }] },
  });
});
afterAll(stopRuns);

const urlOf = (name: string) => run.urls[`Shop/${name}/FunctionUrl`]!;

test('a function with a URL is called by HTTP, with the event of a URL', async () => {
  const response = await fetch(`${urlOf('Open')}/a%20b/?x=1&x=2`, {
    method: 'POST',
    body: 'text',
    headers: { 'X-Mine': 'Yes' },
  });
  expect(await response.json()).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a%20b/',
    rawQueryString: 'x=1&x=2',
    queryStringParameters: { x: '1,2' },
    headers: { 'x-mine': 'Yes' },
    requestContext: { stage: '$default', http: { method: 'POST', path: '/a%20b/' } },
    body: 'text',
    isBase64Encoded: false,
  });
});

test('a stream that ends without a write has lost its metadata', async () => {
  const text = await fetch(urlOf('endsWithText'));
  expect([text.status, await text.text()]).toEqual([502, 'Internal Server Error']);
  expect(run.logs('endsWithText/FunctionUrl').map(({ message }) => message)).toContain(
    "ERROR 502: there is no metadata: it is sent with the first write(), before end(): write at least ''",
  );
  const empty = await fetch(urlOf('endsEmpty'), { redirect: 'manual' });
  expect([empty.status, empty.headers.get('content-type'), await empty.text()]).toEqual([
    200,
    'application/octet-stream',
    '',
  ]);
});

test('its answer is a response, or the body of one', async () => {
  const answer = { statusCode: 201, headers: { 'x-mine': 'yes' }, cookies: ['a=1', 'b=2'], body: 'made' };
  const response = await fetch(`${urlOf('Open')}/answer`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(answer),
  });
  expect([response.status, response.headers.get('x-mine'), await response.text()]).toEqual([201, 'yes', 'made']);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('a function that fails is 502, and the log says why', async () => {
  const response = await fetch(`${urlOf('Open')}/fail`);
  expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error']);
  expect(run.logs('Shop/Open/FunctionUrl').at(-1)?.message).toContain('broken');
});

test('the address in a variable leads to it', async () => {
  expect(await run.invoke('Knows')).toBe(`${urlOf('Open')}/`);
});

test('preflight requests are answered by the URL itself', async () => {
  const headers = { origin: 'https://shop.example.com', 'access-control-request-method': 'POST' };
  const response = await fetch(urlOf('Open'), { method: 'OPTIONS', headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-methods')).toBe('POST');
});

describe('with IAM', () => {
  const call = async (caller: string) => {
    const response = await fetch(await signed(run, caller, `${urlOf('Closed')}/x`, { service: 'lambda' }));
    return { status: response.status, body: (await response.json()) as object };
  };

  test('lets those in whose policies allow both actions, and says who they are', async () => {
    expect(await call('both')).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::123456789012:user/both' } } } },
    });
  });

  test('refuses those with one of them, and requests without a signature', async () => {
    expect(await call('half')).toMatchObject({ status: 403, body: { Message: expect.stringContaining('Forbidden') } });
    expect((await fetch(urlOf('Closed'))).status).toBe(403);
  });
});

test('refuses everybody without the permission for everybody', async () => {
  const directory = mutated(shop(functions), 'AWS::Lambda::Permission', (properties) => {
    if (properties.Action === 'lambda:InvokeFunction') properties.Principal = '210987654321';
  });
  const own = await running(directory);
  expect((await fetch(own.urls['Shop/Open/FunctionUrl']!)).status).toBe(403);
});

describe('with a streamed response', () => {
  test('the first byte is there long before the end', async () => {
    const response = await fetch(urlOf('slow'));
    const times: number[] = [];
    for await (const chunk of response.body!) if (chunk.length > 0) times.push(Date.now());
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(300);
  });

  test('metadata are the head of the response', async () => {
    const response = await fetch(urlOf('http'));
    expect([response.status, response.headers.get('x-mine'), response.headers.getSetCookie()]).toEqual([
      201,
      'yes',
      ['a=b'],
    ]);
    expect(await response.text()).toBe('hello world');
  });

  test('without metadata it is 200, with the content type of the stream', async () => {
    const response = await fetch(urlOf('piped'));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(await response.text()).toBe('abc');
  });

  test('a failure before the first byte is 502; under way, the end is missing', async () => {
    expect((await fetch(urlOf('failsAtOnce'))).status).toBe(502);
    const response = await fetch(urlOf('failsUnderWay'));
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });
});
