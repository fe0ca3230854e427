import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FunctionError, type LocalRun } from 'lintel/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { inline, running, shop, stopRuns } from '../../support';

const SEND = `
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
  const client = new SQSClient({});
  exports.handler = async (MessageBody) =>
    (await client.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody }))).MessageId;`;

function queues(stack: Stack): void {
  const dead = new Queue(stack, 'Dead');
  const jobs = new Queue(stack, 'Jobs', {
    deadLetterQueue: { queue: dead, maxReceiveCount: 2 },
    visibilityTimeout: Duration.seconds(60),
    enforceSSL: true,
  });
  new Queue(stack, 'Ordered', { fifo: true, contentBasedDeduplication: true, visibilityTimeout: Duration.seconds(60) });
  const letters = { fifo: true, contentBasedDeduplication: true };
  new Queue(stack, 'Turns', {
    ...letters,
    deadLetterQueue: { queue: new Queue(stack, 'LostTurns', letters), maxReceiveCount: 1 },
  });
  new Queue(stack, 'Late', { deliveryDelay: Duration.seconds(60) });
  new Queue(stack, 'Small', { maxMessageSizeBytes: 1024 });
  new Queue(stack, 'Forgetful', { retentionPeriod: Duration.seconds(60) });
  const sender = inline(stack, 'Sender', SEND, { environment: { QUEUE: jobs.queueUrl } });
  jobs.grantSendMessages(sender);
  inline(stack, 'Stranger', SEND, { environment: { QUEUE: jobs.queueUrl } });
}

let run: LocalRun;
let sqs: SQSClient;
beforeAll(async () => {
  run = await running(shop(queues), { timeScale: 200, disorder: 0 });
  sqs = run.client(SQSClient);
});
afterAll(stopRuns);
beforeEach(() => ['Dead', 'Jobs', 'Ordered', 'Late', 'Small', 'Forgetful'].forEach((name) => run.queue(name).purge()));

const url = (name: string) => run.queue(name).url;
const receive = async (name: string, input: Partial<ReceiveMessageCommandInput> = {}) => {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url(name), ...input }));
  return Messages;
};

test('a handler sends with the queue URL of its variables and the unmodified SDK', async () => {
  const id = await run.invoke('Sender', 'hello');
  const [message] = await receive('Jobs', { MessageSystemAttributeNames: ['All'] });
  expect(message).toMatchObject({ MessageId: id, Body: 'hello', Attributes: { ApproximateReceiveCount: '1' } });
  expect(message!.Attributes!.SenderId).toContain('assumed-role');
});

test('refuses a handler without the grant', async () => {
  const failure = await run.invoke('Stranger', 'hello').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(FunctionError);
  expect((failure as FunctionError).message).toContain('is not authorized to perform: sqs:sendmessage');
  expect(run.queue('Jobs').depth().visible).toBe(0);
});

test('attributes travel with the message, and only those asked for come back', async () => {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url('Jobs'),
      MessageBody: 'x',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        bytes: { DataType: 'Binary', BinaryValue: Buffer.from('ab') },
      },
    }),
  );
  const [message] = await receive('Jobs', { MessageAttributeNames: ['kind'] });
  expect(Object.keys(message!.MessageAttributes!)).toEqual(['kind']);
  expect(message!.Attributes).toBeUndefined();
});

test('a received message is hidden, and comes back after its visibility timeout', async () => {
  run.queue('Jobs').send('once');
  const [first] = await receive('Jobs', { VisibilityTimeout: 20 });
  expect(await receive('Jobs')).toEqual([]);
  const [second] = await receive('Jobs', { WaitTimeSeconds: 2 });
  expect(second!.MessageId).toBe(first!.MessageId);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url('Jobs'), ReceiptHandle: first!.ReceiptHandle }));
  expect(run.queue('Jobs').depth().inFlight).toBe(1);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url('Jobs'), ReceiptHandle: second!.ReceiptHandle }));
  expect(run.queue('Jobs').depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test('ChangeMessageVisibility gives a message back at once', async () => {
  run.queue('Jobs').send('again');
  const [{ ReceiptHandle } = {}] = await receive('Jobs');
  const change = new ChangeMessageVisibilityCommand({ QueueUrl: url('Jobs'), ReceiptHandle, VisibilityTimeout: 0 });
  await sqs.send(change);
  expect(await receive('Jobs')).toHaveLength(1);
  await expect(sqs.send(change)).rejects.toMatchObject({ message: expect.stringContaining('ReceiptHandle') });
});

test('a long poll answers when a message arrives', async () => {
  const waiting = receive('Jobs', { WaitTimeSeconds: 5 });
  await sleep(30);
  run.queue('Jobs').send('late');
  expect(await waiting).toHaveLength(1);
});

test('batches answer for each entry', async () => {
  const { Successful, Failed } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url('Small'),
      Entries: [
        { Id: 'a', MessageBody: 'small' },
        { Id: 'b', MessageBody: 'x'.repeat(1025) },
      ],
    }),
  );
  expect(Successful!.map(({ Id }) => Id)).toEqual(['a']);
  expect(Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
  const [message] = await receive('Small');
  const Entries = [{ Id: '1', ReceiptHandle: message!.ReceiptHandle }];
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url('Small'), Entries }));
  expect(run.queue('Small').messages()).toEqual([]);
});

test.each([
  ['more than 10 entries', Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' })), 'TooManyEntries'],
  ['no entry', [], 'EmptyBatchRequest'],
  ['entries with one id', [1, 2].map(() => ({ Id: 'same', MessageBody: 'x' })), 'NotDistinct'],
])('refuses a batch of %s', async (_, Entries, code) => {
  const sending = sqs.send(new SendMessageBatchCommand({ QueueUrl: url('Jobs'), Entries }));
  await expect(sending).rejects.toMatchObject({ name: expect.stringContaining(code) });
});

test('refuses an empty message, one that is too large, and a queue that is not there', async () => {
  const send = (name: string, MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: name, MessageBody }));
  await expect(send(url('Jobs'), '')).rejects.toMatchObject({ name: 'MissingParameter' });
  await expect(send(url('Small'), 'x'.repeat(1025))).rejects.toThrow('Message must be shorter than 1024 bytes');
  await expect(send(url('Small').replace('Small', 'Other'), 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a delayed message is seen after its delay', async () => {
  run.queue('Late').send('later');
  expect(run.queue('Late').depth()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  expect(await receive('Late', { WaitTimeSeconds: 2 })).toHaveLength(1);
});

test('a message is forgotten after its retention', async () => {
  run.queue('Forgetful').send('soon gone');
  await sleep(350);
  expect(run.queue('Forgetful').messages()).toEqual([]);
});

test.each([
  ['standard', 'Jobs', 'Dead', true],
  ['FIFO', 'Turns', 'LostTurns', false],
])('a dead letter of a %s queue has the age that counts for its retention', async (_, source, dead, isKept) => {
  const options = source === 'Turns' ? { groupId: 'g' } : {};
  run.queue(source).send('too often', options);
  const attributes = { MessageSystemAttributeNames: ['All' as const], VisibilityTimeout: 0 };
  const [sent] = await receive(source, attributes);
  await sleep(5);
  while (run.queue(dead).messages().length === 0) await receive(source, { VisibilityTimeout: 0 });
  const [letter] = await receive(dead, attributes);
  const [first, second] = [sent, letter].map((one) => Number(one!.Attributes!.SentTimestamp));
  expect(second! === first!).toBe(isKept);
  run.queue(dead).purge();
});

test('a message goes to the dead-letter queue after its receives, and back by a redrive', async () => {
  run.queue('Jobs').send('poison');
  for (let attempt = 0; attempt < 2; attempt++) await receive('Jobs', { VisibilityTimeout: 0 });
  expect(await receive('Jobs')).toEqual([]);
  const [dead] = await receive('Dead', { MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 });
  expect(dead!.Attributes).toMatchObject({ DeadLetterQueueSourceArn: run.queue('Jobs').arn });

  const SourceArn = run.queue('Dead').arn;
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  expect(run.queue('Dead').depth().visible).toBe(0);
  const [back] = await receive('Jobs', { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(back).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '1' } });
  expect(back!.MessageId).not.toBe(dead!.MessageId);
});

test('refuses to redrive a queue that is nobody’s dead-letter queue', async () => {
  await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: run.queue('Jobs').arn }))).rejects.toThrow(
    'must be configured as a Dead Letter Queue',
  );
});

test('a FIFO queue keeps the order of a group, and hands out one group once', async () => {
  const ordered = run.queue('Ordered');
  for (const body of ['a1', 'a2', 'a3']) ordered.send(body, { groupId: 'a' });
  ordered.send('b1', { groupId: 'b' });
  const [a1] = await receive('Ordered', { MaxNumberOfMessages: 1, VisibilityTimeout: 20 });
  expect(a1!.Body).toBe('a1');
  const others = await receive('Ordered', { MaxNumberOfMessages: 10 });
  expect(others.map(({ Body }) => Body)).toEqual(['b1']);
  const again = await receive('Ordered', { MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
  expect(again.map(({ Body }) => Body)).toEqual(['a1', 'a2', 'a3']);
});

test('a FIFO queue drops duplicates for five minutes', async () => {
  const ordered = run.queue('Ordered');
  const first = ordered.send('same', { groupId: 'g' });
  expect(ordered.send('same', { groupId: 'g' })).toBe(first);
  expect(ordered.depth().visible).toBe(1);
  await sleep(1600);
  ordered.send('same', { groupId: 'g' });
  expect(ordered.depth().visible).toBe(2);
});

test('a duplicate with another body has the id of the first, and its own checksums, which the SDK checks', async () => {
  const QueueUrl = run.queue('Ordered').url;
  const once = { QueueUrl, MessageGroupId: 'checked', MessageDeduplicationId: 'once' };
  const attributes = { a: { DataType: 'String', StringValue: 'x' } };
  const first = await sqs.send(
    new SendMessageCommand({ ...once, MessageBody: 'first', MessageAttributes: attributes }),
  );
  const second = await sqs.send(new SendMessageCommand({ ...once, MessageBody: 'second' }));
  expect([second.MessageId, second.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  expect([second.MD5OfMessageBody === first.MD5OfMessageBody, second.MD5OfMessageAttributes]).toEqual([
    false,
    undefined,
  ]);
});

test('refuses a FIFO message without a group', () => {
  expect(() => run.queue('Ordered').send('x')).toThrow('MessageGroupId');
});

test('describes its queues', async () => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: run.nameOf('Jobs') }));
  expect(QueueUrl).toBe(url('Jobs'));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ VisibilityTimeout: '60', ApproximateNumberOfMessages: '0' });
  expect(JSON.parse(Attributes!.RedrivePolicy!)).toEqual({
    deadLetterTargetArn: run.queue('Dead').arn,
    maxReceiveCount: 2,
  });
});
