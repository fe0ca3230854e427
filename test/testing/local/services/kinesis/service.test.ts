import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  type ShardIteratorType,
} from '@aws-sdk/client-kinesis';
import { Duration } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { running, shop, stopRuns } from '../../support';

let kinesis: KinesisClient;
let StreamName: string;
beforeAll(async () => {
  const run = await running(
    shop((stack) => void new Stream(stack, 'Clicks', { shardCount: 1, retentionPeriod: Duration.hours(48) })),
  );
  kinesis = run.client(KinesisClient);
  StreamName = run.nameOf('Clicks');
  for (const data of ['a', 'b']) {
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(data) }));
  }
});
afterAll(stopRuns);

const iterator = async (ShardIteratorType: ShardIteratorType, rest: object = {}) => {
  const shard = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType, ...rest };
  return (await kinesis.send(new GetShardIteratorCommand(shard))).ShardIterator;
};
const read = (ShardIterator: string | undefined, Limit?: number) =>
  kinesis.send(new GetRecordsCommand({ ShardIterator, ...(Limit !== undefined && { Limit }) }));

test('reads from the first record on, some at a time', async () => {
  const first = await read(await iterator('TRIM_HORIZON'), 1);
  const second = await read(first.NextShardIterator);
  const texts = [first, second].map(({ Records = [] }) => Records.map(({ Data }) => Buffer.from(Data!).toString()));
  expect(texts).toEqual([['a'], ['b']]);
  expect((await read(second.NextShardIterator)).Records).toEqual([]);
});

test.each([
  ['no iterator', undefined, undefined, 'ValidationException'],
  ['an empty iterator', '', undefined, 'ValidationException'],
  ['an iterator that is none', 'nonsense', undefined, 'InvalidArgumentException'],
  ['too many records', 'own', 10_001, 'ValidationException'],
])('refuses %s', async (_, given, limit, name) => {
  const own = given === 'own' ? await iterator('LATEST') : given;
  await expect(read(own, limit)).rejects.toMatchObject({ name });
});

test('refuses more than 10 MiB at once', async () => {
  const record = { PartitionKey: 'k', Data: Buffer.alloc(1024 * 1024 - 1) };
  const many = (count: number) =>
    kinesis.send(new PutRecordsCommand({ StreamName, Records: Array.from({ length: count }, () => record) }));
  await expect(many(11)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  expect((await many(10)).FailedRecordCount).toBe(0);
});

test('refuses an iterator that is older than five minutes', async () => {
  const own = Buffer.from((await iterator('LATEST'))!, 'base64').toString();
  const old = Buffer.from(own.replace(/"made":(\d+)/, (_, made) => `"made":${Number(made) - 301_000}`)).toString(
    'base64',
  );
  await expect(read(old)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
});

test.each([
  ['AT_SEQUENCE_NUMBER', 'InvalidArgumentException'],
  ['AT_TIMESTAMP', 'InvalidArgumentException'],
  ['FROM_NOW', 'ValidationException'],
])('refuses a place that is not said: %s', async (type, name) => {
  await expect(iterator(type as ShardIteratorType)).rejects.toMatchObject({ name });
});
