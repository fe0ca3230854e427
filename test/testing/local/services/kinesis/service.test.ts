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
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { ECHO, inline, running, shop, stopRuns } from '../../support';
import { ShardThroughput } from '../../../../../lib/testing/local/services/kinesis/throughput';

let kinesis: KinesisClient;
let StreamName: string;
/** A client that does not try again. */
let hasty: KinesisClient;
let nameOf: (id: string) => string;
beforeAll(async () => {
  const run = await running(
    shop((stack) => {
      new Stream(stack, 'Clicks', { shardCount: 1, retentionPeriod: Duration.hours(48) });
      new Stream(stack, 'Busy', { shardCount: 2 });
      new Stream(stack, 'Read', { shardCount: 1 });
      const polled = new Stream(stack, 'Polled', { shardCount: 1 });
      const reader = inline(stack, 'Reader', ECHO);
      for (const id of ['1', '2', '3', '4', '5'])
        new EventSourceMapping(stack, id, {
          target: reader,
          eventSourceArn: polled.streamArn,
          startingPosition: StartingPosition.LATEST,
        });
      polled.grantRead(reader);
    }),
  );
  kinesis = run.client(KinesisClient);
  hasty = new KinesisClient({ ...run.clientConfig, maxAttempts: 1 });
  nameOf = (id) => run.nameOf(id);
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
});

test('refuses all records of a call for one that is wrong', async () => {
  const records = ['k', 'x'.repeat(257)].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('lost') }));
  await expect(kinesis.send(new PutRecordsCommand({ StreamName, Records: records }))).rejects.toThrow('partitionKey');
  const { Records = [] } = await read(await iterator('TRIM_HORIZON'));
  expect(Records.map(({ Data }) => Buffer.from(Data!).toString())).not.toContain('lost');
});

test.each([
  ['340282366920938463463374607431768211456', 'InvalidArgumentException'],
  ['-1', 'ValidationException'],
  ['abc', 'ValidationException'],
])('refuses the hash key %s', async (ExplicitHashKey, name) => {
  const entry = { PartitionKey: 'k', Data: Buffer.from('lost'), ExplicitHashKey };
  await expect(kinesis.send(new PutRecordCommand({ StreamName, ...entry }))).rejects.toMatchObject({ name });
  await expect(kinesis.send(new PutRecordsCommand({ StreamName, Records: [entry] }))).rejects.toMatchObject({ name });
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

describe('the throughput of a shard', () => {
  let time = 0;
  const shard = (pollers = 0) =>
    new ShardThroughput(
      () => time,
      () => pollers,
    );
  const times = (count: number, what: () => boolean) => Array.from({ length: count }, what).filter(Boolean).length;
  const MIB = 1024 * 1024;

  test('takes 1,000 records in a second, and as many in the next', () => {
    const one = shard();
    expect(times(1500, () => one.write(1))).toBe(1000);
    time += 500;
    expect(times(1500, () => one.write(1))).toBe(500);
  });

  test('takes 1 MiB in a second; a larger record takes the seconds that it is worth', () => {
    const one = shard();
    expect(times(5, () => one.write(MIB / 4))).toBe(4);
    time += 1000;
    expect(one.write(10 * MIB)).toBe(true);
    time += 9000;
    expect(one.write(MIB)).toBe(false);
    time += 1000;
    expect(one.write(MIB)).toBe(true);
  });

  test('gives 5 reads and 2 MiB in a second, less what mappings and pipes poll', () => {
    expect(times(9, shardReads(shard()))).toBe(5);
    expect(times(9, shardReads(shard(3)))).toBe(2);
    expect(times(9, shardReads(shard(5)))).toBe(0);
    const one = shard();
    expect(times(9, () => one.read() && (one.gave(MIB), true))).toBe(2);
  });

  test('refuses reads for five seconds after one of 10 MiB', () => {
    const one = shard();
    expect(one.read()).toBe(true);
    one.gave(10 * MIB);
    time += 4999;
    expect(one.read()).toBe(false);
    time += 1;
    expect(one.read()).toBe(true);
  });

  const shardReads = (one: ShardThroughput) => () => one.read();
});

const put = (stream: string, keys: readonly string[], Data = Buffer.from('x')) => {
  const Records = keys.map((PartitionKey) => ({ PartitionKey, Data }));
  return hasty.send(new PutRecordsCommand({ StreamName: nameOf(stream), Records }));
};

test('refuses single records where a shard has taken its share, and takes those for another shard', async () => {
  const large = Buffer.alloc(900_000);
  const { FailedRecordCount, Records = [] } = await put('Busy', ['1', '1', '6'], large);
  const shards = new Set(Records.map(({ ShardId }) => ShardId));
  expect(shards.size).toBe(3);
  expect(FailedRecordCount).toBe(1);
  expect(Records[1]).toEqual({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: expect.stringMatching(/^Rate exceeded for shard shardId-\d+ in stream .* under account \d+\.$/),
  });
  // Records that take longer than expected find room for one a second.
  const again = new PutRecordCommand({ StreamName: nameOf('Busy'), PartitionKey: '1', Data: large });
  const many = await Promise.allSettled(Array.from({ length: 5 }, () => hasty.send(again)));
  const refused = many.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(['ProvisionedThroughputExceededException']));
});

test('refuses a sixth read in a second, and any read of a shard that five mappings poll', async () => {
  const at = async (stream: string) => {
    const shard = { StreamName: nameOf(stream), ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' } as const;
    return (await hasty.send(new GetShardIteratorCommand(shard))).ShardIterator;
  };
  const many = async (stream: string, count: number) => {
    const ShardIterator = await at(stream);
    const all = Array.from({ length: count }, () => hasty.send(new GetRecordsCommand({ ShardIterator })));
    return (await Promise.allSettled(all)).map(({ status }) => status);
  };
  // Reads that take longer than expected find more allowed.
  const reads = await many('Read', 30);
  expect(reads.slice(0, 5)).not.toContain('rejected');
  expect(reads).toContain('rejected');
  expect(new Set(await many('Polled', 2))).toEqual(new Set(['rejected']));
});
