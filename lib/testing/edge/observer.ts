import type { EngineWorker } from './engine-worker';
import type { LocalGraph } from './local-graph';
import { queueName } from './worker-options';

/** A Worker beside those of the program: it reaches every store, and keeps what queues hold that nobody consumes. */
export const OBSERVER = 'lintel-observer';

const CODE = `
const kept = {};
export default {
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const [queue, bucket, key] = ['queue', 'bucket', 'key'].map((name) => searchParams.get(name));
    if (bucket === null) return Response.json(kept[queue] ?? []);
    await (request.method === 'PUT' ? env[bucket].put(key, await request.arrayBuffer()) : env[bucket].delete(key));
    return new Response(null);
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
    r2Buckets: Object.fromEntries(
      graph.ofKind('R2Bucket').flatMap(({ path, inputs: { name } }) => [
        [path, String(name)],
        // Reading needs no other way, and the engine hands out only bindings of its own.
        [`raw ${String(name)}`, String(name)],
      ]),
    ),
    queueProducers: Object.fromEntries(queues.map((name) => [name, { queueName: name }])),
    queueConsumers: Object.fromEntries(unconsumed.map((name) => [name, { maxBatchSize: 100, maxBatchTimeout: 0 }])),
  };
}
