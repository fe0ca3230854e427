import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';
import { queueName } from './worker-options';

/** A Worker beside those of the program: it reaches every store, and keeps what queues hold that nobody consumes. */
export const OBSERVER = 'lintel-observer';

const CODE = `
const kept = new Map();

const ACTIONS = {
  async query({ on, sql, parameters }) {
    const statement = on.prepare(sql);
    return (await (parameters.length > 0 ? statement.bind(...parameters) : statement).all()).results;
  },
  get: ({ on, key }) => on.get(key),
  put: ({ on, key, value }) => on.put(key, value),
  send: ({ on, bodies }) => on.sendBatch(bodies.map((body) => ({ body }))),
  messages: ({ queue }) => kept.get(queue) ?? [],
  async read({ on, key }) {
    const object = await on.get(key);
    return object ? [...new Uint8Array(await object.arrayBuffer())] : null;
  },
  write: ({ on, key, content }) => on.put(key, new Uint8Array(content)),
  remove: ({ on, key }) => on.delete(key),
};

export default {
  async fetch(request, env) {
    const { action, binding, ...rest } = await request.json();
    try {
      return Response.json({ value: (await ACTIONS[action]({ on: env[binding], ...rest })) ?? null });
    } catch (error) {
      return Response.json({ error: error.message });
    }
  },
  queue(batch) {
    kept.set(batch.queue, [...(kept.get(batch.queue) ?? []), ...batch.messages.map(({ body }) => body)]);
  },
};
`;

/** What the observer is asked to do. */
export type Observation =
  | {
      readonly action: 'query';
      readonly binding: string;
      readonly sql: string;
      readonly parameters: readonly unknown[];
    }
  | { readonly action: 'get' | 'read' | 'remove'; readonly binding: string; readonly key: string }
  | { readonly action: 'put'; readonly binding: string; readonly key: string; readonly value: string }
  | { readonly action: 'write'; readonly binding: string; readonly key: string; readonly content: readonly number[] }
  | { readonly action: 'send'; readonly binding: string; readonly bodies: readonly unknown[] }
  | { readonly action: 'messages'; readonly queue: string };

/** The observer's options: every store and queue under its path, and the queues without a consumer. */
export function observerOptions(graph: LocalGraph): EngineWorker {
  const consumed = graph.ofKind('QueueConsumer').map(({ inputs }) => queueName(graph, inputs.queueId));
  const queues = graph.ofKind('Queue').map(({ path, inputs }) => ({ path, name: String(inputs.queueName) }));
  const unconsumed = queues.filter(({ name }) => !consumed.includes(name));
  const ids = (kind: string) => Object.fromEntries(graph.ofKind(kind).map(({ path }) => [path, path]));
  return {
    name: OBSERVER,
    modules: [{ type: 'ESModule', path: 'observer.js', contents: CODE }],
    d1Databases: ids('D1Database'),
    kvNamespaces: ids('WorkersKvNamespace'),
    r2Buckets: Object.fromEntries(graph.ofKind('R2Bucket').map(({ path, inputs }) => [path, String(inputs.name)])),
    queueProducers: Object.fromEntries(queues.map(({ path, name }) => [path, { queueName: name }])),
    queueConsumers: Object.fromEntries(unconsumed.map(({ name }) => [name, { maxBatchSize: 100, maxBatchTimeout: 0 }])),
  };
}
