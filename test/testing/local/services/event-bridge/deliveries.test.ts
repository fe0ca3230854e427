import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CancelReplayCommand,
  CreateArchiveCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListReplaysCommand,
  PutEventsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { Duration, SecretValue, type Stack } from 'aws-cdk-lib';
import {
  ApiDestination,
  Archive,
  Authorization,
  type CfnRule,
  Connection,
  EventBus,
  EventField,
  HttpMethod,
  HttpParameter,
  type IRuleTarget,
  Rule,
  RuleTargetInput,
} from 'aws-cdk-lib/aws-events';
import {
  ApiDestination as ApiTarget,
  CloudWatchLogGroup,
  EventBus as BusTarget,
  KinesisStream,
  LogGroupTargetInput,
  SqsQueue,
} from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../support';

/** What a server on this machine was asked, and what it answers next. */
interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

const asked: Asked[] = [];
let answers: number[] = [];
let server: Server;
let address: string;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

function build(stack: Stack): void {
  const bus = new EventBus(stack, 'Bus');
  const second = new EventBus(stack, 'Second');
  const third = new EventBus(stack, 'Third');
  const queue = (id: string) => new Queue(stack, id);
  const dead = queue('Dead');
  const on = (id: string, eventBus: EventBus, source: string, targets: IRuleTarget[]) =>
    new Rule(stack, id, { eventBus, eventPattern: { source: [source] }, targets });

  on('Orders', bus, 'orders', [new SqsQueue(queue('All'))]);
  on('Paid', bus, 'orders', [new SqsQueue(queue('Some'))]);
  new Archive(stack, 'Archive', {
    sourceEventBus: bus,
    eventPattern: { source: ['orders'] },
    retention: Duration.days(3),
  });

  on('Forward', bus, 'hop', [new BusTarget(second)]);
  on('Further', second, 'hop', [new BusTarget(third), new SqsQueue(queue('Near'))]);
  on('Arrives', third, 'hop', [new SqsQueue(queue('Far'))]);

  const stream = new Stream(stack, 'Stream', { shardCount: 1 });
  on('Streamed', bus, 'stream', [new KinesisStream(stream, { partitionKeyPath: '$.detail.id' })]);

  new Secret(stack, 'Secret', { secretName: 'partner' });
  const connections = {
    key: Authorization.apiKey('x-api-key', SecretValue.secretsManager('partner', { jsonField: 'key' })),
    basic: Authorization.basic('ann', SecretValue.secretsManager('partner', { jsonField: 'key' })),
    oauth: Authorization.oauth({
      authorizationEndpoint: 'https://login.example.com/token',
      clientId: 'shop',
      clientSecret: SecretValue.secretsManager('partner', { jsonField: 'key' }),
      httpMethod: HttpMethod.POST,
      bodyParameters: { scope: HttpParameter.fromString('write') },
    }),
  };
  const destinations = new Map<string, ApiDestination>();
  for (const [name, authorization] of Object.entries(connections)) {
    const connection = new Connection(stack, `Connection-${name}`, {
      authorization,
      headerParameters: { 'x-shop': HttpParameter.fromString('lintel') },
    });
    const destination = new ApiDestination(stack, `Api-${name}`, {
      connection,
      endpoint: `https://api.example.com/${name}/*`,
    });
    destinations.set(name, destination);
    if (name === 'key') {
      const limited = { connection, endpoint: 'https://api.example.com/few', rateLimitPerSecond: 20 };
      on('Call-few', bus, 'few', [new ApiTarget(new ApiDestination(stack, 'Few', limited))]);
      const slow = new ApiDestination(stack, 'Slow', { connection, endpoint: 'https://api.example.com/slow' });
      on('Call-slow', bus, 'slow', [new ApiTarget(slow, { deadLetterQueue: dead, retryAttempts: 0 })]);
    }
    on(`Call-${name}`, bus, name, [
      new ApiTarget(destination, {
        pathParameterValues: ['$.detail.id'],
        event: RuleTargetInput.fromObject({ to: 'partner' }),
        deadLetterQueue: dead,
        retryAttempts: 2,
      }),
    ]);
  }

  const inbox = queue('Inbox');
  const roleOfPipe = new Role(stack, 'PipeRole', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
  inbox.grantConsumeMessages(roleOfPipe);
  const called = [...destinations.values()].map(({ apiDestinationArn }) => apiDestinationArn);
  roleOfPipe.addToPolicy(new PolicyStatement({ actions: ['events:InvokeApiDestination'], resources: called }));
  new CfnPipe(stack, 'Pipe', {
    name: 'checked',
    roleArn: roleOfPipe.roleArn,
    source: inbox.queueArn,
    enrichment: destinations.get('key')!.apiDestinationArn,
    enrichmentParameters: {
      inputTemplate: '{"id": <$.body.id>}',
      httpParameters: { pathParameterValues: ['$.body.id'] },
    },
    target: destinations.get('basic')!.apiDestinationArn,
    targetParameters: { httpParameters: { queryStringParameters: { ok: '$.checked' }, pathParameterValues: ['x'] } },
  });

  const lines = new LogGroup(stack, 'Lines');
  on('Logged', bus, 'logged', [new CloudWatchLogGroup(lines)]);
  const logEvent = LogGroupTargetInput.fromObjectV2({
    timestamp: EventField.time,
    message: EventField.fromPath('$.detail.id'),
  });
  on('Told', bus, 'told', [new CloudWatchLogGroup(lines, { logEvent })]);
  const closed = new LogGroup(stack, 'Closed');
  const unlogged = on('Unlogged', bus, 'unlogged', []);
  (unlogged.node.defaultChild as CfnRule).targets = [
    {
      id: 'T',
      arn: `arn:aws:logs:${stack.region}:${stack.account}:log-group:${closed.logGroupName}`,
      deadLetterConfig: { arn: dead.queueArn },
    },
  ];

  // CDK lets the rule into the queue of its target's dead letters, and forgets the key.
  const sealed = new Queue(stack, 'Sealed', { encryption: QueueEncryption.KMS });
  const open = new Queue(stack, 'Open', { encryption: QueueEncryption.KMS });
  on('Encrypted', bus, 'encrypted', [new SqsQueue(open)]);
  const events = new ServicePrincipal('events.amazonaws.com');
  sealed.addToResourcePolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], principals: [events], resources: [sealed.queueArn] }),
  );
  const lost = new Rule(stack, 'Lost', { eventBus: bus, eventPattern: { source: ['lost'] } });
  (lost.node.defaultChild as CfnRule).targets = [
    { id: 'T', arn: stack.formatArn({ service: 'sqs', resource: 'none' }), deadLetterConfig: { arn: sealed.queueArn } },
  ];

  const gone = new Rule(stack, 'Gone', { eventBus: bus, eventPattern: { source: ['gone'] } });
  (gone.node.defaultChild as CfnRule).targets = [
    { id: 'T', arn: stack.formatArn({ service: 'sqs', resource: 'none' }), deadLetterConfig: { arn: dead.queueArn } },
  ];
  dead.grantSendMessages(events);
}

let run: LocalRun;
beforeAll(async () => {
  server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push({ path: request.url ?? '', headers: request.headers, body, at: Date.now() });
      if (request.url === '/slow') return;
      if (request.url === '/token') response.end(`{"access_token":"token-${asked.length}"}`);
      else response.writeHead(answers.shift() ?? 200).end('{"checked":true}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  run = await running(shop(build), {
    disorder: 0,
    retryDelay: 5,
    backends: { 'https://api.example.com': address, 'https://login.example.com': address },
    secrets: { partner: { key: 's3cret' } },
  });
});
afterAll(async () => {
  await stopRuns();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.splice(0);
  answers = [];
  for (const name of ['All', 'Some', 'Near', 'Far', 'Dead']) run.queue(`Shop/${name}`).purge();
});

const client = () => run.client(EventBridgeClient);
const put = async (Source: string, detail: object = {}, time?: Date) => {
  await client().send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: run.nameOf('Bus'),
          Source,
          DetailType: 'x',
          Detail: JSON.stringify(detail),
          ...(time && { Time: time }),
        },
      ],
    }),
  );
  await run.idle();
};
const messages = (name: string) => run.queue(`Shop/${name}`).messages();
const bodies = (name: string) => messages(name).map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('lists what it does not run, and nothing else', () => {
  expect(run.unsupported.map(({ resource, reason }) => [resource, reason])).toEqual([
    ['Shop/Lost', "its target 'arn:aws:sqs:us-east-1:123456789012:none' is not run"],
    ['Shop/Gone', "its target 'arn:aws:sqs:us-east-1:123456789012:none' is not run"],
  ]);
});

describe('archives and replays', () => {
  const arn = (resource: string) => `arn:aws:events:us-east-1:123456789012:${resource}`;
  const name = () => run.nameOf('Archive');
  const replay = (ReplayName: string, more: object = {}, by = client()) =>
    by.send(
      new StartReplayCommand({
        ReplayName,
        EventSourceArn: arn(`archive/${name()}`),
        EventStartTime: new Date('2026-01-01T00:00:00Z'),
        EventEndTime: new Date('2026-01-01T00:10:00Z'),
        Destination: { Arn: arn(`event-bus/${run.nameOf('Bus')}`) },
        ...more,
      }),
    );
  const minute = (at: number) => new Date(`2026-01-01T00:0${at}:00Z`);

  beforeAll(async () => {
    for (let n = 0; n < 20; n++) await put('orders', { n }, minute(n < 10 ? 1 : 2));
    await put('other', {}, minute(1));
  });

  test('an archive keeps what its pattern takes', async () => {
    expect(await client().send(new DescribeArchiveCommand({ ArchiveName: name() }))).toMatchObject({
      EventCount: 20,
      RetentionDays: 3,
      State: 'ENABLED',
      EventPattern: '{"source":["orders"]}',
    });
    expect((await client().send(new ListArchivesCommand({}))).Archives).toHaveLength(1);
  });

  test('a replay goes minute by minute, in no order within one, by its name, and is not kept again', async () => {
    await replay('again');
    await run.idle();
    const all = bodies('All') as { 'replay-name': string; detail: { n: number } }[];
    expect(new Set(all.map((event) => event['replay-name']))).toEqual(new Set(['again']));
    const order = all.map(({ detail }) => detail.n);
    const count = (from: number) => Array.from({ length: 10 }, (_, n) => n + from);
    expect([...order.slice(0, 10)].sort((a, b) => a - b)).toEqual(count(0));
    expect([...order.slice(10)].sort((a, b) => a - b)).toEqual(count(10));
    expect(order.slice(0, 10)).not.toEqual(count(0));
    expect(messages('Some')).toHaveLength(20);
    expect(await client().send(new DescribeReplayCommand({ ReplayName: 'again' }))).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: minute(2),
    });
    expect(await client().send(new DescribeArchiveCommand({ ArchiveName: name() }))).toMatchObject({ EventCount: 20 });
  });

  test('a replay to one rule reaches no other', async () => {
    const rule = arn(`rule/${run.nameOf('Bus')}/${run.nameOf('Paid').split('|').at(-1)}`);
    await replay('one', { Destination: { Arn: arn(`event-bus/${run.nameOf('Bus')}`), FilterArns: [rule] } });
    await run.idle();
    expect([messages('All').length, messages('Some').length]).toEqual([0, 20]);
  });

  test('says that events of the last ten minutes may be missing', async () => {
    await replay('young', { EventEndTime: new Date() });
    await run.idle();
    expect(run.logs('Archive').at(-1)!.message).toMatch(
      /^NOTE the end of the replay young is less than ten minutes ago/,
    );
  });

  test.each([
    ['a name that is taken', 'again', {}, 'Replay again already exists.'],
    [
      'a time that ends before it begins',
      'x',
      { EventEndTime: new Date(0) },
      'EventStartTime must be before EventEndTime.',
    ],
    [
      'another bus',
      'x',
      { Destination: { Arn: arn('event-bus/default') } },
      'Cross event bus replay is not permitted.',
    ],
    ['an archive that there is not', 'x', { EventSourceArn: arn('archive/none') }, 'Archive none does not exist.'],
  ])('refuses %s', async (_, replayName, more, message) => {
    await expect(replay(replayName, more)).rejects.toThrow(message);
  });

  describe('of five hours', () => {
    // Hundreds of minutes, one after another: none ends before it is cancelled, on the slowest machine.
    const span = { EventStartTime: new Date('2026-02-01T00:00:00Z'), EventEndTime: new Date('2026-02-01T05:00:00Z') };
    const cancel = (ReplayName: string) => client().send(new CancelReplayCommand({ ReplayName }));
    beforeAll(async () => {
      const entry = (minute: number) => ({
        EventBusName: run.nameOf('Bus'),
        Source: 'orders',
        DetailType: 'x',
        Detail: '{}',
        Time: new Date(Date.UTC(2026, 1, 1, 0, minute)),
      });
      for (let from = 0; from < 300; from += 10) {
        const Entries = Array.from({ length: 10 }, (_, n) => entry(from + n));
        await client().send(new PutEventsCommand({ Entries }));
      }
      await run.idle();
    });

    test('one that is cancelled stops', async () => {
      await replay('short', span);
      await cancel('short');
      await run.idle();
      expect(messages('All').length).toBeLessThan(300);
      expect((await client().send(new ListReplaysCommand({ NamePrefix: 'short' }))).Replays).toMatchObject([
        { State: 'CANCELLED' },
      ]);
      await expect(cancel('short')).rejects.toMatchObject({ name: 'IllegalStatusException' });
    });

    test('refuses more than ten at once', async () => {
      // The SDK tries this error again.
      const once = new EventBridgeClient({ ...run.clientConfig, maxAttempts: 1 });
      const started = await Promise.allSettled(Array.from({ length: 11 }, (_, n) => replay(`many-${n}`, span, once)));
      expect(started.filter(({ status }) => status === 'rejected')).toMatchObject([
        { reason: { name: 'LimitExceededException' } },
      ]);
      await Promise.allSettled(started.map((_, n) => cancel(`many-${n}`)));
      await run.idle();
    });
  });

  test('refuses an archive with a pattern that EventBridge refuses', async () => {
    const made = client().send(
      new CreateArchiveCommand({
        ArchiveName: 'wrong',
        EventSourceArn: arn('event-bus/default'),
        EventPattern: '{"source":[]}',
      }),
    );
    await expect(made).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  });
});

test('an event is handed on to one other bus and no further, which is said', async () => {
  await put('hop', { id: 'a' });
  expect(bodies('Near')).toMatchObject([{ source: 'hop', detail: { id: 'a' } }]);
  expect(messages('Far')).toEqual([]);
  expect(run.logs('Further').at(-1)!.message).toMatch(
    /^NOTE the event .* came from another bus, so it is not forwarded to .*Third/,
  );
});

test('a stream gets events by a key of their own', async () => {
  await put('stream', { id: 'a' });
  expect(run.report().roles.flatMap(({ used }) => used.map(({ action }) => action))).toContain('kinesis:PutRecord');
});

describe('API destinations', () => {
  test('are sent events with a key, and retried while the server fails', async () => {
    answers = [500, 429];
    await put('key', { id: 'a b' });
    expect(asked.map(({ path }) => path)).toEqual(['/key/a%20b', '/key/a%20b', '/key/a%20b']);
    expect(asked[0]).toMatchObject({
      body: '{"to":"partner"}',
      headers: { 'x-api-key': 's3cret', 'x-shop': 'lintel', 'user-agent': 'Amazon/EventBridge/ApiDestinations' },
    });
    expect(messages('Dead')).toEqual([]);
  });

  test('give up after their retries, and say why', async () => {
    answers = [500, 500, 500];
    await put('basic', { id: '1' });
    expect(asked[0]!.headers.authorization).toBe(`Basic ${Buffer.from('ann:s3cret').toString('base64')}`);
    expect(messages('Dead')).toMatchObject([
      {
        body: expect.stringContaining('"source":"basic"'),
        attributes: {
          ERROR_CODE: 'ERROR_FROM_TARGET',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          RETRY_ATTEMPTS: '2',
          RULE_ARN: expect.stringContaining(':rule/'),
          TARGET_ARN: expect.stringContaining(':api-destination/'),
        },
      },
    ]);
  });

  test('are not tried again when they refuse an event', async () => {
    answers = [400];
    await put('basic', { id: '1' });
    expect(asked).toHaveLength(1);
    expect(messages('Dead')[0]!.attributes).toMatchObject({ ERROR_CODE: 'ERROR_FROM_TARGET', RETRY_ATTEMPTS: '0' });
    expect(messages('Dead')[0]!.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  test('ask for a token once, and anew when it is refused', async () => {
    await put('oauth', { id: '1' });
    answers = [401];
    await put('oauth', { id: '2' });
    expect(asked.map(({ path }) => path)).toEqual(['/token', '/oauth/1', '/oauth/2', '/token', '/oauth/2']);
    expect(asked[0]!.body).toBe('grant_type=client_credentials&client_id=shop&client_secret=s3cret&scope=write');
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer token-1',
      'Bearer token-1',
      undefined,
      'Bearer token-4',
    ]);
  });
});

test('a destination gets no more requests in a second than it says, and one that does not answer in five is given up', async () => {
  await Promise.all([1, 2, 3, 4, 5].map(() => put('few')));
  const times = asked.map(({ at }) => at).sort((a, b) => a - b);
  expect(times).toHaveLength(5);
  // Some milliseconds less: the first one has to connect.
  expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(150);
  const begun = Date.now();
  await put('slow');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(4_900);
  expect(messages('Dead')[0]!.attributes).toMatchObject({
    ERROR_CODE: 'TIMEOUT',
    ERROR_MESSAGE: expect.stringContaining('did not answer within 5 seconds') as string,
  });
}, 20_000);

describe('a log group', () => {
  const lines = () => run.logs('Shop/Lines').map(({ message }) => message);

  test('gets the event as a line, or the message of an input', async () => {
    await put('logged', { id: 'a' });
    await put('told', { id: 'b' });
    const [whole, told] = lines();
    expect(JSON.parse(whole!)).toMatchObject({ source: 'logged', detail: { id: 'a' } });
    expect(told).toBe('b');
  });

  test('takes nothing where no resource policy lets EventBridge write, whatever its name', async () => {
    await put('unlogged', { id: 'c' });
    expect(run.logs('Shop/Closed')).toEqual([]);
    expect(messages('Dead')[0]!.attributes).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', RETRY_ATTEMPTS: '0' });
  });
});

test('a target that fails for a day is given up by its age, or by an age of its own', async () => {
  const build = (stack: Stack) => {
    const dead = new Queue(stack, 'Dead');
    const connection = new Connection(stack, 'Connection', {
      authorization: Authorization.apiKey('x-api-key', SecretValue.unsafePlainText('k')),
    });
    const down = new ApiDestination(stack, 'Down', { connection, endpoint: 'https://api.example.com/down' });
    for (const [source, maxEventAge] of Object.entries({ day: undefined, hour: Duration.hours(1) }))
      new Rule(stack, source, {
        eventPattern: { source: [source] },
        targets: [new ApiTarget(down, { deadLetterQueue: dead, ...(maxEventAge && { maxEventAge }) })],
      });
  };
  // A day in half a second.
  const scale = 172_800;
  const backends = { 'https://api.example.com': address };
  const other = await running(shop(build), { disorder: 0, retryDelay: 20, timeScale: scale, backends });
  answers = Array<number>(100).fill(500);
  const Entries = ['day', 'hour'].map((Source) => ({ Source, DetailType: 'x', Detail: '{}' }));
  await other.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
  await other.idle();
  const letters = other.queue('Shop/Dead').messages();
  expect(letters.map(({ body }) => (JSON.parse(body) as { source: string }).source)).toEqual(['hour', 'day']);
  const retries = letters.map(({ attributes }) => Number(attributes.RETRY_ATTEMPTS));
  expect(retries[0]!).toBeLessThan(retries[1]!);
  for (const { attributes } of letters)
    expect(attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds' });
});

test('a key that does not admit EventBridge loses the dead letter, and one that does takes the event', async () => {
  await put('encrypted', { id: 'a' });
  expect(bodies('Open')).toMatchObject([{ detail: { id: 'a' } }]);
  await put('lost', { id: 'a' });
  expect(messages('Sealed')).toEqual([]);
  expect(run.logs('Lost').at(-1)!.message).toMatch(
    /^ERROR delivery to .*none failed: .*; and to its dead-letter queue: events\.amazonaws\.com may not use the key Shop\/Sealed\/Key/,
  );
});

test('a pipe asks one API destination and tells another, record by record', async () => {
  await run.queue('Shop/Inbox').send([{ id: 'a' }, { id: 'b' }]);
  await run.idle();
  expect(
    asked
      .filter(({ path }) => path.startsWith('/key'))
      .map(({ path, body }) => [path, body])
      .sort(),
  ).toEqual([
    ['/key/a', '{"id":"a"}'],
    ['/key/b', '{"id":"b"}'],
  ]);
  expect(asked.filter(({ path }) => path.startsWith('/basic')).map(({ path, body }) => [path, body])).toEqual([
    ['/basic/x?ok=true', '{"checked":true}'],
    ['/basic/x?ok=true', '{"checked":true}'],
  ]);
});

test('what has no target any more is a dead letter without a retry', async () => {
  await put('gone', { id: 'a' });
  expect(messages('Dead')).toMatchObject([{ attributes: { RETRY_ATTEMPTS: '0' } }]);
});
