import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';
import { queueName } from './worker-options';

/** Prefix of the names of Workers that stand between a bucket and those who use it. */
const TELLER = 'lintel-bucket-';

/** A bucket's binding that does what it did, and tells queues of it as R2 does. */
const CODE = `
export default function ({ BUCKET, NAME, RULES, ...queues }) {
  async function tell(action, object) {
    const told = RULES.filter(
      ({ actions, prefix = '', suffix = '' }) =>
        actions.includes(action) && object.key.startsWith(prefix) && object.key.endsWith(suffix),
    );
    const message = { account: 'local', action, bucket: NAME, object, eventTime: new Date().toISOString() };
    await Promise.all(told.map(({ queue }) => queues[queue].send(message)));
  }
  const written = ({ key, size, etag }) => ({ key, size, eTag: etag });
  const upload = (of) => ({
    key: of.key,
    uploadId: of.uploadId,
    uploadPart: (...part) => of.uploadPart(...part),
    abort: () => of.abort(),
    async complete(parts) {
      const object = await of.complete(parts);
      await tell('CompleteMultipartUpload', written(object));
      return object;
    },
  });
  return {
    head: (key) => BUCKET.head(key),
    get: (key, options) => BUCKET.get(key, options),
    list: (options) => BUCKET.list(options),
    async put(key, value, options) {
      const object = await BUCKET.put(key, value, options);
      if (object) await tell('PutObject', written(object));
      return object;
    },
    async delete(keys) {
      await BUCKET.delete(keys);
      await Promise.all([keys].flat().map((key) => tell('DeleteObject', { key })));
    },
    createMultipartUpload: async (key, options) => upload(await BUCKET.createMultipartUpload(key, options)),
    resumeMultipartUpload: (key, id) => upload(BUCKET.resumeMultipartUpload(key, id)),
  };
}
`;

interface Rule {
  readonly actions: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** The Workers that stand before buckets with event notifications. */
export function tellers(graph: LocalGraph): readonly EngineWorker[] {
  const notifications = graph.ofKind('R2BucketEventNotification').map(({ inputs }) => ({
    bucket: String(inputs.bucketName),
    queue: queueName(graph, inputs.queueId),
    rules: inputs.rules as readonly Rule[],
  }));
  return [...new Set(notifications.map(({ bucket }) => bucket))].map((bucket) => {
    const own = notifications.filter((notification) => notification.bucket === bucket);
    return {
      name: `${TELLER}${bucket}`,
      modules: [{ type: 'ESModule', path: 'bucket.js', contents: CODE }],
      r2Buckets: { BUCKET: bucket },
      queueProducers: Object.fromEntries(own.map(({ queue }) => [queue, { queueName: queue }])),
      bindings: { NAME: bucket, RULES: own.flatMap(({ queue, rules }) => rules.map((rule) => ({ ...rule, queue }))) },
    };
  });
}

/** A Worker whose buckets tell of what is done to them. */
export function withTellers(worker: EngineWorker, all: readonly EngineWorker[]): EngineWorker {
  const told = Object.entries(worker.r2Buckets ?? {}).filter(([, bucket]) =>
    all.some(({ name }) => name === `${TELLER}${bucket}`),
  );
  if (told.length === 0) return worker;
  return {
    ...worker,
    r2Buckets: Object.fromEntries(
      Object.entries(worker.r2Buckets ?? {}).filter(([binding]) => !told.some(([name]) => name === binding)),
    ),
    wrappedBindings: Object.fromEntries(told.map(([name, bucket]) => [name, { scriptName: `${TELLER}${bucket}` }])),
  };
}
