import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AwsIntegration,
  type CfnMethod,
  ConnectionType,
  ContentHandling,
  HttpIntegration,
  type Integration,
  IntegrationType,
  LambdaIntegration,
  MockIntegration,
  PassthroughBehavior,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { answerOf, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

const JSON_BODY = { 'content-type': 'application/json' };
const ok = (template?: string, parameters?: Record<string, string>) => ({
  statusCode: '200',
  ...(template !== undefined && { responseTemplates: { 'application/json': template } }),
  ...(parameters && { responseParameters: parameters }),
});

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let backend: Server;
let run: LocalRun;
let address: string;
beforeAll(async () => {
  backend = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk) => (body += String(chunk)));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      outgoing.writeHead(incoming.url?.includes('missing') ? 404 : 200, {
        'content-type': 'application/json',
        'x-seen': 'yes',
        server: 'backend',
      });
      outgoing.end(JSON.stringify({ method, url, headers, body }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  run = await running(app(), { backends: { 'https://orders.example.com': address, 'vpc.internal': address } });
});
afterAll(() => backend.close());

const HEADERS = ['Content-Type', 'ETag', 'Server', 'X-Id', 'X-Q', 'X-Seen'];
const SENT = Object.fromEntries(HEADERS.map((name) => [`method.response.header.${name}`, false]));

function app() {
  return shop((stack) => {
    const api = new RestApi(stack, 'Api', {
      cloudWatchRole: false,
      binaryMediaTypes: ['image/png'],
      deployOptions: { variables: { alias: 'live' } },
    });
    const method = (path: string, integration: Integration, parameters: readonly string[] = [], verb = 'POST') =>
      api.root.resourceForPath(path).addMethod(verb, integration, {
        requestParameters: Object.fromEntries(parameters.map((name) => [name, false])),
        methodResponses: ['200', '400', '404'].map((statusCode) => ({ statusCode, responseParameters: SENT })),
      });

    const table = new Table(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const queue = new Queue(stack, 'Jobs');
    const bucket = new Bucket(stack, 'Files');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    table.grantReadWriteData(role);
    queue.grantSendMessages(role);
    bucket.grantReadWrite(role);
    const service = (props: ConstructorParameters<typeof AwsIntegration>[0]) =>
      new AwsIntegration({
        ...props,
        options: { credentialsRole: role, integrationResponses: [ok()], ...props.options },
      });

    const failed = {
      statusCode: '400',
      selectionPattern: '4\\d{2}',
      responseTemplates: { 'application/json': '{"failed":true}' },
    };
    const put = `{"TableName":"${table.tableName}","Item":{"id":{"S":"$input.path('$.id')"},"note":{"S":"[$input.path('$.note')]"}}}`;
    method(
      '/table',
      service({
        service: 'dynamodb',
        action: 'PutItem',
        options: { requestTemplates: { 'application/json': put }, integrationResponses: [ok(), failed] },
      }),
    );
    const get = `{"TableName":"${table.tableName}","Key":{"id":{"S":"$input.params('id')"}}}`;
    const answers = [
      ok(
        '#set($item = $input.path("$.Item"))#if($item == "")#set($context.responseOverride.status = 404){}#else{"id":"$item.id.S","note":"$item.note.S"}#end',
      ),
      failed,
    ];
    method(
      '/table/{id}',
      service({
        service: 'dynamodb',
        action: 'GetItem',
        options: { requestTemplates: { 'application/json': get }, integrationResponses: answers },
      }),
      [],
      'GET',
    );

    const send = { 'application/json': 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' };
    const form = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };
    method(
      '/queue',
      service({
        service: 'sqs',
        path: `${stack.account}/${queue.queueName}`,
        options: {
          requestTemplates: send,
          requestParameters: form,
          integrationResponses: [ok('{"id":"$input.path(\'$.SendMessageResponse.SendMessageResult.MessageId\')"}')],
        },
      }),
    );
    method(
      '/queue-action',
      service({
        service: 'sqs',
        action: 'SendMessage',
        options: {
          requestParameters: {
            'integration.request.querystring.QueueUrl': `'${queue.queueUrl}'`,
            'integration.request.querystring.MessageBody': 'method.request.body.text',
          },
        },
      }),
    );

    const object = {
      'integration.request.path.key': 'method.request.path.key',
      'integration.request.header.Content-Type': 'method.request.header.Content-Type',
    };
    const objectAnswer = [
      ok(undefined, {
        'method.response.header.ETag': 'integration.response.header.ETag',
        'method.response.header.Content-Type': 'integration.response.header.Content-Type',
      }),
      { statusCode: '404', selectionPattern: '404' },
    ];
    for (const verb of ['GET', 'PUT']) {
      const options = { requestParameters: object, integrationResponses: objectAnswer };
      method(
        '/files/{key}',
        service({ service: 's3', integrationHttpMethod: verb, path: `${bucket.bucketName}/{key}`, options }),
        ['method.request.path.key', 'method.request.header.Content-Type'],
        verb,
      );
    }

    const machine = new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Same')),
      stateMachineType: StateMachineType.EXPRESS,
    });
    machine.grantStartSyncExecution(role);
    method(
      '/states',
      service({
        service: 'states',
        action: 'StartSyncExecution',
        options: {
          requestTemplates: {
            'application/json': `{"stateMachineArn":"${machine.stateMachineArn}","input":"$util.escapeJavaScript($input.json('$'))"}`,
          },
          integrationResponses: [ok('$input.path("$.output")')],
        },
      }),
    );
    method(
      '/unknown-service',
      service({
        service: 'rekognition',
        action: 'DetectLabels',
        options: { integrationResponses: [ok('{"fine":true}')] },
      }),
    );

    const echo = inline(
      stack,
      'Echo',
      'exports.handler = async (event) => { if (event.fail) throw new Error(`Bad: ${event.fail}`); return { event }; };',
    );
    const mapped = {
      proxy: false,
      requestTemplates: {
        'application/json': `{"fail":"$input.path('$.fail')","who":"$context.identity.sourceIp","stage":"$context.stage","alias":"$stageVariables.alias","q":$input.json('$.q'),"header":"$input.params('X-One')"}`,
      },
      integrationResponses: [
        ok(`{"got":$input.json('$.event'),"path":"$input.params('X-One')"}`, {
          'method.response.header.X-Q': 'integration.response.body.event.q.a',
        }),
        {
          statusCode: '400',
          selectionPattern: 'Bad: .*',
          responseTemplates: { 'application/json': `{"message":"$input.path('$.errorMessage')"}` },
        },
      ],
    };
    method('/lambda', new LambdaIntegration(echo, mapped));
    const quiet = inline(stack, 'Quiet', 'exports.handler = async (event) => console.log("seen " + event.n);');
    method(
      '/async',
      new LambdaIntegration(quiet, {
        proxy: false,
        requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
        integrationResponses: [ok()],
      }),
    );
    method('/never', new LambdaIntegration(echo, { ...mapped, passthroughBehavior: PassthroughBehavior.NEVER }));
    const ruby = new Function(stack, 'Ruby', {
      runtime: Runtime.RUBY_3_3,
      handler: 'index.handler',
      code: Code.fromAsset(__dirname),
    });
    method(
      '/ruby',
      new LambdaIntegration(ruby, {
        proxy: false,
        integrationResponses: [{ statusCode: '200', selectionPattern: '.*' }],
      }),
    );
    method(
      '/filter',
      new LambdaIntegration(echo, {
        ...mapped,
        requestTemplates: { 'application/json': `{"q":$input.json('$.q[?(@.a)]')}` },
      }),
    );

    method(
      '/http/{id}',
      new HttpIntegration(`${address}/orders/{order}`, {
        proxy: false,
        httpMethod: 'PUT',
        options: {
          requestParameters: {
            'integration.request.path.order': 'method.request.path.id',
            'integration.request.querystring.full': "'yes'",
            'integration.request.header.X-Stage': 'context.stage',
          },
          requestTemplates: {
            'application/json': '#set($context.requestOverride.header.X-Over = "set")$input.json("$.a")',
          },
          integrationResponses: [
            ok(undefined, {
              'method.response.header.X-Seen': 'integration.response.header.x-seen',
              'method.response.header.Server': 'integration.response.header.server',
            }),
            { statusCode: '404', selectionPattern: '4..' },
          ],
        },
      }),
      ['method.request.path.id'],
    );
    const proxied = {
      requestParameters: {
        'integration.request.path.proxy': 'method.request.path.proxy',
        'integration.request.header.x-added': "'one'",
      },
    };
    api.root
      .resourceForPath('/proxy/{proxy+}')
      .addMethod(
        'ANY',
        new HttpIntegration('https://orders.example.com/v1/{proxy}', { httpMethod: 'ANY', options: proxied }),
        { requestParameters: { 'method.request.path.proxy': true } },
      );
    const priv = method('/private', new HttpIntegration('http://vpc.internal/inner'), [], 'GET').node
      .defaultChild as CfnMethod;
    priv.addPropertyOverride('Integration.ConnectionType', ConnectionType.VPC_LINK);
    priv.addPropertyOverride('Integration.ConnectionId', 'abc123');
    method('/away', new HttpIntegration('https://away.example.com'), [], 'GET');
    method('/dead', new HttpIntegration('http://127.0.0.1:1/x'), [], 'GET');

    method(
      '/mock',
      new MockIntegration({
        requestTemplates: {
          'application/json':
            '#set($context.requestOverride.path.kind = "kept")#set($context.responseOverride.header.X-Over = "set"){"statusCode": 200}',
          'text/plain': '{"statusCode": 404}',
        },
        integrationResponses: [
          ok('{"kind":"$context.requestOverride.path.kind"}', { 'method.response.header.X-Id': 'context.requestId' }),
          { statusCode: '404', selectionPattern: '404' },
        ],
      }),
    );
    method(
      '/binary',
      new HttpIntegration(`${address}/binary`, {
        proxy: false,
        httpMethod: 'POST',
        options: {
          contentHandling: ContentHandling.CONVERT_TO_TEXT,
          integrationResponses: [ok()],
          requestTemplates: { 'image/png': '{"image":"$input.body"}' },
        },
      }),
    );
    api.addGatewayResponse('Fine', {
      type: ResponseType.DEFAULT_5XX,
      statusCode: '200',
      templates: { 'application/json': '{"fine":true}' },
    });
    (method('/type', new MockIntegration()).node.defaultChild as CfnMethod).addPropertyOverride(
      'Integration.Type',
      IntegrationType.AWS_PROXY.replace('AWS', 'OTHER'),
    );
  });
}

const call = (path: string, body?: unknown, headers: Record<string, string> = JSON_BODY, method = 'POST') =>
  fetch(`${run.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const get = (path: string) => fetch(`${run.url}${path}`);

describe('an integration with an AWS service', () => {
  test('puts into a table and reads from it, and what is not there is empty', async () => {
    expect((await call('/table', { id: 'a' })).status).toBe(200);
    expect(await answerOf(await get('/table/a'))).toEqual({ status: 200, body: { id: 'a', note: '[]' } });
    expect(await answerOf(await get('/table/none'))).toEqual({ status: 404, body: {} });
  });

  test('says what the service refused, and chooses the answer by its status', async () => {
    expect(await answerOf(await call('/table', {}))).toEqual({ status: 400, body: { failed: true } });
    expect(run.logs('Api').at(-1)?.message).toMatch(/^NOTE POST \/table: dynamodb answered 400: .*ValidationException/);
  });

  test('sends to a queue by its path, whose answer is JSON', async () => {
    expect(await answerOf(await call('/queue', { n: 1 }))).toEqual({
      status: 200,
      body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test('sends to a queue by its operation, with mapped parameters', async () => {
    expect((await answerOf(await call('/queue-action', { text: 'hello' }))).body).toHaveProperty('SendMessageResponse');
    const bodies = run
      .queue('Jobs')
      .messages()
      .map(({ body }) => body);
    expect(bodies).toEqual(['{"n":1}', 'hello']);
  });

  test('keeps an object under the key in its path', async () => {
    expect((await call('/files/a%2Fb.txt', 'content', { 'Content-Type': 'text/plain' }, 'PUT')).status).toBe(200);
    const response = await get('/files/a%2Fb.txt');
    expect([await response.text(), response.headers.get('content-type')]).toEqual(['content', 'text/plain']);
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    expect((await get('/files/key')).status).toBe(404);
  });
});

test('runs an Express state machine and answers with what it gives', async () => {
  expect(await answerOf(await call('/states', { n: 7 }))).toEqual({ status: 200, body: { n: 7 } });
});

describe('what this run cannot do', () => {
  test.each([
    ['a service that is not run', '/unknown-service', 'POST /unknown-service'],
    ['a JSONPath that is not known here', '/filter', 'POST /filter'],
    ['a function that does not run here', '/ruby', 'POST /ruby'],
  ])('refuses %s by its own name, past the mappings of the API', async (_, path, operation) => {
    const response = await call(path, { q: 1 });
    expect(response.headers.get('x-amzn-errortype')).toBe('LocalRunUnsupported');
    expect(await answerOf(response)).toEqual({
      status: 501,
      body: { message: expect.stringMatching(/^Lintel's local run cannot do this: /) },
    });
    expect(run.report().unsupportedCalls).toContainEqual(
      expect.objectContaining({ service: 'execute-api', operation }),
    );
    expect(run.logs('Api').at(-1)?.message).toMatch(`ERROR ${operation}: the local run cannot do this: `);
  });

  test('is listed before the first request', () => {
    expect(run.unsupported.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("AWS refuses to create it: the integration's type is one of"),
      'the integration of POST /unknown-service: rekognition:DetectLabels is not served; it answers 501',
      "the integration of GET /away: 'https://away.example.com' is not on this machine; name a local address for it in 'backends'; it answers 501",
      "the integration of POST /type: the integration type 'OTHER_PROXY' is not run; it answers 501",
      expect.stringMatching(/^its runtime is ruby3\.3; only /),
    ]);
  });
});

describe('an integration with a function, without proxy', () => {
  test('maps the request and the answer', async () => {
    const response = await call('/lambda', { q: { a: 'value' } }, { ...JSON_BODY, 'X-One': '1' });
    expect(response.headers.get('x-q')).toBe('value');
    const event = { fail: '', who: '127.0.0.1', stage: 'prod', alias: 'live', q: { a: 'value' }, header: '1' };
    expect(await answerOf(response)).toEqual({ status: 200, body: { got: event, path: '1' } });
  });

  test('chooses the answer by the message of an error', async () => {
    expect(await answerOf(await call('/lambda', { fail: 'no luck' }))).toEqual({
      status: 400,
      body: { message: 'Bad: no luck' },
    });
  });

  test('whose dot is no end of a line', async () => {
    expect((await call('/lambda', { fail: 'two\\nlines' })).status).toBe(200);
  });

  test('invokes it asynchronously', async () => {
    expect((await call('/async', { n: 7 })).status).toBe(200);
    await run.idle();
    expect(run.logs('Quiet').map(({ message }) => message)).toContainEqual(expect.stringContaining('seen 7'));
  });

  test('refuses a body that is no JSON, and a media type without a template', async () => {
    expect(await answerOf(await call('/lambda', 'no json'))).toEqual({
      status: 400,
      body: { message: 'Invalid JSON in request body' },
    });
    expect((await call('/never', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await call('/lambda', 'x', { 'content-type': 'text/plain' })).status).toBe(400);
  });
});

describe('an integration over HTTP', () => {
  const seen = async (response: Response) => (await response.json()) as Seen;

  test('maps path, query, headers and body', async () => {
    const response = await call('/http/a%20b', { a: { b: 1 } });
    expect(response.headers.get('x-seen')).toBe('yes');
    expect(response.headers.get('x-amzn-remapped-server')).toBe('backend');
    const { headers, ...rest } = await seen(response);
    expect(rest).toEqual({ method: 'PUT', url: '/orders/a%20b?full=yes', body: '{"b":1}' });
    expect(headers).toMatchObject({ 'x-stage': 'prod', 'x-over': 'set', accept: 'application/json' });
    expect((await call('/http/missing', { a: 1 })).status).toBe(404);
  });

  test('passes a request through by proxy to the address that stands for its own', async () => {
    const response = await call('/proxy/a/b?q=1', 'text', { 'X-Own': '1', 'content-type': 'text/plain' }, 'PATCH');
    expect(response.headers.get('x-amzn-remapped-server')).toBe('backend');
    const { headers, ...rest } = await seen(response);
    expect(rest).toEqual({ method: 'PATCH', url: '/v1/a/b?q=1', body: 'text' });
    expect(headers).toMatchObject({ 'x-own': '1', 'x-added': 'one', host: new URL(address).host });
    expect((await get('/proxy/missing')).status).toBe(404);
  });

  test('reaches a private backend by the address that stands for it', async () => {
    expect((await seen(await get('/private'))).url).toBe('/inner');
  });

  test('makes text of a binary body where it says so', async () => {
    const body = Buffer.from([0, 255, 1]);
    const response = await fetch(`${run.url}/binary`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body,
    });
    expect((await seen(response)).body).toBe(`{"image":"${body.toString('base64')}"}`);
  });

  test('refuses a backend that is not on this machine, and answers for one that is dead', async () => {
    expect((await get('/away')).status).toBe(501);
    expect(run.logs('Api').at(-1)?.message).toContain("'https://away.example.com' is not on this machine");
    // The API makes 200 of its own errors of the kind 5xx.
    expect(await answerOf(await get('/dead'))).toEqual({ status: 200, body: { fine: true } });
    expect(run.logs('Api').at(-1)?.message).toMatch(/^ERROR GET \/dead: 'http:\/\/127.0.0.1:1' does not answer: /);
  });
});

describe('a mock', () => {
  test('keeps the overrides of its request for its answer', async () => {
    const response = await call('/mock', {});
    expect(response.headers.get('x-over')).toBe('set');
    expect(response.headers.get('x-id')).toBe(response.headers.get('x-amzn-requestid'));
    expect(await answerOf(response)).toEqual({ status: 200, body: { kind: 'kept' } });
  });

  test('has a template for each media type', async () => {
    expect(await answerOf(await call('/mock', 'x', { 'content-type': 'text/plain' }))).toEqual({
      status: 404,
      body: '',
    });
  });
});

test('names that every object has are names like others in mappings', async () => {
  const response = await call('/lambda', '{"q":{"constructor":1,"__proto__":2}}', {
    ...JSON_BODY,
    constructor: 'x',
  });
  expect(await response.text()).toContain('"q":{"constructor":1,"__proto__":2}');
});
