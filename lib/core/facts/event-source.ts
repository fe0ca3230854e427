import type { Fact, Range } from './fact';

const SQS = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html';
const STREAM = 'https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html';
const READ = '2026-11-21';

/** Records of a batch from a queue without a batching window, and from a FIFO queue always. */
export const queueBatchWithoutWindow: Fact<number> = { value: 10, unit: 'messages', source: SQS, read: READ };

/** Records of a batch from a standard queue with a batching window. */
export const queueBatch: Fact<Range> = { value: { min: 1, max: 10_000 }, unit: 'messages', source: SQS, read: READ };

/** Records of a batch from a stream; the service's default is 100. */
export const streamBatch: Fact<Range> = { value: { min: 1, max: 10_000 }, unit: 'records', source: STREAM, read: READ };

/** How long a mapping gathers records; FIFO queues have no window. */
export const batchWindow: Fact<Range> = { value: { min: 0, max: 300 }, unit: 'seconds', source: SQS, read: READ };

/** `ScalingConfig.MaximumConcurrency` of a queue's mapping. */
export const maximumConcurrency: Fact<Range> = {
  value: { min: 2, max: 1000 },
  unit: 'concurrent executions',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  read: READ,
};

/** Least number of provisioned pollers of a queue's mapping. */
export const minimumPollers: Fact<Range> = { value: { min: 2, max: 200 }, unit: 'pollers', source: SQS, read: READ };

/** Greatest number of provisioned pollers of a queue's mapping; excludes `MaximumConcurrency`. */
export const maximumPollers: Fact<Range> = { value: { min: 2, max: 2000 }, unit: 'pollers', source: SQS, read: READ };

/** Batches in work at first, on a standard queue; then `pollerGrowth` more per minute. */
export const initialPollers: Fact<number> = {
  value: 5,
  unit: 'concurrent batches',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  read: READ,
};

/** Growth of the number of batches in work, on a standard queue. */
export const pollerGrowth: Fact<number> = {
  value: 300,
  unit: 'concurrent batches per minute',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
  read: READ,
};

/** Visibility timeout that AWS advises, as a multiple of the function's timeout; it rejects less than 1. */
export const visibilityFactor: Fact<number> = {
  value: 6,
  unit: 'function timeouts',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  read: READ,
};

/** Filters of one mapping. */
export const filters: Fact<number> = {
  value: 5,
  unit: 'filters',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html',
  read: READ,
};

/** Filters of one mapping after a raised quota. */
export const filtersRaised: Fact<number> = {
  value: 10,
  unit: 'filters',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html',
  read: READ,
};

/** Length of one filter's pattern. */
export const filterLength: Fact<number> = {
  value: 4096,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html',
  read: '2026-11-29',
};

/** Batches of one shard that a mapping processes at once. */
export const parallelization: Fact<Range> = {
  value: { min: 1, max: 10 },
  unit: 'batches per shard',
  source: STREAM,
  read: READ,
};

/** Retries of a failed stream batch; -1, the default, means until the record expires. */
export const streamRetries: Fact<Range> = {
  value: { min: 0, max: 10_000 },
  unit: 'retries',
  source: STREAM,
  read: READ,
};

/** Greatest age of a stream record; -1, the default, means until it expires. */
export const streamRecordAge: Fact<Range> = {
  value: { min: 60, max: 604_800 },
  unit: 'seconds',
  source: STREAM,
  read: READ,
};

/** Length of a tumbling window. */
export const tumblingWindow: Fact<Range> = { value: { min: 0, max: 900 }, unit: 'seconds', source: STREAM, read: READ };
