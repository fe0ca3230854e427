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

test('a stream that nobody writes to is read once a second, and soon after a write or an answer that had records', async () => {
  const given = { writes: 0 };
  const state = reading(given);
  await sleep(300);
  const first = state.reads;
  await sleep(500);
  expect(state.reads - first).toBeLessThanOrEqual(1);

  for (const happens of [() => given.writes++, () => state.pace.again()]) {
    const before = state.reads;
    happens();
    await sleep(80);
    expect(state.reads).toBeGreaterThan(before);
    await sleep(200);
  }

  const last = state.reads;
  await sleep(1300);
  expect(state.reads - last).toBeGreaterThanOrEqual(1);
  expect(state.reads - last).toBeLessThanOrEqual(2);
  state.stop();
  await state.over;
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
