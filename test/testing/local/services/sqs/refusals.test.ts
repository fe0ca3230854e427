import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../support';

let run: LocalRun;
let sqs: SQSClient;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      new Queue(stack, 'Jobs');
      new Queue(stack, 'Ordered', { fifo: true });
    }),
    { timeScale: 100 },
  );
  sqs = run.client(SQSClient);
});
afterAll(stopRuns);
beforeEach(() => ['Jobs', 'Ordered'].forEach((name) => run.queue(name).purge()));

const url = (name: string) => run.queue(name).url;
const send = (rest: Partial<SendMessageCommandInput>, name = 'Jobs') =>
  sqs.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody: 'x', ...rest }));
const attributes = (all: Record<string, MessageAttributeValue>) => ({ MessageAttributes: all });
const word: MessageAttributeValue = { DataType: 'String', StringValue: 'x' };
const ordered = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

test.each<[string, Partial<SendMessageCommandInput>, string]>([
  ['a character that is none in XML', { MessageBody: 'a\u0001b' }, 'InvalidMessageContents'],
  ['half of a character', { MessageBody: 'a\uFFFE' }, 'InvalidMessageContents'],
  [
    'eleven attributes',
    attributes(Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, word]))),
    'InvalidParameterValue',
  ],
  ['an attribute without a value', attributes({ a: { DataType: 'String', StringValue: '' } }), 'InvalidParameterValue'],
  [
    'an attribute of an unknown type',
    attributes({ a: { DataType: 'Date', StringValue: 'x' } }),
    'InvalidParameterValue',
  ],
  ['a number that is none', attributes({ a: { DataType: 'Number', StringValue: 'x' } }), 'InvalidParameterValue'],
  ['an attribute that is named as one of AWS', attributes({ 'AWS.a': word }), 'InvalidParameterValue'],
  ['an attribute with two periods in a row', attributes({ 'a..b': word }), 'InvalidParameterValue'],
  ['a delay of more than 15 minutes', { DelaySeconds: 901 }, 'InvalidParameterValue'],
  ['a deduplication id on a standard queue', { MessageDeduplicationId: 'd' }, 'InvalidParameterValue'],
  ['a group with a space', { ...ordered, MessageGroupId: 'a b' }, 'InvalidParameterValue'],
  [
    'a deduplication id of 129 letters',
    { ...ordered, MessageDeduplicationId: 'd'.repeat(129) },
    'InvalidParameterValue',
  ],
])('refuses %s', async (_, rest, name) => {
  const queue = rest.MessageGroupId === undefined ? 'Jobs' : 'Ordered';
  await expect(send(rest, queue)).rejects.toMatchObject({ name });
  expect(run.queue(queue).depth().visible).toBe(0);
});

test('takes what SQS takes: tabs and emoji, ten attributes, types with a suffix, a group on a standard queue', async () => {
  const ten = Object.fromEntries(
    Array.from({ length: 10 }, (_, n) => [`a.${n}`, { ...word, DataType: 'String.kind' }]),
  );
  await send({ MessageBody: 'a\tb 🙂', MessageGroupId: 'tenant', ...attributes(ten) });
  expect(run.queue('Jobs').messages()).toMatchObject([{ body: 'a\tb 🙂', groupId: 'tenant' }]);
});

test('in a batch, the one that is refused does not spoil the others', async () => {
  const Entries = [
    { Id: 'good', MessageBody: 'x' },
    { Id: 'bad', MessageBody: 'a\u0001b' },
  ];
  const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: url('Jobs'), Entries }));
  expect(Successful).toMatchObject([{ Id: 'good' }]);
  expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
});

test.each([
  ['ids of entries that are no ids', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
  ['two entries with one id', ['a', 'a'].map((Id) => ({ Id, MessageBody: 'x' })), 'BatchEntryIdsNotDistinct'],
  ['no entry', [], 'EmptyBatchRequest'],
  [
    'eleven entries',
    Array.from({ length: 11 }, (_, n) => ({ Id: `i${n}`, MessageBody: 'x' })),
    'TooManyEntriesInBatchRequest',
  ],
])('refuses a batch with %s', async (_, Entries, name) => {
  const batch = new SendMessageBatchCommand({ QueueUrl: url('Jobs'), Entries });
  await expect(sqs.send(batch)).rejects.toMatchObject({ name });
});

describe('receipt handles', () => {
  const receive = async (name: string, VisibilityTimeout: number) => {
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url(name), VisibilityTimeout }));
    return received.Messages![0]!.ReceiptHandle!;
  };
  const remove = (name: string, ReceiptHandle: string) =>
    sqs.send(new DeleteMessageCommand({ QueueUrl: url(name), ReceiptHandle }));

  test('refuses those that no receive gave', async () => {
    const name = 'ReceiptHandleIsInvalid';
    await expect(remove('Jobs', 'nonsense')).rejects.toMatchObject({ name });
    const change = { QueueUrl: url('Jobs'), ReceiptHandle: 'nonsense', VisibilityTimeout: 1 };
    await expect(sqs.send(new ChangeMessageVisibilityCommand(change))).rejects.toMatchObject({ name });
    const Entries = [{ Id: 'a', ReceiptHandle: 'nonsense' }];
    const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url('Jobs'), Entries }));
    expect(Failed).toMatchObject([{ Id: 'a', Code: name }]);
  });

  test('deleting twice is no error', async () => {
    await send({});
    const handle = await receive('Jobs', 30);
    await remove('Jobs', handle);
    await remove('Jobs', handle);
  });

  test('on a FIFO queue, refuses one that has expired', async () => {
    await send(ordered, 'Ordered');
    const handle = await receive('Ordered', 0);
    await expect(remove('Ordered', handle)).rejects.toThrow('The receipt handle has expired');
    expect(run.queue('Ordered').depth().visible).toBe(1);
  });
});

test('refuses a second purge within a minute', async () => {
  const purge = () => sqs.send(new PurgeQueueCommand({ QueueUrl: url('Jobs') }));
  await purge();
  await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
  await new Promise((done) => setTimeout(done, 620));
  await purge();
});

test('refuses waits, attributes and values that queues do not have', async () => {
  const receive = new ReceiveMessageCommand({ QueueUrl: url('Jobs'), WaitTimeSeconds: 21 });
  await expect(sqs.send(receive)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  const set = (Attributes: Record<string, string>) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl: url('Jobs'), Attributes }));
  await expect(set({ Colour: 'red' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
  await expect(set({ ContentBasedDeduplication: 'true' })).rejects.toMatchObject({ name: 'InvalidAttributeName' });
  await expect(set({ VisibilityTimeout: '43201' })).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  const get = { QueueUrl: url('Jobs'), AttributeNames: ['Colour' as 'All'] };
  await expect(sqs.send(new GetQueueAttributesCommand(get))).rejects.toMatchObject({ name: 'InvalidAttributeName' });
});
