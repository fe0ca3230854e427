import type { EngineWorker } from '../engines/engine-worker';
import { observedOptions } from './bindings/all';
import type { Pace } from './delays';
import type { LocalGraph } from './local-graph';
import { ownWorker } from './own-worker';
import { queueConsumers } from './queue-consumers';

/**
 * A Worker in addition to the program's: it has access to every store, and keeps messages of queues without consumers.
 */
export const OBSERVER = 'lintel-observer';

/** The header with the run's secret: any web page on this machine can reach the engine's port. */
export const OBSERVER_KEY = 'x-lintel-key';

/** Default retries. */
const DEFAULT_RETRIES = 2;

/** The observer's operations. */
export type Observation =
  | {
      readonly action: 'query';
      readonly binding: string;
      readonly sql: string;
      readonly parameters: readonly unknown[];
    }
  | { readonly action: 'batch'; readonly binding: string; readonly statements: readonly string[] }
  | { readonly action: 'get' | 'read' | 'remove'; readonly binding: string; readonly key: string }
  | { readonly action: 'put'; readonly binding: string; readonly key: string; readonly value: string }
  | { readonly action: 'write'; readonly binding: string; readonly key: string; readonly content: readonly number[] }
  | { readonly action: 'send'; readonly binding: string; readonly bodies: readonly unknown[] }
  | { readonly action: 'messages'; readonly queue: string }
  /** How many messages are waiting, in progress, or to be retried. */
  | { readonly action: 'pending'; readonly queues: readonly string[] }
  /** How often each Worker ran, and failed. */
  | { readonly action: 'invocations' };

/**
 * The observer's options: every store and queue under its path, and all queues. It keeps unconsumed messages, and
 * passes other batches to their consumers, so that it knows what is pending.
 * @param key what a request to it must have
 */
export function observerOptions(graph: LocalGraph, pace: Pace, key: string): EngineWorker {
  const queues = graph.ofKind('Queue').map(({ inputs }) => String(inputs.queueName));
  const consumers = queueConsumers(graph, pace);
  const kept = { maxBatchSize: 100, maxBatchTimeout: 0 };
  return {
    name: OBSERVER,
    ...ownWorker('observer'),
    compatibilityFlags: ['service_binding_extra_handlers', 'experimental'],
    bindings: {
      KEY: key,
      MOST_DELAY: pace.maxWait ?? null,
      CONSUMERS: Object.fromEntries(
        consumers.map(({ queue, worker, settings }) => [
          queue,
          { worker: bindingOf(worker), attempts: 1 + (settings.maxRetries ?? DEFAULT_RETRIES) },
        ]),
      ),
    },
    serviceBindings: Object.fromEntries(consumers.map(({ worker }) => [bindingOf(worker), { name: worker }])),
    ...observedOptions(graph),
    queueConsumers: {
      ...Object.fromEntries(queues.map((name) => [name, kept])),
      ...Object.fromEntries(consumers.map(({ queue, settings }) => [queue, settings])),
    },
  };
}

function bindingOf(worker: string): string {
  return `WORKER ${worker}`;
}
