import type { LeftList } from '../claims/left-list';
import { DATA_LIMIT, type Outcome } from '../outcome';
import type { SagaData } from '../parked';
import type { Failure } from './failures';

/** What a saga knows of itself. All of it comes from operations that have ended, so that a replay comes to the same. */
export interface SagaState extends SagaData {
  /** Of which the keys of steps are made. */
  readonly key: string;
  input: unknown;
  results: Record<string, unknown>;
  items: Record<string, readonly unknown[] | LeftList>;
  outcomes: Record<string, Outcome | readonly Outcome[]>;
  /** Why it has turned round. */
  failed?: SagaFailed;
}

/** Why a saga has turned round. */
export interface SagaFailed extends Failure {
  readonly step: string;
  /** Seconds to wait until nothing that was called still runs. */
  readonly wait: number;
  /** The compensation that failed for good. */
  readonly undo?: Failure & { readonly step: string };
}

/** Whether a value is small enough to be handed to a function and to a message. */
export function fits(value: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= DATA_LIMIT;
}
