import { type IncomingMessage, request } from 'node:http';
import {
  CfnIntegration,
  CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpStage,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { LocalRun } from 'lintel/testing';
import { answerOf, ECHO, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

function permissionsBelow(scope: IConstruct): CfnPermission[] {
  return scope.node.findAll().filter((child): child is CfnPermission => child instanceof CfnPermission);
}

/** The event of a request with headers that `fetch` does not send. */
async function sentRaw(
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: string }> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method: 'POST', headers }, resolve).on('error', reject).end(body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

describe('the event of an HTTP API', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const echo = inline(stack, 'Echo', ECHO);
        const api = new HttpApi(stack, 'Api');
        const v2 = new HttpLambdaIntegration('V2', echo);
        const v1 = new HttpLambdaIntegration('V1', echo, { payloadFormatVersion: PayloadFormatVersion.VERSION_1_0 });
        api.addRoutes({ path: '/my/{id}', methods: [HttpMethod.ANY], integration: v2 });
        api.addRoutes({ path: '/files/{path+}', methods: [HttpMethod.GET], integration: v2 });
        api.addRoutes({ path: '/old/{id}', methods: [HttpMethod.ANY], integration: v1 });
      }),
    );
  });

  // The names and the nesting are those of the documented example; see `eventV2` for its page.
  test('in payload format 2.0 is as documented', async () => {
    const response = await fetch(`${run.url}/my/42?parameter1=value1&parameter1=value2&parameter2=value`, {
      method: 'POST',
      headers: { Header1: 'value1', Cookie: 'cookie1=a; cookie2=b', 'Content-Type': 'application/json' },
      body: '{"message":"Hello"}',
    });
    const { body } = await answerOf(response);
    expect(body).toEqual({
      version: '2.0',
      routeKey: 'ANY /my/{id}',
      rawPath: '/my/42',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
      cookies: ['cookie1=a', 'cookie2=b'],
      headers: expect.objectContaining({
        header1: 'value1',
        'content-type': 'application/json',
        'content-length': '19',
        host: new URL(run.url).host,
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': new URL(run.url).port,
        'x-forwarded-proto': 'http',
      }),
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'value' },
      requestContext: {
        accountId: '123456789012',
        apiId: expect.stringMatching(/^\w{10}$/),
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: { method: 'POST', path: '/my/42', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'node' },
        requestId: expect.any(String),
        routeKey: 'ANY /my/{id}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { id: '42' },
      body: '{"message":"Hello"}',
      isBase64Encoded: false,
    });
    expect(body).not.toHaveProperty('headers.cookie');
  });

  test('has the address of the client behind those that the client claims', async () => {
    const response = await fetch(`${run.url}/my/1`, { headers: { 'X-Forwarded-For': '203.0.113.9' } });
    expect((await answerOf(response)).body).toMatchObject({
      headers: { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' },
      requestContext: { http: { sourceIp: '127.0.0.1' } },
    });
  });

  test('has no headers of the connection of the client, in either format', async () => {
    const own = { Expect: '100-continue', 'Keep-Alive': 'timeout=5', TE: 'trailers', 'Transfer-Encoding': 'chunked' };
    for (const path of ['/my/1', '/old/1']) {
      const { headers, body } = await sentRaw(
        `${run.url}${path}`,
        { ...own, 'Proxy-Authorization': 'a', 'Content-Type': 'text/plain' },
        'text',
      );
      expect(Object.keys(headers)).toEqual(expect.arrayContaining(['host', 'proxy-authorization']));
      for (const name of ['connection', ...Object.keys(own)]) expect(headers).not.toHaveProperty(name.toLowerCase());
      expect(body).toBe('text');
    }
  });

  test('refuses headers of more than 10 KB', async () => {
    const send = (size: number) => fetch(`${run.url}/my/1`, { headers: { Cookie: `a=${'x'.repeat(size)}` } });
    expect([(await send(10_240)).status, (await send(9_000)).status]).toEqual([431, 200]);
  });

  test('leaves out what the request does not have', async () => {
    const { body } = await answerOf(await fetch(`${run.url}/my/42`));
    expect(Object.keys(body as object).sort()).toEqual([
      'headers',
      'isBase64Encoded',
      'pathParameters',
      'rawPath',
      'rawQueryString',
      'requestContext',
      'routeKey',
      'version',
    ]);
  });

  test('holds a body that is not text in base64', async () => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    const headers = { 'content-type': 'application/octet-stream' };
    const { body } = await answerOf(await fetch(`${run.url}/my/42`, { method: 'PUT', headers, body: bytes }));
    expect(body).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
  });

  test('decodes path parameters, greedy ones with their slashes', async () => {
    const { body } = await answerOf(await fetch(`${run.url}/files/a%20b/c.txt`));
    expect(body).toMatchObject({ routeKey: 'GET /files/{path+}', pathParameters: { path: 'a b/c.txt' } });
  });

  test('in payload format 1.0 is as documented', async () => {
    const response = await fetch(`${run.url}/old/42?parameter1=value1&parameter1=value2`, {
      headers: { Header1: 'x' },
    });
    const { body } = await answerOf(response);
    expect(body).toEqual({
      version: '1.0',
      resource: '/old/{id}',
      path: '/old/42',
      httpMethod: 'GET',
      headers: expect.objectContaining({ header1: 'x' }),
      multiValueHeaders: expect.objectContaining({ header1: ['x'] }),
      queryStringParameters: { parameter1: 'value2' },
      multiValueQueryStringParameters: { parameter1: ['value1', 'value2'] },
      requestContext: expect.objectContaining({
        accountId: '123456789012',
        httpMethod: 'GET',
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'node', accessKey: null }),
        resourcePath: '/old/{id}',
        stage: '$default',
      }),
      pathParameters: { id: '42' },
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    });
  });
});

describe('an HTTP API', () => {
  const answering = (answer: string) => `exports.handler = async () => (${answer});`;
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
        new HttpStage(stack, 'Stage', { httpApi: api, stageName: 'v1', autoDeploy: true });
        const route = (path: string, code: string, props = {}) => {
          const id = path.replace(/\W/g, '') || 'Root';
          const fn = inline(stack, id, code, props);
          api.addRoutes({ path, methods: [HttpMethod.GET], integration: new HttpLambdaIntegration(id, fn) });
          return fn;
        };
        route('/bare', answering('{ hello: "world" }'));
        route('/text', answering('"just text"'));
        route(
          '/cookies',
          answering(
            '{ statusCode: 200, cookies: ["a=1", "b=2"], headers: { "X-One": "1", "Content-Length": "9" }, body: "" }',
          ),
        );
        route('/bytes', answering('{ statusCode: 200, isBase64Encoded: true, body: "AP8=" }'));
        route('/object', answering('{ statusCode: 200, body: { a: 1 } }'));
        route('/split', answering('{ statusCode: 200, headers: { x: "a\\nb" }, body: "" }'));
        route('/throws', 'exports.handler = async () => { throw new Error("no luck"); };');
        route('/busy', answering('1'), { reservedConcurrentExecutions: 0 });
        route('/closed', answering('1'));
        for (const permission of permissionsBelow(api).filter(({ node }) => node.path.includes('closed'))) {
          permission.node.scope?.node.tryRemoveChild(permission.node.id);
        }
        inline(stack, 'Caller', 'exports.handler = async () => process.env.URL;', {
          environment: { URL: `${api.apiEndpoint}/v1/bare` },
        });
      }),
    );
  });

  test('has its stage in the path, unless it is the default one', async () => {
    expect(run.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(await answerOf(await fetch(`${new URL(run.url).origin}/bare`))).toEqual({
      status: 404,
      body: { message: 'Not Found' },
    });
  });

  test('takes an answer without a status code as the body', async () => {
    const response = await fetch(`${run.url}/bare`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await answerOf(response)).toEqual({ status: 200, body: { hello: 'world' } });
    expect(await answerOf(await fetch(`${run.url}/text`))).toEqual({ status: 200, body: 'just text' });
  });

  test('sends cookies and headers', async () => {
    const { headers } = await fetch(`${run.url}/cookies`);
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(headers.get('x-one')).toBe('1');
    expect(headers.get('content-length')).toBe('0');
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  test('decodes a body in base64', async () => {
    const response = await fetch(`${run.url}/bytes`);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  test.each([
    ['a handler that throws', '/throws', 500, 'Internal Server Error'],
    ['a body that is no text', '/object', 500, 'Internal Server Error'],
    ['a header that no response can carry', '/split', 500, 'Internal Server Error'],
    ['a function without a permission for the API', '/closed', 500, 'Internal Server Error'],
    ['a function whose concurrency is used up', '/busy', 503, 'Service Unavailable'],
    ['a route that does not exist', '/nothing', 404, 'Not Found'],
  ])('answers %s as AWS does', async (_, path, status, message) => {
    expect(await answerOf(await fetch(`${run.url}${path}`))).toEqual({ status, body: { message } });
  });

  test('says in its log why it answered 500', async () => {
    const lines = run.logs('Shop/Api').map(({ message }) => message);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ERROR GET \/closed: no AWS::Lambda::Permission lets apigateway/),
    );
  });

  test('is called by functions at its local address', async () => {
    expect(await run.invoke('Caller')).toBe(`${run.url}/bare`);
  });
});

test('refuses a call without a permission of the right route', async () => {
  const app = shop((stack) => {
    const echo = inline(stack, 'Echo', ECHO);
    const api = new HttpApi(stack, 'Api');
    const integration = new HttpLambdaIntegration('I', echo);
    api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
    const [permission] = permissionsBelow(api);
    permission!.addPropertyOverride('SourceArn', 'arn:aws:execute-api:us-east-1:123456789012:other/*/*/orders');
  });
  const run = await running(app);
  expect((await fetch(`${run.url}/orders`)).status).toBe(500);
});

describe('throttling', () => {
  test('lets the burst through and refuses the rest', async () => {
    const run = await running(
      shop((stack) => {
        const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
        const throttle = { rateLimit: 0.001, burstLimit: 2 };
        new HttpStage(stack, 'Stage', { httpApi: api, stageName: '$default', autoDeploy: true, throttle });
        const integration = new HttpLambdaIntegration('I', inline(stack, 'Echo', ECHO));
        api.addRoutes({ path: '/', methods: [HttpMethod.GET], integration });
      }),
    );
    const statuses: number[] = [];
    for (let count = 0; count < 4; count++) statuses.push((await fetch(`${run.url}/`)).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });
});

describe('CORS of an HTTP API', () => {
  let run: LocalRun;
  const origin = 'https://shop.example.com';
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const api = new HttpApi(stack, 'Api', {
          corsPreflight: {
            allowOrigins: [origin],
            allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST],
            allowHeaders: ['authorization'],
            allowCredentials: true,
          },
        });
        const code =
          'exports.handler = async () => ({ statusCode: 200, headers: { "access-control-allow-origin": "http://other" } });';
        const integration = new HttpLambdaIntegration('I', inline(stack, 'Fn', code));
        api.addRoutes({ path: '/orders', methods: [HttpMethod.GET], integration });
      }),
    );
  });

  test('answers a preflight request for any path', async () => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const response = await fetch(`${run.url}/orders`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization',
      'access-control-allow-credentials': 'true',
    });
  });

  test('lets a route that takes OPTIONS answer, with its authorizer', async () => {
    const own = await running(
      shop((stack) => {
        new HttpApi(stack, 'Api', {
          defaultIntegration: new HttpLambdaIntegration('I', inline(stack, 'Fn', ECHO)),
          defaultAuthorizer: new HttpIamAuthorizer(),
          corsPreflight: { allowOrigins: [origin], allowMethods: [CorsHttpMethod.ANY] },
        });
      }),
    );
    const headers = { origin, 'access-control-request-method': 'POST' };
    expect((await fetch(own.url, { method: 'OPTIONS', headers })).status).toBe(403);
  });

  test('says nothing to an origin that is not allowed', async () => {
    const headers = { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' };
    const response = await fetch(`${run.url}/orders`, { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('replaces the headers of the function', async () => {
    const allowed = await fetch(`${run.url}/orders`, { headers: { origin } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    const without = await fetch(`${run.url}/orders`);
    expect(without.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('refuses a body that is larger than a function takes', async () => {
  const run = await running(
    shop((stack) => {
      new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('I', inline(stack, 'Fn', ECHO)) });
    }),
  );
  const response = await fetch(run.url, { method: 'POST', body: 'x'.repeat(6_400_000) });
  expect(await answerOf(response)).toEqual({ status: 413, body: { message: 'Request Entity Too Large' } });
});

test('waits no longer than its integration may take', async () => {
  const run = await running(
    shop((stack) => {
      const slow = inline(stack, 'Fn', 'exports.handler = () => new Promise((r) => setTimeout(r, 600, 1));');
      const api = new HttpApi(stack, 'Api', { defaultIntegration: new HttpLambdaIntegration('I', slow) });
      const integration = api.node.findAll().find((child) => child instanceof CfnIntegration) as CfnIntegration;
      integration.timeoutInMillis = 200;
    }),
  );
  expect(await answerOf(await fetch(run.url))).toEqual({ status: 503, body: { message: 'Service Unavailable' } });
});

test('writes the access log that its stage keeps', async () => {
  const run = await running(
    shop((stack) => {
      const api = new HttpApi(stack, 'Api', { createDefaultStage: false });
      const format =
        '{"id":"$context.requestId","key":"$context.routeKey","ip":"$context.identity.sourceIp","status":$context.status,"user":"$context.authorizer.sub"}';
      new CfnStage(stack, 'Stage', {
        apiId: api.apiId,
        stageName: '$default',
        autoDeploy: true,
        accessLogSettings: { destinationArn: 'arn:aws:logs:us-east-1:123456789012:log-group:x', format },
      });
      const integration = new HttpLambdaIntegration('I', inline(stack, 'Fn', ECHO));
      api.addRoutes({ path: '/orders/{id}', methods: [HttpMethod.GET], integration });
    }),
  );
  await fetch(`${run.url}/orders/1`);
  await fetch(`${run.url}/nothing`);
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(run.logs('Api').map(({ message }) => JSON.parse(message) as unknown)).toEqual([
    { id, key: 'GET /orders/{id}', ip: '127.0.0.1', status: 200, user: '-' },
    { id, key: '-', ip: '127.0.0.1', status: 404, user: '-' },
  ]);
});
