import { queueDefaultWait } from '../../core/facts/cloudflare';
import type { EngineWorker } from '../engines/engine-worker';
import { delayed, type Pace } from './delays';
import type { LocalGraph } from './local-graph';

/** The consumer of a queue, and its settings. */
export interface LocalConsumer {
  readonly queue: string;
  /** The Worker's name in the account. */
  readonly worker: string;
  readonly settings: NonNullable<EngineWorker['queueConsumers']>[string];
}

/** The program's consumers that are its Workers. */
export function queueConsumers(graph: LocalGraph, pace: Pace): readonly LocalConsumer[] {
  const workers = graph.ofKind('WorkersScript').map(({ inputs }) => inputs.scriptName);
  const run = graph.ofKind('QueueConsumer').filter(({ inputs }) => workers.includes(inputs.scriptName));
  return run.map(({ inputs }) => {
    const { batchSize, maxWaitTimeMs, maxRetries, retryDelay } = (inputs.settings ?? {}) as Record<string, number>;
    return {
      queue: queueName(graph, inputs.queueId),
      worker: String(inputs.scriptName),
      settings: {
        maxBatchSize: batchSize,
        maxBatchTimeout: (maxWaitTimeMs ?? queueDefaultWait.value) / 1000 / pace.timeScale,
        maxRetries,
        retryDelay: delayed(retryDelay ?? 0, pace),
        deadLetterQueue: inputs.deadLetterQueue as string | undefined,
      },
    };
  });
}

/** The name of the queue with an id; a queue outside the program goes by id. */
export function queueName(graph: LocalGraph, id: unknown): string {
  return String(graph.ofKind('Queue').find(({ path: queue }) => queue === id)?.inputs.queueName ?? id);
}

/** Delivery delay of a queue, in seconds. */
export function deliveryDelayOf(graph: LocalGraph, queue: string): number {
  const { settings } = graph.ofKind('Queue').find(({ inputs }) => inputs.queueName === queue)?.inputs ?? {};
  return (settings as { readonly deliveryDelay?: number } | undefined)?.deliveryDelay ?? 0;
}
