import type { EngineWorker } from './engine-worker';
import type { LocalGraph } from './local-graph';
import { queueName } from './worker-options';

/** A Worker beside those of the program: it reaches every store, and keeps what queues hold that nobody consumes. */
export const OBSERVER = 'lintel-observer';

const CODE = `
const kept = {};
export default {
  fetch(request) {
    const queue = new URL(request.url).searchParams.get('queue');
    return Response.json(kept[queue] ?? []);
  },
  queue(batch) {
    (kept[batch.queue] ??= []).push(...batch.messages.map(({ body }) => body));
  },
};
`;

/** The observer's options: every store and queue under its path, and the queues without a consumer. */
export function observerOptions(graph: LocalGraph): EngineWorker {
  const consumed = graph.ofKind('QueueConsumer').map(({ inputs }) => queueName(graph, inputs.queueId));
  const queues = graph.ofKind('Queue').map(({ inputs }) => String(inputs.queueName));
  const unconsumed = queues.filter((name) => !consumed.includes(name));
  const ids = (kind: string) => Object.fromEntries(graph.ofKind(kind).map(({ path }) => [path, path]));
  return {
    name: OBSERVER,
    modules: [{ type: 'ESModule', path: 'observer.js', contents: CODE }],
    d1Databases: ids('D1Database'),
    kvNamespaces: ids('WorkersKvNamespace'),
    r2Buckets: Object.fromEntries(graph.ofKind('R2Bucket').map(({ path, inputs }) => [path, String(inputs.name)])),
    queueProducers: Object.fromEntries(queues.map((name) => [name, { queueName: name }])),
    queueConsumers: Object.fromEntries(unconsumed.map((name) => [name, { maxBatchSize: 100, maxBatchTimeout: 0 }])),
  };
}
