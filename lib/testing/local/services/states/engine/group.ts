import { innerOf } from './progress';
import { innerFlowing, runFlow } from './flow';
import type { Flow } from '../../../../../core/asl/definition';
import type { JsonObject } from '../../../kernel/json';
import type { Flowing, Visit } from './visit';

/** Kinds of states whose end is recorded when they are cut off. */
const ABORTED = ['Task', 'Wait', 'Parallel', 'Map'];

/** Concurrent flows within a state, until all complete or one fails. */
export class Group {
  private readonly ending = new AbortController();
  private readonly open = new Map<Flowing, JsonObject | undefined>();
  private failed: { readonly reason: unknown } | undefined;

  /** @param visit the enclosing state */
  constructor(private readonly visit: Visit) {}

  /** A flow of the group, following an event. */
  flowing(index: number, previous: number, context?: JsonObject): Flowing {
    const signal = AbortSignal.any([this.visit.flowing.signal, this.ending.signal]);
    const progress = innerOf(this.visit.flowing.progress, index);
    return innerFlowing(this.visit, { signal, progress, previous, ...(context && { context }) });
  }

  /**
   * Runs one of them.
   * @param iteration the details of its events, for a map item
   */
  async run(flow: Flow, input: unknown, flowing: Flowing, iteration?: JsonObject): Promise<unknown> {
    const { done } = flowing.progress;
    if (done) return done.output;
    this.open.set(flowing, iteration);
    try {
      return await runFlow(flow, input, flowing, this.visit.run);
    } catch (error) {
      if (!this.failed) this.fail(error, flowing);
      throw error;
    } finally {
      this.open.delete(flowing);
    }
  }

  /**
   * Waits for all. The first failure cancels the others, but not the calls they have made.
   * @throws the first failure
   */
  async all<T>(runs: readonly Promise<T>[]): Promise<readonly T[]> {
    const settled = await Promise.allSettled(runs);
    if (this.failed) throw this.failed.reason;
    return settled.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  private fail(reason: unknown, failing: Flowing): void {
    const { history } = this.visit.run;
    const { signal, previous } = failing;
    this.failed = { reason };
    // The whole execution is ending: only its final event is recorded.
    if (signal.aborted) return;
    this.visit.flowing.previous = previous;
    const iteration = this.open.get(failing);
    if (iteration) history.append('MapIterationFailed', previous, { mapIterationFailedEventDetails: iteration });
    this.open.delete(failing);
    for (const [flowing, details] of [...this.open, [failing, undefined] as const]) {
      const type = flowing.current?.type ?? '';
      if (ABORTED.includes(type)) history.append(`${type}StateAborted`, previous);
      if (details) history.append('MapIterationAborted', previous, { mapIterationAbortedEventDetails: details });
    }
    this.ending.abort();
  }
}
