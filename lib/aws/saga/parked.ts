import type { LeftList } from './claims/left-list';
import type { Outcome } from './outcome';

/** The message of a parked saga: what happened, and all that is needed to go on by hand or with `resume()`. */
export interface ParkedSaga {
  /** ARN of the state machine. */
  readonly saga: string;
  readonly execution: string;
  readonly name: string;
  /** The business key, of which the keys of the steps are made. */
  readonly key: string;
  /** Why the saga turned round, and which compensation failed for good. */
  readonly failed: ParkedFailure & { readonly wait: number; readonly undo?: ParkedFailure };
  /** What became of each step; of one for each item, of each item. */
  readonly outcomes: Readonly<Record<string, Outcome | readonly Outcome[]>>;
  /** What is left to undo, in the order in which it is to be undone. */
  readonly left: readonly {
    readonly step: string;
    readonly outcome: Outcome | readonly Outcome[];
    /** The key that the action was called with; of one for each item, `:<index>` is added. */
    readonly actionKey: string;
    /** The key that the compensation is called with. */
    readonly idempotencyKey: string;
  }[];
  /** The bucket in which the values are that are too large: in their place stands `{ 'lintel:claim': '<key>' }`. */
  readonly claims?: string;
  /** What the compensations are called with; or whose history has it, where it is too large for a message. */
  readonly data: SagaData | { readonly inHistoryOf: string };
}

/** An error of a step. */
export interface ParkedFailure {
  readonly step: string;
  readonly error: string;
  /** The error's cause, as far as it fits. */
  readonly cause?: string;
}

/** What a saga carries along. */
export interface SagaData {
  /** What it was started with. */
  readonly input: unknown;
  readonly results: Readonly<Record<string, unknown>>;
  /** The lists of its steps for each item; of a distributed one, where it is in the bucket. */
  readonly items: Readonly<Record<string, readonly unknown[] | LeftList>>;
}
