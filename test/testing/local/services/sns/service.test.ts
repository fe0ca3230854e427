import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  type CreateTopicCommandInput,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnSubscription,
  CfnTopic,
  FilterOrPolicy,
  SubscriptionFilter,
  SubscriptionProtocol,
  Topic,
} from 'aws-cdk-lib/aws-sns';
import {
  EmailSubscription,
  LambdaSubscription,
  SqsSubscription,
  UrlSubscription,
} from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

/** A request that the endpoint has got. */
interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const received: Received[] = [];
/** The paths of all requests. */
const asked: string[] = [];
/** What the endpoint answers, one after the other; then 200. */
const answers: number[] = [];
let server: Server;
let run: LocalRun;
let sns: SNSClient;

/** Keeps what it gets, and follows the link that confirms. */
function endpoint(): Server {
  return createServer((request, response) => {
    asked.push(request.url ?? '');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
      const { SubscribeURL } = body.startsWith('{') ? (JSON.parse(body) as { SubscribeURL?: string }) : {};
      if (SubscribeURL && request.url === '/hook') void fetch(SubscribeURL);
    });
  });
}

function build(stack: Stack): void {
  const topic = new Topic(stack, 'Orders');
  const queue = (id: string) => new Queue(stack, id);
  topic.addSubscription(new SqsSubscription(queue('All')));
  topic.addSubscription(
    new SqsSubscription(queue('Raw'), { rawMessageDelivery: true, deadLetterQueue: queue('RawDead') }),
  );
  topic.addSubscription(
    new SqsSubscription(queue('Red'), {
      filterPolicy: { color: SubscriptionFilter.stringFilter({ allowlist: ['red'] }) },
    }),
  );
  topic.addSubscription(
    new SqsSubscription(queue('Paid'), {
      rawMessageDelivery: true,
      filterPolicyWithMessageBody: {
        status: FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ allowlist: ['paid'] })),
      },
    }),
  );
  topic.addSubscription(new EmailSubscription('ann@example.com'));
  const fn = inline(stack, 'Fn', 'exports.handler = async (event) => console.log(JSON.stringify(event.Records[0]));');
  topic.addSubscription(new LambdaSubscription(fn));

  const { port } = server.address() as AddressInfo;
  const hooks = new Topic(stack, 'Hooks');
  const lost = queue('Lost');
  hooks.addSubscription(
    new UrlSubscription(`http://127.0.0.1:${port}/hook`, {
      protocol: SubscriptionProtocol.HTTP,
      deadLetterQueue: lost,
    }),
  );
  new Topic(stack, 'Other').addSubscription(
    new UrlSubscription(`http://127.0.0.1:${port}/later`, {
      rawMessageDelivery: true,
      protocol: SubscriptionProtocol.HTTP,
    }),
  );

  const remote = new Topic(stack, 'Remote');
  remote.addSubscription(new UrlSubscription('https://hooks.example.com/orders?kind=a'));
  remote.addSubscription(new UrlSubscription('https://nowhere.example.com/'));

  // A queue that lets nobody in, one that is not there, and a function that lets nobody in.
  const closed = new Topic(stack, 'Closed');
  const dead = queue('Dead');
  dead.addToResourcePolicy(letsIn('Dead', dead));
  const subscribe = (id: string, protocol: string, address: string) =>
    new CfnSubscription(stack, id, {
      topicArn: closed.topicArn,
      protocol,
      endpoint: address,
      redrivePolicy: { deadLetterTargetArn: dead.queueArn },
    });
  subscribe('ToQueue', 'sqs', queue('Private').queueArn);
  subscribe('ToFn', 'lambda', inline(stack, 'PrivateFn', 'exports.handler = async () => 1;').functionArn);
  subscribe('ToNothing', 'sqs', `arn:aws:sqs:${stack.region}:${stack.account}:gone`);

  const ordered = new Topic(stack, 'Ordered', {
    fifo: true,
    contentBasedDeduplication: true,
    topicName: 'Ordered.fifo',
  });
  ordered.addSubscription(
    new SqsSubscription(new Queue(stack, 'InOrder', { fifo: true }), { rawMessageDelivery: true }),
  );
  const unordered = queue('Unordered');
  unordered.addToResourcePolicy(letsIn('Unordered', unordered));
  new CfnSubscription(stack, 'ToUnordered', {
    topicArn: ordered.topicArn,
    protocol: 'sqs',
    endpoint: unordered.queueArn,
    rawMessageDelivery: true,
  });
  new Topic(stack, 'Strict', { fifo: true, topicName: 'Strict.fifo' });

  const inTopic = queue('InTopic');
  inTopic.addToResourcePolicy(letsIn('InTopic', inTopic));
  new CfnTopic(stack, 'WithSubscription', {
    topicName: 'with-subscription',
    subscription: [{ protocol: 'sqs', endpoint: inTopic.queueArn }],
  });
  new CfnSubscription(stack, 'Broken', {
    topicArn: closed.topicArn,
    protocol: 'sqs',
    endpoint: inTopic.queueArn,
    filterPolicy: { a: [{ like: 'b' }] },
  });

  const publisher = inline(stack, 'Publisher', 'exports.handler = async () => 1;');
  topic.grantPublish(publisher);

  const maker = inline(
    stack,
    'Maker',
    `const { SNSClient, CreateTopicCommand } = require('@aws-sdk/client-sns');
exports.handler = ({ name, tagged }) =>
  new SNSClient({}).send(new CreateTopicCommand({ Name: name, ...(tagged && { Tags: [{ Key: 'a', Value: 'b' }] }) }))
    .then(() => 'made', (error) => error.message);`,
  );
  const topics = stack.formatArn({ service: 'sns', resource: 'maker-*' });
  maker.addToRolePolicy(new PolicyStatement({ actions: ['sns:CreateTopic'], resources: [topics] }));
}

function letsIn(sid: string, { queueArn }: Queue): PolicyStatement {
  const principals = [new ServicePrincipal('sns.amazonaws.com')];
  return new PolicyStatement({ sid, actions: ['sqs:SendMessage'], resources: [queueArn], principals });
}

beforeAll(async () => {
  server = endpoint();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const backends = { 'https://hooks.example.com': `http://127.0.0.1:${port}/remote` };
  run = await running(shop(build), { disorder: 0, timeScale: 1000, backends });
  sns = run.client(SNSClient);
  await run.idle();
});
afterAll(async () => {
  await stopRuns();
  server.close();
});
beforeEach(() => {
  for (const name of ['All', 'Raw', 'RawDead', 'Red', 'Paid', 'Dead', 'Lost', 'InOrder', 'Unordered', 'InTopic'])
    run.queue(name).purge();
  received.length = 0;
});

const arn = (name: string) => run.topic(name).arn;
const publish = (input: Partial<PublishCommandInput>, topic = 'Orders') =>
  sns.send(new PublishCommand({ TopicArn: arn(topic), Message: 'hello', ...input }));
const bodies = (queue: string) =>
  run
    .queue(queue)
    .messages()
    .map(({ body }) => body);
const parsed = (queue: string) => bodies(queue).map((body) => JSON.parse(body) as Record<string, unknown>);

test('a queue gets the envelope, and raw the message with its attributes', async () => {
  const MessageAttributes = {
    color: { DataType: 'String', StringValue: 'blue' },
    n: { DataType: 'Number', StringValue: '5' },
  };
  const { MessageId } = await publish({ Subject: 'News', MessageAttributes });
  await run.idle();
  expect(parsed('All')).toEqual([
    {
      Type: 'Notification',
      MessageId,
      TopicArn: arn('Orders'),
      Subject: 'News',
      Message: 'hello',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      SignatureVersion: '1',
      Signature: expect.stringMatching(/^[\w+/]{342}==$/),
      SigningCertURL: expect.stringMatching(
        /^https:\/\/sns\.[\w-]+\.amazonaws\.com\/SimpleNotificationService-.*\.pem$/,
      ),
      UnsubscribeURL: expect.stringContaining('Action=Unsubscribe&SubscriptionArn=arn:aws:sns:'),
      MessageAttributes: { color: { Type: 'String', Value: 'blue' }, n: { Type: 'Number', Value: '5' } },
    },
  ]);
  expect(run.queue('Raw').messages()).toMatchObject([{ body: 'hello', attributes: { color: 'blue', n: '5' } }]);
  expect(run.topic('Orders').published().at(-1)).toEqual({
    id: MessageId,
    message: 'hello',
    subject: 'News',
    attributes: { color: 'blue', n: '5' },
  });
});

test('a function gets a record', async () => {
  await publish({ Message: 'to a function' });
  await run.idle();
  const line = run
    .logs('Fn')
    .map(({ message }) => message)
    .find((message) => message.includes('to a function'))!;
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: expect.stringContaining(arn('Orders')),
    Sns: expect.objectContaining({
      Type: 'Notification',
      Subject: null,
      Message: 'to a function',
      MessageAttributes: {},
    }),
  });
});

test('subscriptions get what their filter policies let pass', async () => {
  await publish({ MessageAttributes: { color: { DataType: 'String', StringValue: 'red' } } });
  await publish({
    MessageAttributes: { color: { DataType: 'String', StringValue: 'blue' } },
    Message: '{"status":"paid"}',
  });
  await run.idle();
  expect(parsed('Red').map(({ Message }) => Message)).toEqual(['hello']);
  expect(bodies('Paid')).toEqual(['{"status":"paid"}']);
  expect(bodies('All')).toHaveLength(2);
});

test('a structured message is another one for each protocol', async () => {
  await publish({ MessageStructure: 'json', Message: JSON.stringify({ default: 'd', sqs: 'q' }) });
  await run.idle();
  expect(bodies('Raw')).toEqual(['q']);
});

test('a raw message with more than ten attributes reaches neither its queue nor the dead letters', async () => {
  const all = Array.from({ length: 11 }, (_, n) => [`a${n}`, { DataType: 'String', StringValue: 'x' }] as const);
  await publish({ MessageAttributes: Object.fromEntries(all) });
  await run.idle();
  expect([bodies('All').length, bodies('Raw').length, bodies('RawDead').length]).toEqual([1, 0, 0]);
  expect(run.logs('Orders').at(-1)?.message).toMatch(/Number of message attributes \[11\] exceeds the allowed maximum/);
});

test('an endpoint that lets nobody in, or is not there, gives its messages to the dead-letter queue at once', async () => {
  await publish({ Message: 'closed' }, 'Closed');
  await run.idle({ timeout: 1000 });
  expect(parsed('Dead').map(({ Message }) => Message)).toEqual(['closed', 'closed', 'closed']);
});

test('an HTTP endpoint confirms by the link, and gets headers and the envelope', async () => {
  await publish({ Message: 'to a hook' }, 'Hooks');
  await run.idle();
  expect(received).toHaveLength(1);
  expect(received[0]!.headers).toMatchObject({
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': 'Notification',
    'x-amz-sns-topic-arn': arn('Hooks'),
    'x-amz-sns-subscription-arn': expect.stringContaining(arn('Hooks')),
    'user-agent': 'Amazon Simple Notification Service Agent',
  });
  expect(JSON.parse(received[0]!.body)).toMatchObject({ Type: 'Notification', Message: 'to a hook' });
});

test('an HTTP endpoint is tried again after errors of the server, three times, and not after its own', async () => {
  answers.push(500, 429);
  await publish({ Message: 'again' }, 'Hooks');
  await run.idle();
  expect(received).toHaveLength(3);
  expect(bodies('Lost')).toEqual([]);
  answers.push(500, 502, 503, 500);
  await publish({ Message: 'never' }, 'Hooks');
  await run.idle();
  expect(received).toHaveLength(7);
  answers.push(403);
  await publish({ Message: 'forbidden' }, 'Hooks');
  await run.idle();
  expect(received).toHaveLength(8);
  expect(parsed('Lost').map(({ Message }) => Message)).toEqual(['never', 'forbidden']);
});

test('an endpoint that has not confirmed gets nothing until it does', async () => {
  const later = `http://127.0.0.1:${(server.address() as AddressInfo).port}/later`;
  await publish({ Message: 'too early' }, 'Other');
  await run.idle();
  expect(received).toEqual([]);
  const subscribe = { TopicArn: arn('Other'), Protocol: 'http', Endpoint: later };
  const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscribe));
  await run.idle();
  expect(SubscriptionArn).toBe('pending confirmation');
  const question = JSON.parse(received[0]!.body) as Record<string, string>;
  expect(question).toMatchObject({
    Type: 'SubscriptionConfirmation',
    TopicArn: arn('Other'),
    SubscribeURL: expect.any(String),
  });
  await expect(
    sns.send(new ConfirmSubscriptionCommand({ TopicArn: arn('Other'), Token: 'none' })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Token',
  });
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn: arn('Other'), Token: question.Token! }));
  await publish({ Message: 'now' }, 'Other');
  await run.idle();
  expect(received[1]).toMatchObject({ body: 'now', headers: { 'x-amz-sns-rawdelivery': 'true' } });
});

test('an endpoint elsewhere is what the run was told', async () => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn('Remote') }));
  expect(Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual([
    'PendingConfirmation',
    'PendingConfirmation',
  ]);
  expect(asked).toContain('/remote/orders?kind=a');
});

test('a FIFO topic keeps its order, and drops what comes twice', async () => {
  for (const Message of ['a', 'b', 'a', 'c']) await publish({ Message, MessageGroupId: 'g' }, 'Ordered');
  await run.idle();
  expect(bodies('InOrder')).toEqual(['a', 'b', 'c']);
  // It is the topic that drops them: a standard queue does not tell duplicates.
  expect(bodies('Unordered')).toEqual(['a', 'b', 'c']);
  const first = await publish({ Message: 'd', MessageGroupId: 'g' }, 'Ordered');
  const second = await publish({ Message: 'd', MessageGroupId: 'g' }, 'Ordered');
  expect(first.SequenceNumber).toMatch(/^\d{20}$/);
  expect(second.MessageId).toBe(first.MessageId);
});

test('a subscription within a topic, and a batch', async () => {
  run.topic('WithSubscription').publish({ id: 1 });
  await run.idle();
  expect(parsed('InTopic')).toMatchObject([{ Message: '{"id":1}' }]);
  const entries = [
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: 'two', MessageDeduplicationId: 'x' },
  ];
  const { Successful, Failed } = await sns.send(
    new PublishBatchCommand({ TopicArn: arn('Orders'), PublishBatchRequestEntries: entries }),
  );
  expect(Successful).toMatchObject([{ Id: 'a', MessageId: expect.any(String) }]);
  expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameter', SenderFault: true }]);
});

test('attributes are read and set, and what is subscribed is listed', async () => {
  const TopicArn = arn('Closed');
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Closed' }));
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({
    TopicArn,
    DisplayName: 'Closed',
    SubscriptionsConfirmed: '3',
    SubscriptionsPending: '0',
  });
  const Endpoint = `arn:aws:sqs:us-east-1:123456789012:none`;
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { FilterPolicy: '{"a":["b"]}' } }),
  );
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: 'RawMessageDelivery',
      AttributeValue: 'true',
    }),
  );
  expect((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes).toMatchObject({
    RawMessageDelivery: 'true',
    FilterPolicy: '{"a":["b"]}',
    FilterPolicyScope: 'MessageAttributes',
    PendingConfirmation: 'false',
  });
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toHaveLength(4);
  expect(Subscriptions).toContainEqual({
    TopicArn,
    Protocol: 'sqs',
    Endpoint,
    SubscriptionArn,
    Owner: expect.any(String),
  });
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await expect(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn });
  expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions?.length).toBeGreaterThan(8);
});

test('a link ends a subscription, and its endpoint is told', async () => {
  await publish({ Message: 'with a link' }, 'Hooks');
  await run.idle();
  const { UnsubscribeURL } = JSON.parse(received[0]!.body) as { UnsubscribeURL: string };
  expect((await fetch(UnsubscribeURL)).status).toBe(200);
  await run.idle();
  expect(JSON.parse(received[1]!.body)).toMatchObject({ Type: 'UnsubscribeConfirmation' });
});

test('a caller may do what its policies say', async () => {
  const own = run.client(SNSClient, 'Publisher');
  await expect(own.send(new PublishCommand({ TopicArn: arn('Orders'), Message: 'x' }))).resolves.toBeDefined();
  await expect(own.send(new PublishCommand({ TopicArn: arn('Closed'), Message: 'x' }))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
    message: expect.stringMatching(
      /is not authorized to perform: SNS:Publish on resource: .* because no identity-based/,
    ),
  });
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn('Orders') }));
  const SubscriptionArn = Subscriptions[0]!.SubscriptionArn;
  await expect(own.send(new UnsubscribeCommand({ SubscriptionArn }))).rejects.toMatchObject({
    name: 'AuthorizationErrorException',
  });
});

test('what is not delivered, or refused, is listed before', () => {
  const listed = run.unsupported.filter(({ type }) => type.startsWith('AWS::SNS::'));
  expect(listed.map(({ reason }) => reason)).toEqual([
    expect.stringContaining(
      'AWS refuses its subscription: Invalid parameter: Attributes Reason: FilterPolicy: Unrecognized match type like',
    ),
    "messages are not delivered to 'ann@example.com': email is not run",
    "messages are not delivered: 'https://nowhere.example.com/' is not on this machine; name a local address for it in 'backends'",
    expect.stringMatching(/^its endpoint 'arn:aws:sqs:.*:gone' is not run$/),
  ]);
});

const large = 'x'.repeat(262_144);
test.each<[string, Partial<PublishCommandInput> & { readonly to?: string }, string]>([
  ['a message of more than 256 KiB', { Message: `${large}x` }, 'Invalid parameter: Message too long'],
  [
    'attributes that make it larger than that',
    { Message: large, MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } },
    'Invalid parameter: Message too long',
  ],
  ['no message', { Message: '' }, 'Invalid parameter: Empty message'],
  ['a subject of two lines', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
  ['a subject of 101 letters', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
  [
    'a structured message that is none',
    { MessageStructure: 'json', Message: 'x' },
    'Invalid parameter: Message Structure - JSON message body failed to parse',
  ],
  [
    'a structured message without a default',
    { MessageStructure: 'json', Message: '{"sqs":"x"}' },
    'Invalid parameter: Message Structure - No default entry in JSON message body',
  ],
  [
    'an attribute that is no number',
    { MessageAttributes: { a: { DataType: 'Number', StringValue: 'b' } } },
    "Could not cast message attribute 'a' value to number.",
  ],
  ['a topic that is not there', { TopicArn: 'arn:aws:sns:us-east-1:123456789012:none' }, 'Topic does not exist'],
  [
    'no group on a FIFO topic',
    { to: 'Ordered' },
    'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
  ],
  [
    'nothing that tells duplicates',
    { MessageGroupId: 'g', to: 'Strict' },
    'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  ],
  [
    'a deduplication id on a standard topic',
    { MessageDeduplicationId: 'd' },
    'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  ],
])('refuses %s', async (_, { to, ...input }, message) => {
  await expect(publish(input, to)).rejects.toMatchObject({ message });
});

test.each<[string, string, string, Record<string, string>, string]>([
  [
    'raw delivery to a function',
    'lambda',
    'arn:aws:lambda:us-east-1:123456789012:function:f',
    { RawMessageDelivery: 'true' },
    'Attributes Reason: Delivery protocol [lambda] does not support raw message delivery.',
  ],
  [
    'a FIFO queue on a standard topic',
    'sqs',
    'arn:aws:sqs:us-east-1:123456789012:q.fifo',
    {},
    'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
  ],
  ['an unknown protocol', 'pigeon', 'home', {}, 'Amazon SNS does not support this protocol string: pigeon'],
  ['an address of another protocol', 'https', 'http://127.0.0.1', {}, 'Endpoint must match the specified protocol'],
  [
    'dead letters to no queue',
    'sqs',
    'arn:aws:sqs:us-east-1:123456789012:q',
    { RedrivePolicy: '{"deadLetterTargetArn":"x"}' },
    'Attributes Reason: RedrivePolicy: deadLetterTargetArn is an invalid arn',
  ],
  [
    'an unknown attribute',
    'sqs',
    'arn:aws:sqs:us-east-1:123456789012:q',
    { Color: 'red' },
    'Attributes Reason: AttributeName',
  ],
])('refuses a subscription with %s', async (_, Protocol, Endpoint, Attributes, reason) => {
  const command = new SubscribeCommand({ TopicArn: arn('Orders'), Protocol, Endpoint, Attributes });
  await expect(sns.send(command)).rejects.toMatchObject({ message: `Invalid parameter: ${reason}` });
});

test('refuses batches that are empty, too many or too large', async () => {
  const batch = (...entries: readonly string[]) =>
    sns.send(
      new PublishBatchCommand({
        TopicArn: arn('Orders'),
        PublishBatchRequestEntries: entries.map((Message, n) => ({ Id: `e${n}`, Message })),
      }),
    );
  await expect(batch()).rejects.toMatchObject({ name: 'EmptyBatchRequestException' });
  await expect(batch(...'abcdefghijk')).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequestException' });
  await expect(batch(large, 'x')).rejects.toMatchObject({ name: 'BatchRequestTooLongException' });
});

describe('a topic that a handler makes', () => {
  const create = (Name: string, more: Partial<CreateTopicCommandInput> = {}) =>
    sns.send(new CreateTopicCommand({ Name, ...more }));
  const arnOf = (name: string) => arn('Orders').replace(/[^:]+$/, name);
  const tagsOf = async (ResourceArn?: string) => (await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

  test('delivers, has its tags and settings, and is gone with its subscriptions once it is deleted', async () => {
    const Tags = [{ Key: 'tenant', Value: 'a' }];
    const { TopicArn } = await create('tenant-a', { Attributes: { DisplayName: 'Tenant A' }, Tags });
    expect(TopicArn).toBe(arnOf('tenant-a'));
    expect(await create('tenant-a', { Attributes: { DisplayName: 'Tenant A' } })).toMatchObject({ TopicArn });
    const subscribed = { Protocol: 'sqs', Endpoint: run.queue('Unordered').arn, TopicArn };
    const { SubscriptionArn } = await sns.send(new SubscribeCommand(subscribed));
    const before = run.queue('Unordered').messages().length;
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    await run.idle();
    expect(run.queue('Unordered').messages()).toHaveLength(before + 1);
    expect(run.topic('tenant-a').published()).toMatchObject([{ message: 'hello' }]);
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ DisplayName: 'Tenant A', SubscriptionsConfirmed: '1' });
    await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'stage', Value: 'test' }] }));
    await sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['tenant'] }));
    expect(await tagsOf(TopicArn)).toEqual([{ Key: 'stage', Value: 'test' }]);
    for (let times = 0; times < 2; times++) await sns.send(new DeleteTopicCommand({ TopicArn }));
    await expect(sns.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).rejects.toThrow();
  });

  test.each<[string, Partial<CreateTopicCommandInput>, string]>([
    ['no name', { Name: 'a b' }, 'Invalid parameter: Topic Name'],
    ['FIFO by its name alone', { Name: 'a.fifo' }, 'Invalid parameter: Topic Name'],
    ['FIFO without the name', { Attributes: { FifoTopic: 'true' } }, 'Fifo Topic names must end with .fifo'],
    ['a setting that there is not', { Attributes: { Colour: 'red' } }, 'Invalid parameter: AttributeName'],
    ['FIFO settings of a standard topic', { Attributes: { ContentBasedDeduplication: 'true' } }, 'AttributeName'],
    [
      'other settings than it has',
      { Name: 'with-subscription', Attributes: { DisplayName: 'x' } },
      'already exists with different',
    ],
    ['tags twice', { Tags: [0, 1].map(() => ({ Key: 'a', Value: 'b' })) }, 'Duplicate keys'],
  ])('refuses %s', async (_, given, said) => {
    await expect(create('refused', given)).rejects.toThrow(said);
    expect((await sns.send(new ListTopicsCommand({}))).Topics).not.toContainEqual({ TopicArn: arnOf('refused') });
  });

  test('is made by those who may make one of its name and give it tags', async () => {
    const made = (name: string, tagged = false) => run.invoke('Maker', { name, tagged });
    expect(await made('maker-a')).toBe('made');
    expect(await made('maker-b', true)).toMatch(/not authorized to perform: SNS:TagResource on resource: .*:maker-b/);
    expect(await made('other')).toMatch(/not authorized to perform: SNS:CreateTopic on resource: .*:other/);
  });
});

test('refuses what is not run', async () => {
  await expect(sns.send(new DeleteTopicCommand({ TopicArn: arn('Orders') }))).rejects.toMatchObject({
    name: 'LocalRunUnsupported',
  });
  await expect(sns.send(new CreateTopicCommand({ Name: 'new', Attributes: { Policy: '{}' } }))).rejects.toMatchObject({
    name: 'LocalRunUnsupported',
  });
  await expect(sns.send(new PublishCommand({ PhoneNumber: '+15555550100', Message: 'x' }))).rejects.toMatchObject({
    name: 'LocalRunUnsupported',
  });
});
