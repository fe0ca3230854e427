import type { Model } from '../../../../lib/core/model/model';
import { readGraph } from '../../../../lib/core/model/read-graph';
import { type GraphResource, type ResourceGraph, SECRET_TEXT } from '../../../../lib/core/model/graph';
import { VECTORS } from '../../../../lib/rules/lookups/edge-types';
import type { Changes } from '../faults';

export const resource = (
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

export const base: Readonly<Record<string, GraphResource>> = {
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
  gateway: resource('AiGateway', 'gateway', {
    aiGatewayId: 'models',
    authentication: true,
    cacheInvalidateOnUpdate: true,
    cacheTtl: 0,
    collectLogs: false,
    rateLimitingInterval: 0,
    rateLimitingLimit: 0,
  }),
  vectors: { ...resource('VectorIndex', 'vectors', { indexName: 'docs' }, { protect: true }), type: VECTORS },
  domain: resource('R2ManagedDomain', 'domain', { bucketName: 'files', enabled: false }),
  cors: resource('R2BucketCors', 'cors', {
    bucketName: 'files',
    rules: [{ allowed: { origins: ['*'], methods: ['GET', 'HEAD'] } }],
  }),
  pages: resource('PagesProject', 'pages', {
    deploymentConfigs: { production: { envVars: { STAGE: { type: 'plain_text', value: 'live' } } } },
  }),
  tls: resource('ZoneSetting', 'tls', { zoneId: 'zone', settingId: 'ssl', value: 'strict' }),
  oldest: resource('ZoneSetting', 'oldest', { zoneId: 'zone', settingId: 'min_tls_version', value: '1.2' }),
  token: resource('AccountToken', 'token', {
    name: 'ci',
    policies: [
      { effect: 'allow', permissionGroups: [{ id: 'g' }], resources: '{"com.cloudflare.api.account.a1":"*"}' },
    ],
  }),
  pool: resource(
    'HyperdriveConfig',
    'pool',
    { name: 'pool', origin: { host: 'db.example.com', user: 'u', password: 'x' } },
    {},
    ['origin.password'],
  ),
};

/** The graph with inputs changed (`worker.limits.cpuMs`), options too (`database!options`). */
export function graphWith(changes: Changes): Model {
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
