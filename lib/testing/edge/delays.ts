import type { EngineWorker } from '../engines/engine-worker';
import { ownWorker } from './own-worker';

/** The time scale of a run. */
export interface Pace {
  /** Platform seconds per second here. */
  readonly timeScale: number;
  /** Maximum delay of a message, in seconds; undefined for no limit. */
  readonly maxWait?: number;
}

/** The seconds, whole as the platform has them, that a delay takes here. */
export function delayed(seconds: number, { timeScale, maxWait = Infinity }: Pace): number {
  return Math.min(Math.floor(seconds / timeScale), maxWait);
}

/**
 * A Worker with bounded delays.
 * @param beside the Workers that do so, to which those of this one are added
 */
export function withBoundedDelays(worker: EngineWorker, { maxWait }: Pace, beside: EngineWorker[]): EngineWorker {
  const { queueProducers = {}, ...rest } = worker;
  if (maxWait === undefined || Object.keys(queueProducers).length === 0) return worker;
  const wrapped = Object.entries(queueProducers).map(([name, queue]) => {
    const scriptName = `lintel-queue-${worker.name}-${name}`;
    beside.push({
      name: scriptName,
      ...ownWorker('queue'),
      queueProducers: { QUEUE: queue },
      bindings: { MOST: maxWait },
    });
    return [name, { scriptName }] as const;
  });
  return { ...rest, wrappedBindings: { ...worker.wrappedBindings, ...Object.fromEntries(wrapped) } };
}
