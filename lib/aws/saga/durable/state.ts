import type { LeftList } from '../claims/left-list';
import { DATA_LIMIT, type Outcome } from '../outcome';
import type { SagaData } from '../parked';
import type { Failure } from './failures';

/** A saga's state. All of it comes from completed operations, so that a replay arrives at the same state. */
export interface SagaState extends SagaData {
  /** The key that steps' keys are derived from. */
  readonly key: string;
  input: unknown;
  results: Record<string, unknown>;
  items: Record<string, readonly unknown[] | LeftList>;
  outcomes: Record<string, Outcome | readonly Outcome[]>;
  /** Why it has turned around. */
  failed?: SagaFailed;
}

/** Why a saga has turned around. */
export interface SagaFailed extends Failure {
  readonly step: string;
  /** Seconds to wait until nothing that was called is still running. */
  readonly wait: number;
  /** The compensation that failed for good. */
  readonly undo?: Failure & { readonly step: string };
}

/** Whether a value is small enough to pass to a function and in a message. */
export function fits(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= DATA_LIMIT;
}
