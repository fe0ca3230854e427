import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CfnIntegration,
  CfnRoute,
  HttpApi,
  HttpConnectionType,
  HttpIntegrationSubtype,
  HttpMethod,
  MappingValue,
  ParameterMapping,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration, HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { answerOf, ECHO, inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let backend: Server;
let run: LocalRun;
beforeAll(async () => {
  backend = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk) => (body += String(chunk)));
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      outgoing.writeHead(200, { 'x-secret': 'hidden', 'x-kept': 'kept' });
      outgoing.end(JSON.stringify({ method, url, headers, body }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  run = await running(app(), { backends: { 'https://shop.example.com': address, 'arn:aws:listener/1': address } });
});
afterAll(() => backend.close());

function app() {
  return shop((stack) => {
    const api = new HttpApi(stack, 'Api');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    const closed = new Role(stack, 'Closed', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
    const queue = new Queue(stack, 'Jobs');
    queue.grantSendMessages(role);
    const bus = new EventBus(stack, 'Bus', { eventBusName: 'shop' });
    bus.grantPutEventsTo(role);
    const stream = new Stream(stack, 'Clicks');
    stream.grantWrite(role);
    const seen = inline(stack, 'Seen', 'exports.handler = async ({ detail }) => console.log("seen " + detail.n);');
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets: [new LambdaFunction(seen)] });

    const service = (path: string, subtype: string, parameters: Record<string, string>, credentials = role.roleArn) => {
      const integration = new CfnIntegration(stack, `To${path.slice(1)}`, {
        apiId: api.apiId,
        integrationType: 'AWS_PROXY',
        integrationSubtype: subtype,
        payloadFormatVersion: PayloadFormatVersion.VERSION_1_0.version,
        credentialsArn: credentials,
        requestParameters: parameters,
      });
      new CfnRoute(stack, `Route${path.slice(1)}`, {
        apiId: api.apiId,
        routeKey: `POST ${path}`,
        target: `integrations/${integration.ref}`,
      });
    };
    const message = { QueueUrl: queue.queueUrl, MessageBody: '$request.body.text' };
    service('/queue', HttpIntegrationSubtype.SQS_SEND_MESSAGE, message);
    service('/closed', HttpIntegrationSubtype.SQS_SEND_MESSAGE, message, closed.roleArn);
    service('/bus', HttpIntegrationSubtype.EVENTBRIDGE_PUT_EVENTS, {
      Source: 'shop',
      DetailType: 'Order by ${context.httpMethod}',
      Detail: '$request.body',
      EventBusName: bus.eventBusName,
    });
    service('/stream', HttpIntegrationSubtype.KINESIS_PUT_RECORD, {
      StreamName: stream.streamName,
      Data: '$request.body.data',
      PartitionKey: '$request.querystring.key',
    });
    const machine = new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Same')),
    });
    machine.grantStartExecution(role);
    service('/machine', HttpIntegrationSubtype.STEPFUNCTIONS_START_EXECUTION, {
      StateMachineArn: machine.stateMachineArn,
      Input: '$request.body',
    });
    service('/config', HttpIntegrationSubtype.APPCONFIG_GET_CONFIGURATION, {});

    const mapping = new ParameterMapping()
      .appendHeader('x-who', MappingValue.contextVariable('identity.sourceIp'))
      .overwriteHeader('x-one', MappingValue.requestQueryString('one'))
      .removeHeader('x-drop')
      .overwriteQueryString('fixed', MappingValue.custom('value'));
    const url = new HttpUrlIntegration('Url', 'https://shop.example.com/v1/{path}', { parameterMapping: mapping });
    api.addRoutes({ path: '/url/{path+}', methods: [HttpMethod.ANY], integration: url });
    const away = new HttpUrlIntegration('Away', 'https://away.example.com/');
    api.addRoutes({ path: '/away', methods: [HttpMethod.GET], integration: away });
    const listener = new CfnIntegration(stack, 'Private', {
      apiId: api.apiId,
      integrationType: 'HTTP_PROXY',
      integrationUri: 'arn:aws:listener/1',
      integrationMethod: 'ANY',
      connectionType: HttpConnectionType.VPC_LINK,
      connectionId: 'link',
      payloadFormatVersion: '1.0',
      responseParameters: {
        '200': {
          ResponseParameters: [
            { Destination: 'overwrite:statuscode', Source: '202' },
            { Destination: 'remove:header.x-secret', Source: "''" },
            { Destination: 'append:header.x-added', Source: '$response.header.x-kept' },
          ],
        },
      },
    });
    new CfnRoute(stack, 'RoutePrivate', {
      apiId: api.apiId,
      routeKey: 'GET /private',
      target: `integrations/${listener.ref}`,
    });
    const echo = new HttpLambdaIntegration('Echo', inline(stack, 'Echo', ECHO), {
      parameterMapping: new ParameterMapping().overwriteHeader('x-path', MappingValue.requestPathParam('id')),
    });
    api.addRoutes({ path: '/echo/{id}', methods: [HttpMethod.ANY], integration: echo });
    const old = new HttpLambdaIntegration('Old', inline(stack, 'OldFn', ECHO), {
      payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
    });
    api.addRoutes({ path: '/old/{id}', methods: [HttpMethod.ANY], integration: old });
    const mirror = inline(
      stack,
      'Mirror',
      'exports.handler = async ({ body, isBase64Encoded }) => JSON.parse(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));',
    );
    const mirrored = new HttpLambdaIntegration('Mirrored', mirror);
    api.addRoutes({ path: '/mirror', methods: [HttpMethod.POST], integration: mirrored });
    const mirroredV1 = new HttpLambdaIntegration('MirroredV1', mirror, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
    });
    api.addRoutes({ path: '/mirror1', methods: [HttpMethod.POST], integration: mirroredV1 });
  });
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${run.url}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('an integration of an HTTP API with an AWS service', () => {
  test('sends to a queue, whose answer is XML', async () => {
    const response = await post('/queue', { text: 'hello' });
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringMatching(/^<SendMessageResponse>.*<MessageId>/),
    ]);
    expect(
      run
        .queue('Jobs')
        .messages()
        .map(({ body }) => body),
    ).toEqual(['hello']);
  });

  test('refuses a request that lacks what the operation needs', async () => {
    expect(await answerOf(await post('/queue', {}))).toEqual({ status: 400, body: { message: 'Bad Request' } });
    expect(run.logs('Api').at(-1)?.message).toBe("ERROR POST /queue: the request has no value for 'MessageBody'");
  });

  test('is judged by its role', async () => {
    expect((await post('/closed', { text: 'hello' })).status).toBe(403);
  });

  test('puts events, and records of a stream', async () => {
    expect(await answerOf(await post('/bus', { n: 5 }))).toMatchObject({ status: 200, body: { FailedEntryCount: 0 } });
    await run.idle();
    expect(run.logs('Seen').map(({ message }) => message)).toContainEqual(expect.stringContaining('seen 5'));
    const record = await answerOf(await post('/stream?key=k', { data: Buffer.from('x').toString('base64') }));
    expect(record).toMatchObject({ status: 200, body: { ShardId: expect.any(String) } });
  });

  test('starts an execution of a state machine', async () => {
    const response = await answerOf(await post('/machine', { n: 7 }));
    expect(response).toMatchObject({ status: 200, body: { executionArn: expect.any(String) } });
    const [execution] = run.machine('Machine').executions;
    await expect(execution!.succeeded()).resolves.toEqual({ n: 7 });
  });

  test.each([['/config', 'POST /config']])(
    'refuses what this run cannot do by its own name: %s',
    async (path, operation) => {
      const response = await post(path, {});
      expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([501, 'LocalRunUnsupported']);
      expect(run.report().unsupportedCalls).toContainEqual(
        expect.objectContaining({ service: 'execute-api', operation }),
      );
    },
  );

  test('lists what is not run before the first request', () => {
    expect(
      run.unsupported.map(({ reason }) => reason).filter((reason) => reason.startsWith('the integration')),
    ).toEqual([
      "the integration of GET /away: 'https://away.example.com/' is not on this machine; name a local address for it in 'backends'; it answers 501",
      'the integration of POST /config: AppConfig-GetConfiguration is not run; it answers 501',
    ]);
  });
});

describe('an integration of an HTTP API over HTTP', () => {
  const seen = async (response: Response) => (await response.json()) as Seen;

  test('maps parameters, and reaches the address that stands for its own', async () => {
    const { headers, ...rest } = await seen(await post('/url/a/b?one=1', 'text', { 'x-drop': 'x', 'x-one': 'own' }));
    expect(rest).toEqual({ method: 'POST', url: '/v1/a/b?one=1&fixed=value', body: 'text' });
    expect(headers).toMatchObject({ 'x-who': '127.0.0.1', 'x-one': '1' });
    expect(headers).not.toHaveProperty('x-drop');
  });

  test('passes the whole path to a private backend, and maps its answer', async () => {
    const response = await fetch(`${run.url}/private?q=1`);
    expect([response.status, response.headers.get('x-secret'), response.headers.get('x-added')]).toEqual([
      202,
      null,
      'kept',
    ]);
    expect((await seen(response)).url).toBe('/private?q=1');
  });

  test('refuses one that is not on this machine', async () => {
    expect((await fetch(`${run.url}/away`)).status).toBe(501);
  });
});

describe('the event of an HTTP API', () => {
  const event = async (response: Response) => (await response.json()) as Record<string, never>;

  test.each([
    ['text/html; charset=utf-8', false],
    ['application/json;charset=utf-8', false],
    ['application/xml', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', true],
    ['application/vnd.api+json', true],
    ['application/octet-stream', true],
    [undefined, true],
  ])('has a body of the type %s in base64: %s', async (type, isBase64Encoded) => {
    const body = new Blob(['a=1']);
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    for (const path of ['/echo/1', '/old/1']) {
      const made = await event(
        await fetch(`${run.url}${path}`, { method: 'POST', headers, body: await body.arrayBuffer() }),
      );
      expect(made).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? 'YT0x' : 'a=1' });
    }
  });

  test('decodes its path, which ends at a question mark, and leaves the query encoded', async () => {
    const query = 'q=a%20b&r=%2F';
    const made = await event(await fetch(`${run.url}/echo/a%20b%3Fc?${query}`));
    expect(made).toMatchObject({
      rawPath: '/echo/a b',
      rawQueryString: query,
      queryStringParameters: { q: 'a b', r: '/' },
      requestContext: { http: { path: '/echo/a b' } },
    });
    expect((await event(await fetch(`${run.url}/old/a%20b%3Fc`))).path).toBe('/old/a b');
  });

  test('has the mapped parameters', async () => {
    expect(await event(await fetch(`${run.url}/echo/7`))).toMatchObject({ headers: { 'x-path': '7' } });
  });

  test('has names that every object has', async () => {
    const headers = { constructor: 'x', cookie: 'constructor=1; __proto__=2' } as Record<string, string>;
    const made = await event(await fetch(`${run.url}/echo/toString?__proto__=1&constructor=2`, { headers }));
    expect(made).toMatchObject({ pathParameters: { id: 'toString' }, cookies: ['constructor=1', '__proto__=2'] });
    expect(Object.entries(made.queryStringParameters ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

describe('the answer of an HTTP API', () => {
  test.each(['/mirror', '/mirror1'])('decodes base64 whatever the client accepts: %s', async (path) => {
    const response = await post(
      path,
      { statusCode: 200, isBase64Encoded: true, body: 'AP8=' },
      { accept: 'text/html' },
    );
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  test('has no headers with several values in format 2.0', async () => {
    const answer = { statusCode: 200, multiValueHeaders: { 'x-a': ['1', '2'] }, cookies: ['a=1'] };
    expect((await post('/mirror', answer)).headers.get('x-a')).toBeNull();
    expect((await post('/mirror1', answer)).headers.get('x-a')).toBe('1, 2');
  });

  test.each([
    ['a status of 1xx', { statusCode: 103 }],
    ['a header with a list of values', { statusCode: 200, headers: { 'x-a': ['1'] } }],
  ])('refuses %s', async (_, answer) => {
    expect(await answerOf(await post('/mirror', answer))).toEqual({
      status: 500,
      body: { message: 'Internal Server Error' },
    });
  });
});

test('lists paths with more slashes as unproven, once', async () => {
  const unproven = () => run.unsupported.filter(({ reason }) => reason.startsWith('unproven: '));
  expect(unproven()).toEqual([]);
  expect((await fetch(`${run.url}/mirror/`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect((await fetch(`${run.url}//mirror`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(unproven()).toHaveLength(1);
});
