/** The types of Cloudflare's provider that rules judge, with the older names of Workers. */
export const EDGE = {
  aiGateway: 'cloudflare:index/aiGateway:AiGateway',
  consumer: 'cloudflare:index/queueConsumer:QueueConsumer',
  cron: [
    'cloudflare:index/workersCronTrigger:WorkersCronTrigger',
    'cloudflare:index/workerCronTrigger:WorkerCronTrigger',
  ],
  customDomain: [
    'cloudflare:index/workersCustomDomain:WorkersCustomDomain',
    'cloudflare:index/workerDomain:WorkerDomain',
  ],
  database: 'cloudflare:index/d1Database:D1Database',
  bucket: 'cloudflare:index/r2Bucket:R2Bucket',
  bucketCors: 'cloudflare:index/r2BucketCors:R2BucketCors',
  managedDomain: 'cloudflare:index/r2ManagedDomain:R2ManagedDomain',
  pages: 'cloudflare:index/pagesProject:PagesProject',
  pool: 'cloudflare:index/hyperdriveConfig:HyperdriveConfig',
  queue: 'cloudflare:index/queue:Queue',
  route: ['cloudflare:index/workersRoute:WorkersRoute', 'cloudflare:index/workerRoute:WorkerRoute'],
  subdomain: 'cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain',
  token: ['cloudflare:index/accountToken:AccountToken', 'cloudflare:index/apiToken:ApiToken'],
  zoneSetting: 'cloudflare:index/zoneSetting:ZoneSetting',
  worker: ['cloudflare:index/workersScript:WorkersScript', 'cloudflare:index/workerScript:WorkerScript'],
} as const;

/** A vector index as EdgeVectors creates it: Cloudflare's provider has no type for it. */
export const VECTORS = 'pulumi-nodejs:dynamic/lintel:VectorIndex';
