import type { Fact, Range } from './fact';

const READ = '2026-11-21';

/** Readers of one shard of a table's stream, before reads are throttled. */
export const tableStreamReaders: Fact<number> = {
  value: 2,
  unit: 'readers per shard',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html',
  read: READ,
};

/** Readers of one shard of a global table's stream: the replication is the other one. */
export const globalTableStreamReaders: Fact<number> = {
  value: 1,
  unit: 'readers per shard',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html',
  read: READ,
};

/** Reads per second of one Kinesis shard, shared by all readers without enhanced fan-out. */
export const kinesisReadsPerShard: Fact<number> = {
  value: 5,
  unit: 'reads per second',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
  read: READ,
};

/** Bytes that one Kinesis shard gives per second to all readers without enhanced fan-out. */
export const kinesisReadBytesPerShard: Fact<number> = {
  value: 2 * 1024 * 1024,
  unit: 'bytes per second',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
  read: '2026-11-30',
};

/** Records that one Kinesis shard takes per second. */
export const kinesisWritesPerShard: Fact<number> = {
  value: 1000,
  unit: 'records per second',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
  read: '2026-11-30',
};

/** Bytes that one Kinesis shard takes per second, partition keys included. */
export const kinesisWriteBytesPerShard: Fact<number> = {
  value: 1024 * 1024,
  unit: 'bytes per second',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html',
  read: '2026-11-30',
};

/** Consumers with enhanced fan-out of one Kinesis stream. */
export const kinesisConsumers: Fact<number> = {
  value: 20,
  unit: 'consumers per stream',
  source: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html',
  read: '2026-11-30',
};

/** The same of an on-demand stream, in an account that is switched to On-demand Advantage. */
export const kinesisAdvantageConsumers: Fact<number> = {
  value: 50,
  unit: 'consumers per stream',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html',
  read: '2026-11-30',
};

/** How long a table's stream keeps a record. */
export const tableStreamRetention: Fact<number> = {
  value: 24,
  unit: 'hours',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html',
  read: READ,
};

/** How long a Kinesis stream keeps a record; 24 hours by default. */
export const kinesisRetention: Fact<Range> = {
  value: { min: 24, max: 8760 },
  unit: 'hours',
  source: 'https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html',
  read: READ,
};
