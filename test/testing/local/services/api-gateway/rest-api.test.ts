import {
  AuthorizationType,
  type CfnStage,
  CognitoUserPoolsAuthorizer,
  LambdaIntegration,
  JsonSchemaType,
  MockIntegration,
  Period,
  RequestAuthorizer,
  ResponseType,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Duration, Size, type Stack } from 'aws-cdk-lib';
import type { LocalRun } from 'lintel/testing';
import { answerOf, ECHO, inline, running, shop, stopRuns } from '../../support';
import { signed } from './signed';

afterAll(stopRuns);

/** Without the role for logs and the outputs that a REST API makes by itself. */
function rest(stack: Stack, props: ConstructorParameters<typeof RestApi>[2] = {}): RestApi {
  return new RestApi(stack, 'Api', { cloudWatchRole: false, ...props });
}

describe('a REST API', () => {
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const api = rest(stack, {
          binaryMediaTypes: ['image/*'],
          deployOptions: {
            stageName: 'prod',
            variables: { mode: 'test' },
            methodOptions: { '/limited/GET': { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 } },
          },
          defaultCorsPreflightOptions: { allowOrigins: ['https://shop.example.com'], allowHeaders: ['x-one'] },
        });
        api.addGatewayResponse('Missing', {
          type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
          statusCode: '404',
          responseHeaders: { 'Access-Control-Allow-Origin': "'*'" },
          templates: { 'application/json': '{"error":$context.error.messageString}' },
        });
        const echo = new LambdaIntegration(inline(stack, 'Echo', ECHO));
        const orders = api.root.addResource('orders');
        orders.addMethod('POST', echo);
        orders.addResource('{id}').addMethod('ANY', echo);
        api.root.addResource('files').addResource('{path+}').addMethod('GET', echo);
        api.root.addResource('limited').addMethod('GET', echo);
        api.root.addResource('mock').addMethod(
          'GET',
          new MockIntegration({
            requestTemplates: { 'application/json': '{"statusCode": 202}' },
            integrationResponses: [{ statusCode: '202', responseTemplates: { 'application/json': '{"mocked":true}' } }],
          }),
          { methodResponses: [{ statusCode: '202' }] },
        );
        const answer = (id: string, code: string, props = {}) =>
          api.root
            .addResource(id)
            .addMethod(
              'GET',
              new LambdaIntegration(inline(stack, id, `exports.handler = async () => ${code};`, props)),
            );
        answer('bare', '({ hello: 1 })');
        answer('object', '({ statusCode: 200, body: {} })');
        answer('throws', '{ throw new Error("x"); }');
        answer('busy', '1', { reservedConcurrentExecutions: 0 });
        answer('multi', '({ statusCode: 200, multiValueHeaders: { "X-A": ["1", "2"] }, body: "ok" })');
        answer(
          'bytes',
          '({ statusCode: 200, isBase64Encoded: true, body: "AP8=", headers: { "content-type": "image/png" } })',
        );
        answer('closed', '1');
        for (const child of api.node.findAll()) {
          if (child instanceof CfnPermission && child.node.path.includes('closed'))
            child.node.scope?.node.tryRemoveChild(child.node.id);
        }
      }),
    );
  });

  test('gives its functions the documented event', async () => {
    const response = await fetch(`${run.url}/orders/a%20b?name=me&multi=1&multi=2`, {
      method: 'PUT',
      headers: { Header1: 'x', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    const { body } = await answerOf(response);
    expect(body).toEqual({
      resource: '/orders/{id}',
      path: '/orders/a%20b',
      httpMethod: 'PUT',
      headers: expect.objectContaining({ Header1: 'x', 'X-Forwarded-For': '127.0.0.1' }),
      multiValueHeaders: expect.objectContaining({ Header1: ['x'] }),
      queryStringParameters: { name: 'me', multi: '2' },
      multiValueQueryStringParameters: { name: ['me'], multi: ['1', '2'] },
      pathParameters: { id: 'a%20b' },
      stageVariables: { mode: 'test' },
      requestContext: {
        accountId: '123456789012',
        apiId: expect.stringMatching(/^\w{10}$/),
        domainName: '127.0.0.1',
        domainPrefix: '127',
        extendedRequestId: expect.any(String),
        httpMethod: 'PUT',
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'node', userArn: null }),
        path: '/prod/orders/a%20b',
        protocol: 'HTTP/1.1',
        requestId: expect.any(String),
        requestTime: expect.any(String),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.any(String),
        resourcePath: '/orders/{id}',
        stage: 'prod',
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('says null for what the request does not have', async () => {
    const { body } = await answerOf(await fetch(`${run.url}/orders`, { method: 'POST' }));
    expect(body).toMatchObject({
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      body: null,
    });
  });

  test('holds a body of a binary type in base64', async () => {
    const bytes = Buffer.from([1, 2, 255]);
    const send = (type: string) =>
      fetch(`${run.url}/orders`, { method: 'POST', headers: { 'content-type': type }, body: bytes }).then(answerOf);
    expect((await send('image/png')).body).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
    expect((await send('text/plain')).body).toMatchObject({ isBase64Encoded: false });
  });

  test('decodes a binary answer for a client that accepts its type', async () => {
    const accepted = await fetch(`${run.url}/bytes`, { headers: { accept: 'image/png' } });
    expect([...new Uint8Array(await accepted.arrayBuffer())]).toEqual([0, 255]);
    const other = await fetch(`${run.url}/bytes`, { headers: { accept: 'text/html' } });
    expect(await other.text()).toBe('AP8=');
  });

  test('matches greedy parameters', async () => {
    const { body } = await answerOf(await fetch(`${run.url}/files/a/b.txt`));
    expect(body).toMatchObject({ resource: '/files/{path+}', pathParameters: { path: 'a/b.txt' } });
  });

  test('sends headers with several values', async () => {
    const response = await fetch(`${run.url}/multi`);
    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  test.each([
    ['an answer without a status code', '/bare', 502, 'Internal server error'],
    ['a body that is no text', '/object', 502, 'Internal server error'],
    ['a handler that throws', '/throws', 502, 'Internal server error'],
    ['a function whose concurrency is used up', '/busy', 500, 'Internal server error'],
    ['a function without a permission for the API', '/closed', 500, 'Internal server error'],
  ])('answers %s as AWS does', async (_, path, status, message) => {
    expect(await answerOf(await fetch(`${run.url}${path}`))).toEqual({ status, body: { message } });
  });

  test('words its own errors as its gateway responses say', async () => {
    const response = await fetch(`${run.url}/nothing`);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect(await answerOf(response)).toEqual({ status: 404, body: { error: 'Missing Authentication Token' } });
  });

  test('answers a path without a stage with 403', async () => {
    expect((await fetch(`${new URL(run.url).origin}/orders`)).status).toBe(403);
  });

  test('throttles the method that has a limit', async () => {
    const statuses = [];
    for (const path of ['/limited', '/limited', '/orders/1', '/orders/1']) {
      statuses.push((await fetch(`${run.url}${path}`)).status);
    }
    expect(statuses).toEqual([200, 429, 200, 200]);
  });

  test('answers preflight requests and other mocks', async () => {
    const preflight = await fetch(`${run.url}/orders`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('x-one');
    expect(await answerOf(await fetch(`${run.url}/mock`))).toEqual({ status: 202, body: { mocked: true } });
  });
});

test('answers preflight requests for several origins by its template', async () => {
  const origins = ['https://a.example', 'https://b.example'];
  const run = await running(
    shop((stack) => {
      const api = rest(stack, { defaultCorsPreflightOptions: { allowOrigins: origins } });
      api.root.addMethod('GET', new LambdaIntegration(inline(stack, 'Fn', ECHO)));
    }),
  );
  const allowed = async (origin: string) => {
    const response = await fetch(run.url, { method: 'OPTIONS', headers: { origin } });
    expect(response.status).toBe(204);
    return response.headers.get('access-control-allow-origin');
  };
  expect(await allowed('https://b.example')).toBe('https://b.example');
  // CDK sends the first origin to those that are not in the list.
  expect(await allowed('https://evil.example')).toBe('https://a.example');
});

test('validates bodies and parameters by the model of a method', async () => {
  const run = await running(
    shop((stack) => {
      const api = rest(stack);
      const model = api.addModel('Order', {
        schema: {
          type: JsonSchemaType.OBJECT,
          required: ['id'],
          properties: {
            id: { type: JsonSchemaType.STRING, minLength: 1 },
            amount: { type: JsonSchemaType.INTEGER, minimum: 1 },
          },
          additionalProperties: false,
        },
      });
      api.root.addMethod('POST', new LambdaIntegration(inline(stack, 'Fn', ECHO)), {
        requestModels: { 'application/json': model },
        requestParameters: { 'method.request.querystring.shop': true, 'method.request.header.x-tenant': false },
        requestValidatorOptions: { validateRequestBody: true, validateRequestParameters: true },
      });
    }),
  );
  const headers = { 'content-type': 'application/json' };
  const send = (query: string, body: string) =>
    fetch(`${run.url}${query}`, { method: 'POST', headers, body }).then(answerOf);
  expect((await send('?shop=1', '{"id":"a","amount":2}')).status).toBe(200);
  const invalid = { status: 400, body: { message: 'Invalid request body' } };
  for (const body of ['{}', '{"id":""}', '{"id":"a","amount":0.5}', '{"id":"a","more":1}', 'no json']) {
    expect(await send('?shop=1', body)).toEqual(invalid);
  }
  expect(await send('', '{"id":"a"}')).toEqual({
    status: 400,
    body: { message: 'Missing required request parameters: [shop]' },
  });
});

describe('authorization of a REST API', () => {
  const tokenCode = `exports.handler = async ({ authorizationToken: token, methodArn }) => {
  if (token === 'Bearer throws') throw new Error('broken');
  if (token === 'Bearer unauthorized') throw new Error('Unauthorized');
  const Effect = token === 'Bearer good' ? 'Allow' : 'Deny';
  const policyDocument = { Version: '2012-10-17', Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: methodArn }] };
  return { principalId: 'ann', policyDocument, context: { level: 3 } };
};`;
  const requestCode = `exports.handler = async (event) => ({ principalId: 'q', policyDocument: { Version: '2012-10-17',
  Statement: event.queryStringParameters.key === 'good'
    ? [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn }] : [] } });`;
  let run: LocalRun;
  beforeAll(async () => {
    run = await running(
      shop((stack) => {
        const api = rest(stack);
        const echo = new LambdaIntegration(inline(stack, 'Echo', ECHO));
        const method = (path: string, options: object) => api.root.addResource(path).addMethod('GET', echo, options);
        const token = new TokenAuthorizer(stack, 'Token', {
          handler: inline(stack, 'TokenFn', tokenCode),
          validationRegex: 'Bearer .+',
          resultsCacheTtl: Duration.seconds(0),
        });
        method('token', { authorizer: token });
        const request = new RequestAuthorizer(stack, 'Request', {
          handler: inline(stack, 'RequestFn', requestCode),
          identitySources: ['method.request.querystring.key'],
          resultsCacheTtl: Duration.seconds(0),
        });
        method('request', { authorizer: request });
        const pool = new CognitoUserPoolsAuthorizer(stack, 'Pool', {
          cognitoUserPools: [new UserPool(stack, 'Users')],
        });
        method('pool', { authorizer: pool });
        method('iam', { authorizationType: AuthorizationType.IAM });
        method('keyed', { apiKeyRequired: true });
        const plan = api.addUsagePlan('Plan', { apiStages: [{ api, stage: api.deploymentStage }] });
        plan.addApiKey(api.addApiKey('Key', { value: 'the-key-of-twenty-characters' }));
        const few = api.addUsagePlan('Few', {
          apiStages: [{ api, stage: api.deploymentStage }],
          quota: { limit: 1, period: Period.DAY },
        });
        few.addApiKey(api.addApiKey('Rare', { value: 'a-key-that-is-good-for-one-call' }));
        api.addApiKey('Other', { value: 'a-key-that-is-in-no-usage-plan' });
      }),
      {
        issuers: 'local',
        callers: {
          reader: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'execute-api:*', Resource: '*' } }],
          nobody: [],
        },
      },
    );
  });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${run.url}${path}`, { headers }).then(answerOf);

  test('by a token: passes context on as text', async () => {
    expect(await get('/token', { authorization: 'Bearer good' })).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { principalId: 'ann', level: '3' } } },
    });
  });

  test.each([
    ['Bearer bad', 403, { Message: 'User is not authorized to access this resource with an explicit deny' }],
    ['Bearer unauthorized', 401, { message: 'Unauthorized' }],
    ['Bearer throws', 500, { message: null }],
    ['no bearer', 401, { message: 'Unauthorized' }],
  ])('by a token: answers "%s" as AWS does', async (authorization, status, body) => {
    expect(await get('/token', { authorization })).toEqual({ status, body });
  });

  test('by a request', async () => {
    expect((await get('/request?key=good')).status).toBe(200);
    expect(await get('/request?key=bad')).toEqual({
      status: 403,
      body: { Message: 'User is not authorized to access this resource' },
    });
    expect((await get('/request')).status).toBe(401);
  });

  test('by a user pool', async () => {
    expect(await get('/pool', { authorization: run.token({ sub: 'ann' }) })).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { claims: { sub: 'ann' } } } },
    });
    expect((await get('/pool', { authorization: run.token({ iss: 'https://evil.example.com' }) })).status).toBe(401);
    expect((await get('/pool')).status).toBe(401);
  });

  test('by IAM', async () => {
    const allowed = await answerOf(await fetch(await signed(run, 'reader', `${run.url}/iam`)));
    expect(allowed).toMatchObject({
      status: 200,
      body: { requestContext: { identity: { userArn: 'arn:aws:iam::123456789012:user/reader' } } },
    });
    const denied = await answerOf(await fetch(await signed(run, 'nobody', `${run.url}/iam`)));
    expect(denied).toMatchObject({
      status: 403,
      body: {
        Message: expect.stringMatching(
          /^User: arn:aws:iam::123456789012:user\/nobody is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:/,
        ),
      },
    });
    expect(await get('/iam')).toEqual({ status: 403, body: { message: 'Missing Authentication Token' } });
  });

  test('by an API key of a usage plan', async () => {
    const apiKey = 'the-key-of-twenty-characters';
    expect(await get('/keyed', { 'x-api-key': apiKey })).toMatchObject({
      status: 200,
      body: { requestContext: { identity: { apiKey, apiKeyId: expect.any(String) } } },
    });
    for (const key of ['wrong', 'a-key-that-is-in-no-usage-plan']) {
      expect(await get('/keyed', { 'x-api-key': key })).toEqual({ status: 403, body: { message: 'Forbidden' } });
    }
  });

  test('by an API key whose quota is used up', async () => {
    const call = () => get('/keyed', { 'x-api-key': 'a-key-that-is-good-for-one-call' });
    expect((await call()).status).toBe(200);
    expect(await call()).toEqual({ status: 429, body: { message: 'Limit Exceeded' } });
  });
});

test('says which settings of an API and its stages it does not honour, and refuses what is too large', async () => {
  const run = await running(
    shop((stack) => {
      const api = rest(stack, { minCompressionSize: Size.kibibytes(1), deployOptions: { cachingEnabled: true } });
      api.root.addMethod('POST', new LambdaIntegration(inline(stack, 'Fn', ECHO)));
    }),
  );
  expect(run.unsupported.map(({ reason }) => reason)).toEqual([
    'its answers are not compressed',
    'its answers are not cached',
  ]);
  const response = await fetch(run.url, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect(await answerOf(response)).toEqual({ status: 413, body: { message: 'Request Too Long' } });
});

test('writes the access log of a REST API', async () => {
  const run = await running(
    shop((stack) => {
      const api = rest(stack);
      api.root.addMethod('GET', new LambdaIntegration(inline(stack, 'Fn', ECHO)));
      const stage = api.deploymentStage.node.defaultChild as CfnStage;
      stage.accessLogSetting = { format: '$context.httpMethod $context.resourcePath $context.status' };
    }),
  );
  await fetch(run.url);
  expect(run.logs('Api').map(({ message }) => message)).toEqual(['GET / 200']);
});
