import type { Fact, Range } from './fact';

const WORKERS = 'https://developers.cloudflare.com/workers/platform/limits/';
const QUEUES = 'https://developers.cloudflare.com/queues/platform/limits/';
const CRON = 'https://developers.cloudflare.com/workers/configuration/cron-triggers/';
const D1 = 'https://developers.cloudflare.com/d1/platform/limits/';
const KV = 'https://developers.cloudflare.com/kv/platform/limits/';
const HYPERDRIVE = 'https://developers.cloudflare.com/hyperdrive/platform/limits/';
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

/** Connections that Hyperdrive opens to its origin on the paid plan, for one configuration. A soft limit: a pool may exceed it. */
export const originConnections: Fact<Range> = {
  value: { min: 5, max: 100 },
  unit: 'connections',
  source: HYPERDRIVE,
  read: READ,
};

/** How long Hyperdrive answers a query from its cache; 60 seconds by default. */
export const queryCacheAge: Fact<Range> = {
  value: { min: 1, max: 3_600 },
  unit: 'seconds',
  source: 'https://developers.cloudflare.com/hyperdrive/concepts/query-caching/',
  read: READ,
};

/** A database's or user's name at the origin of Hyperdrive. */
export const originNameLength: Fact<number> = { value: 63, unit: 'bytes', source: HYPERDRIVE, read: READ };

/** The name of a Worker: it is a label of a hostname on workers.dev. Queues and R2 buckets have the same limit. */
export const nameLength: Fact<number> = {
  value: 63,
  unit: 'characters',
  source: 'https://developers.cloudflare.com/workers/configuration/routing/workers-dev/',
  read: READ,
};

/**
 * The runtime's behaviour that a Worker is pinned to when it names none: the date of the runtime that the local run
 * starts, so what was tested is what runs.
 */
export const compatibilityDate: Fact<string> = {
  value: '2026-04-21',
  unit: 'date',
  source: 'https://developers.cloudflare.com/workers/configuration/compatibility-dates/',
  read: READ,
};

/** A Worker with its modules, compressed, on the paid plan. */
export const workerSize: Fact<number> = { value: 10_000_000, unit: 'bytes', source: WORKERS, read: READ };

/** Static files of one version of a Worker, on the paid plan. */
export const assetFiles: Fact<number> = { value: 100_000, unit: 'files', source: WORKERS, read: READ };

/** Size of one static file. */
export const assetSize: Fact<number> = { value: 25 * 1024 * 1024, unit: 'bytes', source: WORKERS, read: READ };

const HEADERS = 'https://developers.cloudflare.com/workers/static-assets/headers/';
const REDIRECTS = 'https://developers.cloudflare.com/workers/static-assets/redirects/';

/** Rules of a `_headers` file; the rest is left out without a word. */
export const assetHeaderRules: Fact<number> = { value: 100, unit: 'rules', source: HEADERS, read: READ };

/** One line of a `_headers` or `_redirects` file. */
export const assetRuleLine: Fact<number> = { value: 2_000, unit: 'characters', source: HEADERS, read: READ };

/** Redirects of single paths in a `_redirects` file. */
export const assetRedirects: Fact<number> = { value: 2_000, unit: 'redirects', source: REDIRECTS, read: READ };

/** Redirects with `*` and `:names` in a `_redirects` file, and those that stand below the first of them. */
export const assetRedirectPatterns: Fact<number> = { value: 100, unit: 'redirects', source: REDIRECTS, read: READ };

/** The windows that the rate limiting binding knows. Its counters are per location. */
export const rateLimitPeriods: Fact<readonly number[]> = {
  value: [10, 60],
  unit: 'seconds',
  source: 'https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/',
  read: READ,
};

/** One SQL statement on D1. */
export const databaseStatementSize: Fact<number> = { value: 100_000, unit: 'bytes', source: D1, read: READ };

/** Rules of one bucket's lifecycle. */
export const lifecycleRules: Fact<number> = {
  value: 1_000,
  unit: 'rules',
  source: 'https://developers.cloudflare.com/r2/buckets/object-lifecycles/',
  read: READ,
};

/** What can happen to an object of R2, and the actions that one event stands for. */
export const bucketEvents: Fact<Readonly<Record<'create' | 'delete', readonly string[]>>> = {
  value: {
    create: ['PutObject', 'CopyObject', 'CompleteMultipartUpload'],
    delete: ['DeleteObject'],
  },
  unit: 'actions',
  source: 'https://developers.cloudflare.com/r2/buckets/event-notifications/',
  read: READ,
};

/** Steps of one instance of a Workflow on the paid plan: 10,000 unless raised; sleeping does not count. */
export const workflowSteps: Fact<Range> = {
  value: { min: 1, max: 25_000 },
  unit: 'steps',
  source: 'https://developers.cloudflare.com/workflows/reference/limits/',
  read: READ,
};

/** The retention of a queue that names none, on the paid plan: 4 days. */
export const queueDefaultRetention: Fact<number> = { value: 345_600, unit: 'seconds', source: QUEUES, read: READ };

/** From this compatibility date on, `nodejs_compat` brings the APIs of Node.js; an older one is long outdated. */
export const oldestCompatibilityDate: Fact<string> = {
  value: '2024-09-23',
  unit: 'date',
  source: 'https://developers.cloudflare.com/workers/configuration/compatibility-flags/',
  read: READ,
};

/** Messages that are put on a queue in one call. */
export const queueSendBatch: Fact<number> = {
  value: 100,
  unit: 'messages',
  source: 'https://developers.cloudflare.com/queues/platform/limits/',
  read: '2026-11-30',
};

/** What the messages of one call have together; a KB of queues has 1000 bytes. */
export const queueSendBatchSize: Fact<number> = {
  value: 256_000,
  unit: 'bytes',
  source: 'https://developers.cloudflare.com/queues/platform/limits/',
  read: '2026-11-30',
};

/** Length of the name of an R2 bucket. */
export const bucketNameLength: Fact<Range> = {
  value: { min: 3, max: 63 },
  unit: 'characters',
  source: 'https://developers.cloudflare.com/r2/buckets/create-buckets/',
  read: '2026-11-30',
};

/** Longest name of a Workflow. */
export const workflowNameLength: Fact<number> = {
  value: 64,
  unit: 'characters',
  source: 'https://developers.cloudflare.com/workflows/reference/limits/',
  read: '2026-11-30',
};

/** Share of requests that a version of a Worker gets in a gradual deployment. */
export const deploymentShare: Fact<Range> = {
  value: { min: 0.01, max: 100 },
  unit: 'percent',
  source: 'https://developers.cloudflare.com/workers/configuration/versions-and-deployments/gradual-deployments/',
  read: '2026-11-30',
};

/** How long a consumer that says nothing else waits for a full batch. */
export const queueDefaultWait: Fact<number> = {
  value: 5000,
  unit: 'milliseconds',
  source: 'https://developers.cloudflare.com/queues/configuration/batching-retries/',
  read: '2026-11-30',
};

/** The period of a rate limit that names none. */
export const rateLimitDefaultPeriod: Fact<number> = {
  value: 60,
  unit: 'seconds',
  source: 'https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/',
  read: '2026-11-30',
};
