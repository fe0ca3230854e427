import { type GraphResource, type ResourceGraph, SECRET_TEXT, UNKNOWN_TEXT } from '../../../lib/core/model/graph';
import { readGraph } from '../../../lib/core/model/read-graph';
import { type Model } from '../../../lib/core/model/model';
import { type Changes, describeMistakes } from './faults';

const resource = (
  type: string,
  name: string,
  inputs: object,
  options: object = {},
  secrets: string[] = [],
): GraphResource => ({
  type: `cloudflare:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name,
  inputs: inputs as GraphResource['inputs'],
  dependsOn: [],
  secrets,
  options: options as GraphResource['options'],
});

const base: Readonly<Record<string, GraphResource>> = {
  worker: resource('WorkersScript', 'worker', {
    scriptName: 'shop',
    compatibilityDate: '2026-04-21',
    observability: { enabled: true },
    limits: { cpuMs: 30_000 },
    bindings: [
      { type: 'plain_text', name: 'STAGE', text: 'test' },
      { type: 'secret_text', name: 'TOKEN', text: SECRET_TEXT },
      { type: 'durable_object_namespace', name: 'ROOM', className: 'ChatRoom' },
    ],
    migrations: { newTag: 'v1', steps: [{ newSqliteClasses: ['ChatRoom'] }] },
  }),
  subdomain: resource('WorkersScriptSubdomain', 'subdomain', {
    scriptName: 'shop',
    enabled: false,
    previewsEnabled: false,
  }),
  route: resource('WorkersRoute', 'route', { zoneId: 'zone', pattern: 'example.com/*', script: 'shop' }),
  cron: resource('WorkersCronTrigger', 'cron', { scriptName: 'shop', schedules: [{ cron: '0 3 * * *' }] }),
  queue: resource('Queue', 'queue', { queueName: 'jobs', settings: { messageRetentionPeriod: 86_400 } }),
  consumer: resource('QueueConsumer', 'consumer', {
    queueId: '${cloudflare:index/queue:Queue::queue.queueId}',
    scriptName: 'shop',
    type: 'worker',
    deadLetterQueue: 'jobs-dead',
    settings: { batchSize: 100, maxWaitTimeMs: 60_000, maxRetries: 5, retryDelay: 30 },
  }),
  database: resource('D1Database', 'database', { name: 'shop' }, { protect: true }),
  bucket: resource('R2Bucket', 'bucket', { name: 'files' }, { retainOnDelete: true }),
  domain: resource('R2ManagedDomain', 'domain', { bucketName: 'files', enabled: false }),
  pool: resource(
    'HyperdriveConfig',
    'pool',
    { name: 'pool', origin: { host: 'db.example.com', user: 'u', password: 'x' } },
    {},
    ['origin.password'],
  ),
};

/** The graph with inputs changed (`worker.limits.cpuMs`), options too (`database!options`). */
function graphWith(changes: Changes): Model {
  const resources = structuredClone(base) as unknown as Record<string, Record<string, unknown>>;
  for (const [path, value] of Object.entries(changes)) {
    const [place = '', ...names] = path.split('.');
    const [name = '', part = 'inputs'] = place.split('!');
    let holder = resources[name] as Record<string, unknown>;
    for (const step of [part, ...names].slice(0, -1)) holder = holder[step] as Record<string, unknown>;
    holder[[part, ...names].at(-1)!] = value;
  }
  const graph = { resources: Object.values(resources), outputs: {} };
  return readGraph(JSON.parse(JSON.stringify(graph)) as ResourceGraph, { name: 'shop/test' });
}

describe('Cloudflare', () => {
  describeMistakes(graphWith, [
    {
      rule: 'EdgeQueueDeadLetterQueue',
      mistake: 'a consumer that deletes what fails',
      change: { 'consumer.deadLetterQueue': undefined },
      message: 'deletes a message after its last retry',
      openButFine: { 'consumer.deadLetterQueue': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeQueueDeadLetterQueue',
      mistake: 'a queue that is its own dead-letter queue',
      change: { 'consumer.deadLetterQueue': 'jobs' },
      message: 'names the queue itself for its dead letters',
    },
    {
      rule: 'EdgeQueueSettings',
      mistake: 'a batch of 500',
      change: { 'consumer.settings.batchSize': 500 },
      message: 'asks for 500 messages, outside 1 to 100',
      open: { 'consumer.settings.batchSize': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeQueueSettings',
      mistake: 'a delay in milliseconds',
      change: { 'consumer.settings.retryDelay': 120_000 },
      message: 'asks for 120000 seconds, outside 0 to 86400',
    },
    {
      rule: 'EdgePlaintextSecret',
      mistake: 'a key in a plain_text binding',
      change: { 'worker.bindings.0.text': 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' },
      message: 'has a Stripe key in the clear in STAGE',
      openButFine: { 'worker.bindings.0.text': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgePlaintextSecret',
      mistake: 'a secret_text that is no Pulumi secret',
      change: { 'worker.bindings.1.text': 'hunter2' },
      message: 'has the secret TOKEN in the state in the clear',
    },
    {
      rule: 'EdgePoolPassword',
      mistake: 'a database password in the state',
      change: { 'pool!secrets': [] },
      message: 'has its password in the clear',
      openButFine: { 'pool!secrets': [], 'pool.origin.password': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeCompatibilityDate',
      mistake: 'a Worker without a compatibility date',
      change: { 'worker.compatibilityDate': undefined },
      message: 'has no compatibility date',
      open: { 'worker.compatibilityDate': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeCompatibilityDate',
      mistake: 'a Worker of 2022',
      change: { 'worker.compatibilityDate': '2022-01-01' },
      message: 'has the compatibility date 2022-01-01, before 2024-09-23',
    },
    {
      rule: 'EdgeWorkersDev',
      mistake: 'a second address on workers.dev',
      change: { 'subdomain.enabled': true },
      message: 'answers on workers.dev beside its domain',
      openButFine: { 'subdomain.enabled': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeWorkersDev',
      mistake: 'previews for everybody',
      change: { 'subdomain.previewsEnabled': true },
      message: 'shows its previews to everybody',
    },
    {
      rule: 'EdgeProtection',
      mistake: 'a database that a rename deletes',
      change: { 'database!options': {} },
      message: 'is deleted with its data when it is renamed or removed',
    },
    {
      rule: 'EdgeObservability',
      mistake: 'a Worker without logs',
      change: { 'worker.observability': undefined },
      message: 'keeps no logs',
      open: { 'worker.observability.enabled': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeDurableObjectMigration',
      mistake: 'a class that no migration makes',
      change: { 'worker.migrations': undefined },
      message: 'binds the class ChatRoom, which no migration makes',
      open: { 'worker.migrations': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeCron',
      mistake: 'Sunday as 0',
      change: { 'cron.schedules': [{ cron: '0 3 * * 0' }] },
      message: "which has '0' for its day of week",
      openButFine: { 'cron.schedules': [{ cron: UNKNOWN_TEXT }] },
    },
    {
      rule: 'EdgeCron',
      mistake: 'a day that does not exist',
      change: { 'cron.schedules': [{ cron: '0 3 31 2 *' }] },
      message: 'and never fires',
    },
    {
      rule: 'EdgePublicBucket',
      mistake: 'a bucket for everybody',
      change: { 'domain.enabled': true },
      message: 'shows every object to everybody',
      open: { 'domain.enabled': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeWorkerLimits',
      mistake: 'ten minutes of CPU time',
      change: { 'worker.limits.cpuMs': 600_000 },
      message: 'asks for 600000 ms of CPU time',
      open: { 'worker.limits.cpuMs': UNKNOWN_TEXT },
    },
    {
      rule: 'EdgeWorkerLimits',
      mistake: 'a variable of 6 KB',
      change: { 'worker.bindings.0.text': 'word '.repeat(1230) },
      message: 'has 6150 bytes in STAGE',
    },
  ]);
});
