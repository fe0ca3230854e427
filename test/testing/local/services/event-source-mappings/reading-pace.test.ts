import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { ReadingPace } from '../../../../../lib/testing/local/services/event-source-mappings/reading-pace';
import { inline, running, shop, stopRuns } from '../../support';

afterAll(stopRuns);

/** Reads until the test is over; `reads` says how often. */
function reading(given: { writes: number }) {
  const ended = new AbortController();
  const pace = new ReadingPace(() => given.writes);
  const state = { reads: 0, pace, stop: () => ended.abort() };
  const read = () => {
    pace.begin();
    state.reads++;
    return Promise.resolve();
  };
  return Object.assign(state, { over: pace.keep(read, ended.signal) });
}

test('a stream that nobody writes to is read once a second', async () => {
  const state = reading({ writes: 0 });
  await sleep(300);
  const [before, since] = [state.reads, performance.now()];
  await sleep(1700);
  // A busy machine may hold up the test for longer than it sleeps.
  const seconds = (performance.now() - since) / 1000;
  expect(state.reads - before).toBeGreaterThanOrEqual(1);
  expect(state.reads - before).toBeLessThanOrEqual(seconds + 1);
  state.stop();
  await state.over;
});

test.each<[string, (state: ReturnType<typeof reading>, given: { writes: number }) => void]>([
  ['a write', (_, given) => given.writes++],
  ['an answer that had records', ({ pace }) => pace.again()],
])('it is read soon after %s', async (_, happens) => {
  const given = { writes: 0 };
  const state = reading(given);
  await sleep(300);
  const before = state.reads;
  happens(state, given);
  await sleep(80);
  expect(state.reads).toBeGreaterThan(before);
  state.stop();
  await state.over;
});

test('it is read again after an answer that had records and took long to hand over', async () => {
  const ended = new AbortController();
  const pace = new ReadingPace(() => 0);
  const times: number[] = [];
  const over = pace.keep(async () => {
    pace.begin();
    times.push(performance.now());
    if (times.length < 3) pace.again();
    else ended.abort();
    await sleep(200);
  }, ended.signal);
  await over;
  expect(times[2]! - times[0]!).toBeLessThan(900);
});

test('what is written to a table or a stream is read at once, after a time in which nobody wrote', async () => {
  const run = await running(
    shop((stack) => {
      const table = new TableV2(stack, 'Orders', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        dynamoStream: StreamViewType.NEW_IMAGE,
      });
      const stream = new Stream(stack, 'Clicks', { shardCount: 1 });
      const fn = inline(
        stack,
        'Reader',
        "exports.handler = async ({ Records }) => console.log('read', Records.length);",
      );
      fn.addEventSource(new DynamoEventSource(table, { startingPosition: StartingPosition.LATEST }));
      fn.addEventSource(new KinesisEventSource(stream, { startingPosition: StartingPosition.LATEST }));
    }),
  );
  const reads = () => run.logs('Shop/Reader').filter(({ message }) => message.includes('read')).length;
  /** Without a read for the write, it would wait for the next second. */
  const fastest = async (write: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let at = 0; at < 3; at++) {
      await run.idle();
      await sleep(200);
      const before = reads();
      await write();
      const begun = Date.now();
      while (reads() === before) await sleep(5);
      times.push(Date.now() - begun);
    }
    return Math.min(...times);
  };
  const [tables, streams] = [run.client(DynamoDBClient), run.client(KinesisClient)];
  const [TableName, StreamName] = [run.nameOf('Orders'), run.nameOf('Clicks')];
  const put = () => tables.send(new PutItemCommand({ TableName, Item: { id: { S: randomUUID() } } }));
  expect(await fastest(put)).toBeLessThan(500);
  const click = () => streams.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from('x') }));
  expect(await fastest(click)).toBeLessThan(500);
});
