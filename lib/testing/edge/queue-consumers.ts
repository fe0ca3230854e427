import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';

/** Who works on a queue, and how. */
export interface LocalConsumer {
  readonly queue: string;
  /** The Worker's name in the account. */
  readonly worker: string;
  readonly settings: NonNullable<EngineWorker['queueConsumers']>[string];
}

/**
 * The consumers of the program.
 * @param timeScale seconds of the platform that pass in one second here
 */
export function queueConsumers(graph: LocalGraph, timeScale: number): readonly LocalConsumer[] {
  return graph.ofKind('QueueConsumer').map(({ inputs }) => {
    const { batchSize, maxWaitTimeMs, maxRetries, retryDelay } = (inputs.settings ?? {}) as Record<string, number>;
    return {
      queue: queueName(graph, inputs.queueId),
      worker: String(inputs.scriptName),
      settings: {
        maxBatchSize: batchSize,
        maxBatchTimeout: (maxWaitTimeMs ?? 5000) / 1000 / timeScale,
        maxRetries,
        // Whole seconds, as the platform has them.
        retryDelay: Math.floor((retryDelay ?? 0) / timeScale),
        deadLetterQueue: inputs.deadLetterQueue as string | undefined,
      },
    };
  });
}

/** The name of the queue with an id; a queue that the program did not make is known by its id. */
export function queueName(graph: LocalGraph, id: unknown): string {
  return String(graph.ofKind('Queue').find(({ path: queue }) => queue === id)?.inputs.queueName ?? id);
}
