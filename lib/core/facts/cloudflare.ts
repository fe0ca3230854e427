import type { Fact, Range } from './fact';

const WORKERS = 'https://developers.cloudflare.com/workers/platform/limits/';
const QUEUES = 'https://developers.cloudflare.com/queues/platform/limits/';
const CRON = 'https://developers.cloudflare.com/workers/configuration/cron-triggers/';
const D1 = 'https://developers.cloudflare.com/d1/platform/limits/';
const KV = 'https://developers.cloudflare.com/kv/platform/limits/';
const READ = '2026-11-21';

/** CPU time of one invocation on the paid plan: 30 seconds unless raised. */
export const cpuTime: Fact<Range> = {
  value: { min: 1, max: 300_000 },
  unit: 'milliseconds',
  source: WORKERS,
  read: READ,
};

/** CPU time of one invocation on the paid plan that names none. */
export const defaultCpuTime: Fact<number> = { value: 30_000, unit: 'milliseconds', source: WORKERS, read: READ };

/** Memory of an isolate. */
export const memory: Fact<number> = { value: 128, unit: 'MB', source: WORKERS, read: READ };

/** Requests that one invocation may send, on the paid plan. The free plan has 50. */
export const subrequests: Fact<number> = { value: 10_000, unit: 'requests', source: WORKERS, read: READ };

/** Variables and secrets of a Worker on the paid plan. */
export const variables: Fact<number> = { value: 128, unit: 'variables', source: WORKERS, read: READ };

/** Size of one variable or secret. */
export const variableSize: Fact<number> = { value: 5 * 1024, unit: 'bytes', source: WORKERS, read: READ };

/** Messages of one batch; 10 by default. */
export const queueBatch: Fact<Range> = { value: { min: 1, max: 100 }, unit: 'messages', source: QUEUES, read: READ };

/** How long a queue waits for a batch to fill; 5 seconds by default. */
export const queueWait: Fact<Range> = {
  value: { min: 0, max: 60_000 },
  unit: 'milliseconds',
  source: QUEUES,
  read: READ,
};

/** Retries of a message; 3 by default. After the last one it is deleted, unless there is a dead-letter queue. */
export const queueRetries: Fact<Range> = { value: { min: 0, max: 100 }, unit: 'retries', source: QUEUES, read: READ };

/** Delay of a message, when it is sent or retried. */
export const queueDelay: Fact<Range> = { value: { min: 0, max: 86_400 }, unit: 'seconds', source: QUEUES, read: READ };

/** Invocations of a consumer at once. */
export const queueConcurrency: Fact<Range> = {
  value: { min: 1, max: 250 },
  unit: 'invocations',
  source: QUEUES,
  read: READ,
};

/** How long a queue keeps a message; 4 days by default on the paid plan. */
export const queueRetention: Fact<Range> = {
  value: { min: 60, max: 1_209_600 },
  unit: 'seconds',
  source: QUEUES,
  read: READ,
};

/** Size of a message, about 100 bytes of metadata included. */
export const queueMessageSize: Fact<number> = { value: 128_000, unit: 'bytes', source: QUEUES, read: READ };

/** Fields of a cron expression: minute, hour, day of month, month, weekday, where 1 is Sunday and 7 Saturday. */
export const cronFields: Fact<number> = { value: 5, unit: 'fields', source: CRON, read: READ };

/** Cron triggers of an account on the paid plan. */
export const cronTriggers: Fact<number> = { value: 250, unit: 'triggers', source: WORKERS, read: READ };

/** Size of a D1 database on the paid plan; it cannot be raised. */
export const databaseSize: Fact<number> = { value: 10_000_000_000, unit: 'bytes', source: D1, read: READ };

/** Bound parameters of one query on D1. */
export const databaseParameters: Fact<number> = { value: 100, unit: 'parameters', source: D1, read: READ };

/** How far back a D1 database can be restored, on the paid plan. */
export const databaseRecovery: Fact<number> = { value: 30, unit: 'days', source: D1, read: READ };

/** Size of a value in KV. */
export const storeValueSize: Fact<number> = { value: 25 * 1024 * 1024, unit: 'bytes', source: KV, read: READ };

/** Writes to one key of KV. */
export const storeKeyWrites: Fact<number> = { value: 1, unit: 'writes per second', source: KV, read: READ };

/** Size of a key with its value in the storage of a SQLite-backed Durable Object. */
export const durableObjectValueSize: Fact<number> = {
  value: 2_000_000,
  unit: 'bytes',
  source: 'https://developers.cloudflare.com/durable-objects/platform/limits/',
  read: READ,
};

/** Connections that Hyperdrive opens to its origin on the paid plan. From memory: check it before relying on it. */
export const originConnections: Fact<Range> = {
  value: { min: 5, max: 100 },
  unit: 'connections',
  source: 'https://developers.cloudflare.com/hyperdrive/platform/limits/',
  read: READ,
};
