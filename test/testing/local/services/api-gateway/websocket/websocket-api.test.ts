import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Duration, type Stack } from 'aws-cdk-lib';
import { CfnRoute, WebSocketApi, type WebSocketRouteOptions, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketIamAuthorizer, WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration, WebSocketMockIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LocalRun } from 'lintel/testing';
import WebSocket from 'ws';
import { fromHandlers, ordersTable, running, shop, stopRuns } from '../../../support';
import { signed } from '../signed';

/** A chat, one that asks for a token, one that asks for a signature, and one that is lent no permission. */
function apis(stack: Stack): void {
  const table = ordersTable(stack);
  const made = (handler: string) => {
    const fn = fromHandlers(stack, handler, 'chat', {
      handler: `index.${handler}`,
      environment: { TABLE: table.tableName },
      timeout: Duration.seconds(20),
    });
    table.grantReadWriteData(fn);
    return fn;
  };
  const [connect, disconnect, broadcast, call, echo] = ['connect', 'disconnect', 'broadcast', 'call', 'echo'].map(made);
  const to = (fn: IFunction | undefined, options: Partial<WebSocketRouteOptions> = {}) => ({
    integration: new WebSocketLambdaIntegration(`To${fn!.node.id}`, fn!),
    ...options,
  });
  const chat = new WebSocketApi(stack, 'Chat', {
    connectRouteOptions: to(connect),
    disconnectRouteOptions: to(disconnect),
    defaultRouteOptions: to(echo, { returnResponse: true }),
  });
  chat.addRoute('broadcast', to(broadcast));
  chat.addRoute('call', to(call, { returnResponse: true }));
  chat.addRoute('quiet', to(echo));
  const stage = new WebSocketStage(stack, 'Prod', { webSocketApi: chat, stageName: 'prod', autoDeploy: true });
  for (const fn of [connect, broadcast, call]) stage.grantManagementApiAccess(fn!);

  const authorizer = new WebSocketLambdaAuthorizer('Authorizer', made('authorize'), {
    identitySource: ['route.request.querystring.token'],
  });
  const closed = new WebSocketApi(stack, 'Closed', {
    connectRouteOptions: { integration: new WebSocketMockIntegration('Mock'), authorizer },
    defaultRouteOptions: to(echo, { returnResponse: true }),
  });
  new WebSocketStage(stack, 'ClosedStage', { webSocketApi: closed, stageName: 'prod', autoDeploy: true });

  const iam = new WebSocketApi(stack, 'Iam', {
    connectRouteOptions: { ...to(connect), authorizer: new WebSocketIamAuthorizer() },
  });
  iam.addRoute('call', to(call, { returnResponse: true }));
  new WebSocketStage(stack, 'IamStage', { webSocketApi: iam, stageName: 'dev', autoDeploy: true });

  const bare = new WebSocketApi(stack, 'Bare');
  bare.addRoute('echo', to(echo, { returnResponse: true }));
  const [route] = bare.node.findAll().filter((one) => one instanceof CfnRoute);
  route!.authorizationType = 'NONE';
  new WebSocketStage(stack, 'BareStage', { webSocketApi: bare, stageName: 'prod', autoDeploy: true });
}

const INVOKER = { Statement: [{ Effect: 'Allow' as const, Action: 'execute-api:*', Resource: '*' }] };

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(apis), { disorder: 0, callers: { ada: [INVOKER], eve: [] } });
}, 60_000);
const clients: WebSocket[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.terminate()));
afterAll(stopRuns);

interface Client {
  readonly socket: WebSocket;
  /** The next message, as text. */
  next(): Promise<string>;
  send(message: unknown): void;
}

async function open(api = 'Chat', query = '', ...args: readonly unknown[]): Promise<Client> {
  const socket = new WebSocket(`${run.urls[`Shop/${api}`]}${query}`, ...(args as []));
  clients.push(socket);
  const waiting: string[] = [];
  const wanted: ((text: string) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const taker = wanted.shift();
    if (taker) taker(data.toString());
    else waiting.push(data.toString());
  });
  await once(socket, 'open');
  return {
    socket,
    next: () => new Promise((resolve) => (waiting.length > 0 ? resolve(waiting.shift()!) : wanted.push(resolve))),
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}

/** The status with which a handshake is refused. */
const refusal = (api: string, query = '') =>
  open(api, query).then(
    () => 'open',
    ({ message }: Error) => Number(/\d+$/.exec(message)?.[0]),
  );
const json = async (client: Client) => JSON.parse(await client.next()) as Record<string, unknown>;
interface Said {
  readonly [what: string]: Record<string, unknown> & unknown[];
}
const saidBy = (fn: string) =>
  run
    .logs(fn)
    .flatMap(({ message }) => /SAID (.*)$/s.exec(message)?.[1] ?? [])
    .map((text) => JSON.parse(text) as Said);
/** Waits for the code with which a connection ends. */
const ended = async ({ socket }: Client) => ((await once(socket, 'close')) as [number])[0];
const idOf = async (client: Client) => {
  client.send('who am I');
  return ((await json(client)).requestContext as { connectionId: string }).connectionId;
};

test('lists nothing that is not run, and serves each API at its stage', () => {
  expect(run.unsupported).toEqual([]);
  expect(run.urls['Shop/Chat']).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/prod$/);
});

test('clients connect, are sent what one of them tells all, and are forgotten when they leave', async () => {
  const [one, two] = [await open(), await open()];
  one.send({ action: 'broadcast', text: 'hello' });
  expect([await one.next(), await two.next()]).toEqual(['hello', 'hello']);
  two.socket.close(1000, 'bye');
  await ended(two);
  await run.idle();
  expect(saidBy('disconnect').at(-1)).toMatchObject({
    disconnect: {
      routeKey: '$disconnect',
      eventType: 'DISCONNECT',
      disconnectStatusCode: 1000,
      disconnectReason: 'bye',
      stage: 'prod',
    },
    headers: { 'x-restapi': '' },
  });
  one.send({ action: 'broadcast', text: 'again' });
  expect(await one.next()).toBe('again');
  await run.idle();
  expect(saidBy('broadcast').at(-1)).toEqual({ told: ['200'] });
});

test('a function gets the event of API Gateway', async () => {
  const client = await open('Chat', '?a=1&a=2&b=x', { headers: { 'X-Own': 'mine', 'User-Agent': 'test' } });
  const { connect } = saidBy('connect').at(-1)!;
  const common = {
    domainName: new URL(run.urls['Shop/Chat']!).host,
    messageDirection: 'IN',
    stage: 'prod',
    identity: { userAgent: 'test', sourceIp: '127.0.0.1' },
  };
  expect(connect).toMatchObject({
    headers: { 'X-Own': 'mine', 'Sec-WebSocket-Version': '13' },
    multiValueHeaders: { 'X-Own': ['mine'] },
    queryStringParameters: { a: '2', b: 'x' },
    multiValueQueryStringParameters: { a: ['1', '2'], b: ['x'] },
    requestContext: { ...common, routeKey: '$connect', eventType: 'CONNECT' },
    isBase64Encoded: false,
  });
  client.send('no JSON');
  const { body, requestContext, ...rest } = await json(client);
  expect(body).toBe('no JSON');
  expect(requestContext).toMatchObject({ ...common, routeKey: '$default', eventType: 'MESSAGE' });
  expect(requestContext).toMatchObject({
    connectionId: (connect!.requestContext as Record<string, unknown>).connectionId,
    messageId: expect.stringMatching(/^[\w-]{15}=$/),
  });
  expect(rest).toEqual({ isBase64Encoded: false });
});

test.each([
  ['403', 403],
  ['401', 401],
  ['500', 500],
  ['throw', 502],
  ['nothing', 502],
])('a client is refused where $connect answers %s', async (how, status) => {
  expect(await refusal('Chat', `?refuse=${how}`)).toBe(status);
});

test.each([
  ['401', 'Unauthorized'],
  ['404', 'Forbidden'],
  ['500', 'Internal server error'],
])('a client that $connect refuses with %s is told so', async (how, message) => {
  const socket = new WebSocket(`${run.urls['Shop/Chat']}?refuse=${how}`);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  expect(JSON.parse(body)).toMatchObject({ message, connectionId: expect.any(String), requestId: expect.any(String) });
});

test('nothing can be sent to a client before it is connected', async () => {
  await open();
  expect(saidBy('connect').at(-1)!.early).toBe(410);
});

test('a subprotocol is agreed on where $connect answers with it', async () => {
  const { socket } = await open('Chat', '?protocol=v1', ['v1', 'v2']);
  expect(socket.protocol).toBe('v1');
  await expect(open('Chat', '', ['v1'])).rejects.toThrow('Server sent no subprotocol');
});

test('a route without a response sends none, and what fails is told', async () => {
  const client = await open();
  client.send({ action: 'quiet' });
  client.send('throw');
  expect(await json(client)).toEqual({
    message: 'Internal server error',
    connectionId: expect.stringMatching(/^[\w-]{15}=$/),
    requestId: expect.any(String),
  });
});

test('without $default, a message that selects no route is forbidden', async () => {
  const client = await open('Bare');
  for (const message of ['no JSON', '{"action":"other"}', '{"action":"$connect"}', '{"action":"constructor"}', '[]']) {
    client.send(message);
    expect(await json(client)).toMatchObject({ message: 'Forbidden' });
  }
  client.send({ action: 'echo' });
  expect(await json(client)).toMatchObject({ requestContext: { routeKey: 'echo' } });
});

describe('the management API', () => {
  const call = async (client: Client, method: string, more: object = {}) => {
    client.send({ action: 'call', method, ...more });
    return json(client);
  };

  test('tells of a connection, and closes it', async () => {
    const [one, two] = [await open(), await open()];
    const id = await idOf(two);
    const { status, body } = await call(one, 'GET', { id });
    expect(status).toBe(200);
    expect(JSON.parse(String(body))).toEqual({
      connectedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastActiveAt: expect.stringMatching(/^\d{4}-.*Z$/),
      identity: { sourceIp: '127.0.0.1' },
    });
    const end = ended(two);
    expect(await call(one, 'DELETE', { id })).toMatchObject({ status: 204 });
    await end;
    for (const method of ['POST', 'GET', 'DELETE']) {
      expect(await call(one, method, { id })).toMatchObject({
        status: 410,
        error: expect.stringContaining('GoneException'),
      });
    }
  });

  test('is at the host of the API, too, as handlers build it of its id', async () => {
    expect(await call(await open(), 'GET', { byName: true })).toMatchObject({ status: 200 });
  });

  test('refuses an id that is none, and more than 128 KB', async () => {
    const client = await open();
    expect(await call(client, 'POST', { id: 'nobody' })).toMatchObject({ status: 400 });
    expect(await call(client, 'POST', { data: 128 * 1024 + 1 })).toMatchObject({ status: 413 });
    client.send({ action: 'call', method: 'POST', data: 128 * 1024 });
    expect([(await client.next()).length, JSON.parse(await client.next())]).toMatchObject([
      128 * 1024,
      { status: 200 },
    ]);
  });

  test('is closed to who may not manage connections, and to who does not sign', async () => {
    const base = run.urls['Shop/Chat']!.replace('ws', 'http');
    const url = `${base}/@connections/${await idOf(await open())}`;
    const unsigned = await fetch(url, { method: 'POST', body: 'x' });
    expect([unsigned.status, await unsigned.json()]).toMatchObject([
      403,
      { message: expect.stringContaining('Authentication Token') },
    ]);
    const [ada, eve] = await Promise.all(
      ['ada', 'eve'].map(async (name) => fetch(await signed(run, name, url, { method: 'POST', body: 'x' }))),
    );
    expect([ada!.status, eve!.status]).toEqual([200, 403]);
    expect(run.report().functions.find((one) => one.function === 'Shop/broadcast')!.used).toContainEqual(
      expect.objectContaining({ action: 'execute-api:ManageConnections' }),
    );
  });
});

describe('authorizers', () => {
  test.each([
    ['a token that it admits', '?token=good', 'open'],
    ['another', '?token=bad', 403],
    ['none', '', 401],
    ['an empty one', '?token=', 401],
    ['one that it does not know', '?token=unknown', 401],
    ['one at which it fails', '?token=broken', 500],
  ])('of $connect are asked: %s', async (_, query, answer) => {
    expect(await refusal('Closed', query)).toBe(answer);
  });

  test('tell every route of the client', async () => {
    const client = await open('Closed', '?token=good');
    client.send('x');
    expect(await json(client)).toMatchObject({ requestContext: { authorizer: { principalId: 'ada', level: '7' } } });
    const { authorize } = saidBy('authorize').at(-1)!;
    expect(authorize).toEqual({
      methodArn: expect.stringMatching(/^arn:aws:execute-api:us-east-1:\d+:.+\/prod\/\$connect$/),
      eventType: 'CONNECT',
      type: 'REQUEST',
    });
  });

  test('by IAM admit who may invoke $connect', async () => {
    expect(await refusal('Iam')).toBe(403);
    const url = run.urls['Shop/Iam']!.replace('ws', 'http');
    const headersOf = async (name: string) => Object.fromEntries((await signed(run, name, url)).headers);
    await expect(open('Iam', '', { headers: await headersOf('eve') })).rejects.toThrow('403');
    await open('Iam', '', { headers: await headersOf('ada') });
    expect(saidBy('connect').at(-1)!.connect).toMatchObject({
      requestContext: { identity: { userArn: expect.stringContaining('ada'), accessKey: expect.any(String) } },
    });
  });
});

describe('limits', () => {
  test.each([
    ['a message of 128 KB in frames of 32 KB is taken', [32, 32, 32, 32], undefined],
    ['a larger message closes the connection', [32, 32, 32, 32, 1], 1009],
    ['a larger frame closes the connection', [33], 1009],
  ])('%s', async (_, frames, code) => {
    const client = await open();
    const end = ended(client);
    for (const [index, size] of frames.entries()) {
      client.socket.send('x'.repeat(size * 1024), { fin: index === frames.length - 1 });
    }
    if (code !== undefined) expect(await end).toBe(code);
    else expect(String((await json(client)).body)).toHaveLength(128 * 1024);
  });

  test('a binary message closes the connection', async () => {
    const client = await open();
    const end = ended(client);
    client.socket.send(Buffer.from([1]));
    expect(await end).toBe(1003);
    await run.idle();
    expect(saidBy('disconnect').at(-1)).toMatchObject({ disconnect: { disconnectStatusCode: 1003 } });
  });

  test('a ping is answered, and a connection that breaks is told', async () => {
    const client = await open();
    client.socket.ping('are you there');
    expect(String((await once(client.socket, 'pong'))[0])).toBe('are you there');
    client.socket.terminate();
    await ended(client);
    while (run.logs('disconnect').length === 0) await sleep(5);
    await run.idle();
    expect(saidBy('disconnect').at(-1)).toMatchObject({ disconnect: { disconnectStatusCode: 1006 } });
  });

  test('a connection ends after ten minutes without a sign of life, by the clock of the run', async () => {
    const fast = await running(shop(apis), { timeScale: 600, disorder: 0 });
    const socket = new WebSocket(fast.urls['Shop/Bare']!);
    const begun = Date.now();
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1001);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
  });
});

describe('a handshake', () => {
  const asked = async (lines: readonly string[], first = 'GET /prod HTTP/1.1') => {
    const { hostname, port } = new URL(run.urls['Shop/Bare']!);
    const socket: Socket = connectSocket(Number(port), hostname);
    const head = [first, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    socket.write(`${[...head, 'Sec-WebSocket-Key: x', ...lines].join('\r\n')}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return Number(/^HTTP\/1.1 (\d+) /.exec(answer.toString())?.[1]);
  };
  const browser = 'User-Agent: Mozilla/5.0 (X11; Linux x86_64)';

  test.each([
    ['of a name that a web page resolves to this machine', ['Host: evil.example'], 421],
    ['of a page from elsewhere', ['Host: localhost', browser, 'Origin: https://evil.example'], 403],
    ['of a page that hides where it is from', ['Host: localhost', browser, 'Origin: null'], 403],
    ['of a page like localhost', ['Host: localhost', browser, 'Origin: http://localhost.evil.example'], 403],
    ['of a page of this machine', ['Host: localhost', browser, 'Origin: http://localhost:5173'], 101],
    ['of a test with any origin', ['Host: localhost', 'Origin: https://app.example'], 101],
    ['with a body', ['Host: localhost', 'Content-Length: 5', '', 'hello'], 400],
  ])('%s', async (_, lines, status) => {
    expect(await asked(lines)).toBe(status);
  });

  test('is a GET', async () => {
    expect(await asked(['Host: localhost'], 'POST /prod HTTP/1.1')).toBe(400);
  });
});

test('handlers reach the connections of who connected to localhost', async () => {
  const { port } = new URL(run.urls['Shop/Chat']!);
  const socket = new WebSocket(`ws://localhost:${port}/prod`, { family: 4 });
  clients.push(socket);
  await once(socket, 'open');
  socket.send(JSON.stringify({ action: 'call', method: 'GET' }));
  const [answer] = (await once(socket, 'message')) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ status: 200 });
});

test('an answer with fields of nobody is an error, as is none', async () => {
  const client = await open('Bare');
  for (const answer of [{ statusCode: 200, data: 'x' }, { statusCode: 200, body: {} }, null]) {
    client.send({ action: 'echo', answer });
    expect(await json(client)).toMatchObject({ message: 'Internal server error' });
  }
  expect(run.logs('Bare').map(({ message }) => message)).toContainEqual(
    expect.stringContaining("API Gateway does not support 'data'"),
  );
});

test('a client that leaves its side open when a connection is closed is hung up on', async () => {
  const { hostname, port } = new URL(run.urls['Shop/Bare']!);
  const socket = connectSocket({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.write(
    `GET /prod HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`,
  );
  await once(socket, 'data');
  // A frame without a mask.
  socket.write(Buffer.from([0x81, 1, 0x78]));
  socket.on('error', () => undefined);
  const writing = setInterval(() => socket.write('more'), 50);
  // Not once(), which an error ends, too: what is written to the closed side.
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(writing);
});

test.each([
  ['another path', '/prod/other', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x', 403],
  ['another stage', '/other', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x', 403],
  ['another version', '/prod', 'Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: x', 400],
  ['no key', '/prod', 'Sec-WebSocket-Version: 13', 400],
])('refuses a handshake with %s', async (_, path, headers, status) => {
  const { hostname, port } = new URL(run.urls['Shop/Chat']!);
  const socket: Socket = connectSocket(Number(port), hostname);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  socket.destroy();
});
