import { stepFunctions } from '../../../../../core/facts';
import type { JsonRecord } from '../../../kernel/json';
import { ExecutionEnd } from './failure';

/** One event of an execution, as the API gives it. */
export interface HistoryEvent {
  /** Seconds since the epoch, with milliseconds. */
  readonly timestamp: number;
  /** `TaskStateEntered`. */
  readonly type: string;
  /** From 1. */
  readonly id: number;
  /** The event that led to it; 0 for the first of a flow. */
  readonly previousEventId: number;
  /** The details, by a name of their own: `stateEnteredEventDetails`. */
  readonly [details: string]: unknown;
}

/** Where a flow is in the history. */
export interface Thread {
  /** The event that came before, in this flow. */
  previous: number;
}

/** What happened in an execution, in order. */
export class History {
  readonly events: HistoryEvent[] = [];
  private ended = false;

  /**
   * @param now the time, in milliseconds
   * @param limited whether it may be full: an Express execution has no such quota
   */
  constructor(
    private readonly now: () => number,
    private readonly limited: boolean,
  ) {}

  /**
   * Adds an event of a flow, which the next one of the flow follows.
   * @throws ExecutionEnd when the history is full
   */
  add(thread: Thread, type: string, details: JsonRecord = {}): number {
    const id = this.append(type, thread.previous, details);
    thread.previous = id;
    return id;
  }

  /** Adds an event beside a flow. */
  append(type: string, previous: number, details: JsonRecord = {}): number {
    // A branch that was cut off has nothing more to tell.
    if (this.ended) throw new ExecutionEnd('ABORTED');
    const limit = stepFunctions.historyEvents.value;
    if (this.limited && this.events.length >= limit - 1) {
      const cause = `The execution reached the maximum number of history events (${limit}).`;
      throw new ExecutionEnd('FAILED', 'States.Runtime', cause);
    }
    return this.put(type, previous, details);
  }

  /** Adds the last event. */
  end(type: string, previous: number, details: JsonRecord): void {
    this.put(type, previous, details);
    this.ended = true;
  }

  /** Goes on after the last event. */
  reopen(): void {
    this.ended = false;
  }

  private put(type: string, previousEventId: number, details: JsonRecord): number {
    const id = this.events.length + 1;
    // The first state of an execution follows on nothing, whatever the history begins with.
    this.events.push({ timestamp: this.now() / 1000, type, id, previousEventId, ...details });
    return id;
  }
}
