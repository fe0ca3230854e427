// How the kinds of resources behave where the engine or a program can tell: what they require, what replaces them, what
// the cloud adds, and what it refuses.

/**
 * @typedef {import('./cloud.mjs').Cloud} Cloud
 * @typedef {import('./cloud.mjs').Properties} Properties
 * @typedef {object} Kind
 * @property {string[]} required inputs without which nothing is created
 * @property {string[]} [replaces] inputs whose change makes another resource
 * @property {string} [id] the input that is the id; otherwise the cloud makes one up
 * @property {(inputs: Properties, id: string, cloud: Cloud) => Properties} [computed] outputs that are no inputs
 * @property {(inputs: Properties, before: Properties | undefined, cloud: Cloud) => Properties} [apply] what only the cloud
 *   knows afterwards; throws what the cloud refuses
 * @property {(properties: Properties, cloud: Cloud) => void} [remove] throws when it cannot go
 */

/** @type {Record<string, Kind>} */
export const KINDS = {
  AccountToken: { required: ['name', 'policies'], computed: (_, id) => ({ value: `token-${id}` }) },
  AiGateway: {
    required: [
      'accountId',
      'aiGatewayId',
      'cacheInvalidateOnUpdate',
      'cacheTtl',
      'collectLogs',
      'rateLimitingInterval',
      'rateLimitingLimit',
    ],
    replaces: ['accountId', 'aiGatewayId'],
    id: 'aiGatewayId',
  },
  D1Database: {
    required: ['accountId', 'name'],
    replaces: ['accountId', 'name', 'jurisdiction', 'primaryLocationHint'],
    computed: (_, id) => ({ uuid: id, version: 'production' }),
  },
  HyperdriveConfig: { required: ['accountId', 'name', 'origin'], replaces: ['accountId'] },
  Queue: { required: ['accountId', 'queueName'], replaces: ['accountId'], computed: (_, id) => ({ queueId: id }) },
  QueueConsumer: {
    required: ['accountId', 'queueId'],
    replaces: ['accountId', 'queueId'],
    computed: (_, id) => ({ consumerId: id }),
  },
  R2Bucket: {
    required: ['accountId', 'name'],
    replaces: ['accountId', 'name', 'location', 'jurisdiction'],
    id: 'name',
  },
  R2BucketEventNotification: { required: ['accountId', 'bucketName', 'queueId'] },
  R2BucketLifecycle: { required: ['accountId', 'bucketName'] },
  Worker: { required: ['accountId', 'name'], replaces: ['accountId', 'name'], id: 'name', remove: removeVersions },
  WorkerVersion: {
    required: ['accountId', 'workerId'],
    replaces: ['accountId', 'bindings', 'compatibilityDate', 'mainModule', 'modules', 'placement', 'workerId'],
    computed: (_, id) => ({ urls: [`https://${id}.example.com`] }),
  },
  WorkersDeployment: {
    required: ['accountId', 'scriptName', 'strategy', 'versions'],
    replaces: ['accountId', 'scriptName', 'strategy', 'versions'],
    computed: (_inputs, _id, cloud) => ({ createdOn: String(cloud.log().length).padStart(9, '0') }),
  },
  Workflow: {
    required: ['accountId', 'className', 'scriptName', 'workflowName'],
    replaces: ['accountId', 'workflowName'],
    id: 'workflowName',
  },
  WorkersCronTrigger: {
    required: ['accountId', 'scriptName', 'schedules'],
    replaces: ['scriptName'],
    id: 'scriptName',
  },
  WorkersCustomDomain: { required: ['accountId', 'hostname', 'service'], replaces: ['accountId', 'hostname'] },
  WorkersKvNamespace: { required: ['accountId', 'title'], replaces: ['accountId'] },
  WorkersRoute: { required: ['zoneId', 'pattern'], replaces: ['zoneId'] },
  WorkersScript: {
    required: ['accountId', 'scriptName'],
    replaces: ['accountId', 'scriptName'],
    id: 'scriptName',
    apply: uploadWorker,
  },
  WorkersScriptSubdomain: { required: ['accountId', 'scriptName', 'enabled'], id: 'scriptName' },

  Bucket: {
    required: [],
    replaces: ['bucket'],
    computed: ({ bucket }, id) => ({
      bucket: bucket ?? `bucket-${id}`,
      arn: `arn:aws:s3:::${bucket ?? `bucket-${id}`}`,
      bucketRegionalDomainName: `${bucket ?? `bucket-${id}`}.s3.eu-west-1.amazonaws.com`,
    }),
    remove: emptyBucket,
  },
  BucketObjectv2: { required: ['bucket', 'key'], replaces: ['bucket', 'key'] },
  BucketPolicy: { required: ['bucket', 'policy'], replaces: ['bucket'] },
  BucketPublicAccessBlock: { required: ['bucket'], replaces: ['bucket'] },
  Stack: { required: ['name'], replaces: ['name'], apply: deployTemplate, computed: stackOutputs },
};

/**
 * A Worker goes with its versions and deployments, which go by nothing else.
 * @param {Properties} properties
 * @param {Cloud} cloud
 */
function removeVersions({ name }, cloud) {
  for (const kind of ['WorkerVersion', 'WorkersDeployment']) {
    for (const [id, { properties }] of cloud.all(kind)) {
      if ([properties.workerId, properties.scriptName].includes(name)) cloud.remove(kind, id);
    }
  }
}

/**
 * Durable Object migrations, as the platform takes them: only from the tag that is live.
 * @param {Properties} inputs
 * @param {Properties | undefined} before
 */
function uploadWorker({ scriptName, migrations }, before) {
  const live = before?.migrationTag;
  const uploads = (before?.uploads ?? 0) + 1;
  if (!migrations) return { migrationTag: live, uploads, migrated: before?.migrated ?? [] };
  if ((migrations.oldTag ?? undefined) !== live) {
    throw new Error(`Migration tag precondition failed; current tag is '${live ?? ''}' [code: 10079] (${scriptName})`);
  }
  return {
    migrationTag: migrations.newTag,
    uploads,
    migrated: [...(before?.migrated ?? []), ...(migrations.steps ?? [])],
  };
}

/**
 * CloudFormation reads the template and every object that it names, at the moment of the deployment.
 * @param {Properties} inputs
 * @param {Properties | undefined} before
 * @param {Cloud} cloud
 */
function deployTemplate(inputs, before, cloud) {
  const template = templateOf(inputs, cloud);
  for (const key of JSON.stringify(template).match(/[0-9a-f]{64}\.[a-z0-9]+/g) ?? []) {
    const bucket = inputs.parameters?.LintelAssetBucket;
    if (!objectIn(bucket, key, cloud)) throw new Error(`S3 error: The specified key does not exist: ${bucket}/${key}`);
  }
  return { updates: (before?.updates ?? 0) + 1, resources: Object.keys(template.Resources ?? {}) };
}

/** @param {Properties} inputs @param {string} id @param {Cloud} cloud */
function stackOutputs(inputs, id, cloud) {
  const outputs = Object.keys(templateOf(inputs, cloud).Outputs ?? {});
  return {
    outputs: Object.fromEntries(
      outputs.map((name) => [name, `https://${name.toLowerCase()}-${id.slice(0, 8)}.example.com`]),
    ),
  };
}

/** @param {Properties} inputs @param {Cloud} cloud @returns {Properties} */
function templateOf({ templateBody, templateUrl }, cloud) {
  if (typeof templateBody === 'string') return JSON.parse(templateBody);
  const { hostname = '', pathname = '' } = URL.canParse(String(templateUrl)) ? new URL(String(templateUrl)) : {};
  const object = objectIn(hostname.split('.')[0], pathname.slice(1), cloud);
  if (!object) throw new Error(`S3 error: there is no template at ${templateUrl}`);
  return JSON.parse(object.content);
}

/** @param {unknown} bucket @param {string} key @param {Cloud} cloud */
function objectIn(bucket, key, cloud) {
  return cloud
    .all('BucketObjectv2')
    .map(([, { properties }]) => properties)
    .find((object) => object.bucket === bucket && object.key === key);
}

/** @param {Properties} properties @param {Cloud} cloud */
function emptyBucket({ bucket, forceDestroy }, cloud) {
  const full = cloud.all('BucketObjectv2').some(([, { properties }]) => properties.bucket === bucket);
  if (full && forceDestroy !== true) throw new Error(`BucketNotEmpty: ${bucket}`);
}

/**
 * Functions of the providers, by the last part of their token.
 * @type {Record<string, (args: Properties, cloud: Cloud) => Properties>}
 */
export const FUNCTIONS = {
  getWorkersScripts: (_, cloud) => ({
    results: [...cloud.all('WorkersScript'), ...cloud.all('Worker')].map(([id, { hidden }]) => ({
      id,
      migrationTag: hidden.migrationTag,
    })),
  }),
  getWorkersDeployments: ({ scriptName }, cloud) => ({
    results: cloud
      .all('WorkersDeployment')
      .filter(([, { properties }]) => properties.scriptName === scriptName)
      .map(
        ([
          id,
          {
            properties: { createdOn, versions },
          },
        ]) => ({ deployments: [{ id, createdOn, versions }] }),
      ),
  }),
  getAccountApiTokenPermissionGroupsList: () => ({
    results: ['D1 Read', 'D1 Write', 'Workers Scripts Write', 'Queues Read', 'Queues Write'].map((name) => ({
      id: name.toLowerCase().replaceAll(' ', '-'),
      name,
      scopes: ['com.cloudflare.api.account'],
    })),
  }),
  getBucket: ({ bucket }) => ({ bucketRegionalDomainName: `${bucket}.s3.eu-west-1.amazonaws.com` }),
};
