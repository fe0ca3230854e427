import type { LeftList } from './claims/left-list';
import type { Outcome } from './outcome';

/** The message of a parked saga: what happened, and everything needed to continue by hand or with `resume()`. */
export interface ParkedSaga {
  /** ARN of the state machine. */
  readonly saga: string;
  readonly execution: string;
  readonly name: string;
  /** The business key, from which the steps' keys are derived. */
  readonly key: string;
  /** Why the saga turned around, and which compensation failed for good. */
  readonly failed: ParkedFailure & { readonly wait: number; readonly undo?: ParkedFailure };
  /** Outcome of each step; for an `each` step, of each item. */
  readonly outcomes: Readonly<Record<string, Outcome | readonly Outcome[]>>;
  /** What is left to undo, in undo order. */
  readonly left: readonly {
    readonly step: string;
    readonly outcome: Outcome | readonly Outcome[];
    /** The key that the action was called with; for an `each` step, `:<index>` is appended. */
    readonly actionKey: string;
    /** The key that the compensation is called with. */
    readonly idempotencyKey: string;
  }[];
  /** The bucket for values that are too large, which are replaced by `{ 'lintel:claim': '<key>' }`. */
  readonly claims?: string;
  /** What the compensations are called with; or the execution whose history contains it, if too large for a message. */
  readonly data: SagaData | { readonly inHistoryOf: string };
}

/** An error of a step. */
export interface ParkedFailure {
  readonly step: string;
  readonly error: string;
  /** The error's cause, as far as it fits. */
  readonly cause?: string;
}

/** What a saga carries. */
export interface SagaData {
  /** What it was started with. */
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
  /** Lists of its `each` steps; for a distributed one, its location in the bucket. */
  readonly items: Readonly<Record<string, readonly unknown[] | LeftList>>;
}
