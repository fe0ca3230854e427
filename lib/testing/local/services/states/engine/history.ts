import { stepFunctions } from '../../../../../core/facts';
import type { JsonObject } from '../../../kernel/json';
import { ExecutionEnd } from './failure';

/** A history event, in API form. */
export interface HistoryEvent {
  /** Seconds since the epoch, with milliseconds. */
  readonly timestamp: number;
  /** `TaskStateEntered`. */
  readonly type: string;
  /** From 1. */
  readonly id: number;
  /** The event that led to it; 0 for the first of a flow. */
  readonly previousEventId: number;
  /** The details, named by event type: `stateEnteredEventDetails`. */
  readonly [details: string]: unknown;
}

/** A flow's position in the history. */
export interface Thread {
  /** The id of the flow's latest event. */
  previous: number;
}

/** What happened in an execution, in order. */
export class History {
  readonly events: HistoryEvent[] = [];
  private ended = false;

  /**
   * @param now the time, in milliseconds
   * @param limited whether the event quota applies: not for Express executions
   */
  constructor(
    private readonly now: () => number,
    private readonly limited: boolean,
  ) {}

  /**
   * Adds an event to a flow.
   * @throws ExecutionEnd when the history is full
   */
  add(thread: Thread, type: string, details: JsonObject = {}): number {
    const id = this.append(type, thread.previous, details);
    thread.previous = id;
    return id;
  }

  /** Adds an event without advancing a flow. */
  append(type: string, previous: number, details: JsonObject = {}): number {
    // A cancelled branch records no further events.
    if (this.ended) throw new ExecutionEnd('ABORTED');
    const limit = stepFunctions.historyEvents.value;
    if (this.limited && this.events.length >= limit - 1) {
      const cause = `The execution reached the maximum number of history events (${limit}).`;
      throw new ExecutionEnd('FAILED', 'States.Runtime', cause);
    }
    return this.put(type, previous, details);
  }

  /** Adds the last event. */
  end(type: string, previous: number, details: JsonObject): void {
    this.put(type, previous, details);
    this.ended = true;
  }

  /** Reopens the history for a redrive. */
  reopen(): void {
    this.ended = false;
  }

  private put(type: string, previousEventId: number, details: JsonObject): number {
    const id = this.events.length + 1;
    // The first state's previous event id is 0, whatever comes before it in the history.
    this.events.push({ timestamp: this.now() / 1000, type, id, previousEventId, ...details });
    return id;
  }
}
