import type { EngineWorker } from '../engines/engine-worker';
import { localBucket } from './bindings/r2';
import type { LocalGraph } from './local-graph';
import { ownWorker } from './own-worker';
import { queueName } from './queue-consumers';

/** Prefix of the names of Workers between a bucket and its users. */
const TELLER = 'lintel-bucket-';

interface Rule {
  readonly actions: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** The Workers in front of buckets with event notifications. */
export function tellers(graph: LocalGraph): readonly EngineWorker[] {
  const notifications = graph.ofKind('R2BucketEventNotification').map(({ inputs }) => ({
    name: String(inputs.bucketName),
    bucket: localBucket(inputs.bucketName, inputs.jurisdiction),
    queue: queueName(graph, inputs.queueId),
    rules: inputs.rules as readonly Rule[],
  }));
  return [...new Set(notifications.map(({ bucket }) => bucket))].map((bucket) => {
    const own = notifications.filter((notification) => notification.bucket === bucket);
    return {
      name: `${TELLER}${bucket}`,
      ...ownWorker('bucket'),
      r2Buckets: { BUCKET: bucket },
      queueProducers: Object.fromEntries(own.map(({ queue }) => [queue, { queueName: queue }])),
      bindings: {
        NAME: own[0]!.name,
        RULES: own.flatMap(({ queue, rules }) => rules.map((rule) => ({ ...rule, queue }))),
      },
    };
  });
}

/** A Worker whose buckets send notifications. */
export function withTellers(worker: EngineWorker, all: readonly EngineWorker[]): EngineWorker {
  const notifying = Object.entries(worker.r2Buckets ?? {}).filter(([, bucket]) =>
    all.some(({ name }) => name === `${TELLER}${bucket}`),
  );
  if (notifying.length === 0) return worker;
  return {
    ...worker,
    r2Buckets: Object.fromEntries(
      Object.entries(worker.r2Buckets ?? {}).filter(([binding]) => !notifying.some(([name]) => name === binding)),
    ),
    wrappedBindings: Object.fromEntries(
      notifying.map(([name, bucket]) => [name, { scriptName: `${TELLER}${bucket}` }]),
    ),
  };
}
