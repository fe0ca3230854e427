import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun, LocalRunOptions } from 'lintel/testing';
import { Disorder } from '../../../../lib/testing/local/kernel/disorder';
import { inline, running, shop, stopRuns } from '../support';

/** Says what it got, and fails on what it has seen before, as a handler that is not idempotent. */
const SEEN = `const seen = new Set();
exports.handler = async (event) => {
  const items = event.Records
    ? event.Records.map((r) => (r.body ? JSON.parse(r.body).n : r.dynamodb.NewImage.n.N + '@' + r.dynamodb.Keys.id.S))
    : [event.n];
  console.log('got ' + JSON.stringify(items));
  for (const item of items) {
    if (seen.delete(item)) throw new Error('seen ' + item);
    seen.add(item);
  }
};`;
const COUNT = 40;

function everything(stack: Stack): void {
  const handler = (id: string) => inline(stack, id, SEEN, { retryAttempts: 0 });
  handler('Async');
  const jobs = new Queue(stack, 'Jobs', { visibilityTimeout: Duration.minutes(10) });
  const dead = { queue: new Queue(stack, 'Dead'), maxReceiveCount: 1 };
  const once = new Queue(stack, 'Once', { visibilityTimeout: Duration.minutes(10), deadLetterQueue: dead });
  handler('Worker').addEventSource(new SqsEventSource(jobs, { batchSize: 1 }));
  handler('OnceWorker').addEventSource(new SqsEventSource(once, { batchSize: 1 }));
  const bus = new EventBus(stack, 'Bus');
  const targets = [new SqsQueue(new Queue(stack, 'Events'))];
  new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets });
  const table = new TableV2(stack, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    dynamoStream: StreamViewType.NEW_IMAGE,
  });
  const startingPosition = StartingPosition.TRIM_HORIZON;
  handler('Projection').addEventSource(new DynamoEventSource(table, { startingPosition, retryAttempts: 0 }));
}

afterEach(stopRuns);

const numbers = Array.from({ length: COUNT }, (_, n) => n);
const start = (options: LocalRunOptions = {}) =>
  running(shop(everything), { timeScale: 600, maxEnvironments: 1, ...options });
const got = (run: LocalRun, name: string) =>
  run.logs(name).flatMap(({ message }) => {
    const found = /got (.*)$/.exec(message)?.[1];
    return found === undefined ? [] : (JSON.parse(found) as unknown[]);
  });
const notes = (run: LocalRun, name: string) =>
  run
    .logs(name)
    .map(({ message }) => message)
    .filter((message) => message.startsWith('NOTE'));

async function invokeAll(run: LocalRun): Promise<void> {
  const client = run.client(LambdaClient);
  for (const n of numbers) {
    const Payload = Buffer.from(JSON.stringify({ n }));
    await client.send(new InvokeCommand({ FunctionName: run.nameOf('Async'), InvocationType: 'Event', Payload }));
  }
  await run.idle();
}

test('the same seed makes the same choices, another seed others, and 0 none', () => {
  const chosen = (share: number, seed: number, source = 'queue') => {
    const disorder = new Disorder(share, seed);
    return numbers.map(() => JSON.stringify(disorder.next(source))).join();
  };
  expect(chosen(0.2, 1)).toBe(chosen(0.2, 1));
  expect(chosen(0.2, 1)).not.toBe(chosen(0.2, 2));
  expect(chosen(0.2, 1)).not.toBe(chosen(0.2, 1, 'another'));
  expect(chosen(0, 1)).not.toContain('true');
});

test('by default a standard queue repeats a little, also what was deleted, and the log says so where a handler failed on it', async () => {
  const run = await start();
  run.queue('Jobs').send(numbers.map((n) => ({ n })));
  await run.idle();
  const all = got(run, 'Worker');
  expect(new Set(all)).toEqual(new Set(numbers));
  expect(all.length).toBeGreaterThan(COUNT);
  expect(notes(run, 'Worker')[0]).toMatch(
    /^NOTE this run made sure that message [\w-]+ came twice, as AWS may do; see the option 'disorder'$/,
  );
});

test('a message that comes twice is not counted as received twice: one attempt is enough', async () => {
  const run = await start({ disorder: 0.3 });
  run.queue('Once').send(numbers.map((n) => ({ n })));
  await run.idle();
  expect(got(run, 'OnceWorker').length).toBeGreaterThan(COUNT);
});

test('asynchronous invocations come twice and swapped, and the log says so where a handler failed on it', async () => {
  const run = await start({ disorder: 0.2 });
  await invokeAll(run);
  const all = got(run, 'Async');
  expect(new Set(all)).toEqual(new Set(numbers));
  expect(all.length).toBeGreaterThan(COUNT);
  expect(all).not.toEqual([...all].sort((a, b) => Number(a) - Number(b)));
  expect(notes(run, 'Async').length).toBeGreaterThan(0);
});

test('a bus delivers events twice and swapped', async () => {
  const run = await start({ disorder: 0.2 });
  const client = run.client(EventBridgeClient);
  for (const n of numbers) {
    const entry = { EventBusName: run.nameOf('Bus'), Source: 'shop', DetailType: 'x', Detail: JSON.stringify({ n }) };
    await client.send(new PutEventsCommand({ Entries: [entry] }));
  }
  await run.idle();
  const events = run
    .queue('Events')
    .messages()
    .map(({ body }) => JSON.parse(body) as { id: string; detail: { n: number } });
  expect(events.length).toBeGreaterThan(COUNT);
  expect(new Set(events.map(({ id }) => id)).size).toBe(COUNT);
});

test('a table’s stream swaps changes of different items, never those of one, and each comes once', async () => {
  const run = await start({ disorder: 0.5 });
  const TableName = run.nameOf('Table');
  const client = run.client(DynamoDBClient);
  for (const n of [1, 2, 3, 4, 5]) {
    const TransactItems = ['a', 'b', 'c', 'd'].map((id) => ({
      Put: { TableName, Item: { id: { S: id }, n: { N: String(n) } } },
    }));
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  }
  await run.idle();
  const all = got(run, 'Projection').map((item) => String(item).split('@') as [n: string, id: string]);
  expect(all).toHaveLength(20);
  for (const id of ['a', 'b', 'c', 'd']) {
    expect(all.filter(([, own]) => own === id).map(([n]) => n)).toEqual(['1', '2', '3', '4', '5']);
  }
  const written = [1, 2, 3, 4, 5].flatMap((n) => ['a', 'b', 'c', 'd'].map((id) => `${n}@${id}`));
  expect(all.map((one) => one.join('@'))).not.toEqual(written);
});

test('nothing comes twice or late with disorder 0', async () => {
  const run = await start({ disorder: 0 });
  run.queue('Jobs').send(numbers.map((n) => ({ n })));
  await invokeAll(run);
  expect(got(run, 'Worker').sort((a, b) => Number(a) - Number(b))).toEqual(numbers);
  expect(got(run, 'Async')).toHaveLength(COUNT);
});
