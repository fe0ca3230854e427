import { ALL } from '../../core/asl/errors';
import { PASSING_ERRORS } from './outcome';

/** A saga as pure data: what is done in which order, what is undone, and how long it may take. Every engine is built from it. */
export interface SagaPlan {
  /** What is done, in order. */
  readonly nodes: readonly PlanNode[];
  /** Whether a step that refused is undone as well. */
  readonly undoFailed: boolean;
  /** Seconds after which nothing new starts; undefined if the steps end sooner anyway. */
  readonly deadline: number | undefined;
}

/** One step, several in parallel, or one per item of a list. */
export type PlanNode =
  | { readonly kind: 'step'; readonly name: string; readonly steps: readonly [PlanStep] }
  | { readonly kind: 'group'; readonly name: string; readonly steps: readonly PlanStep[] }
  | {
      readonly kind: 'each';
      readonly name: string;
      readonly steps: readonly [PlanStep];
      /** JSONata, with its marks. */
      readonly items: string;
      /** Maximum number of items. */
      readonly maxItems: number;
      /** Concurrent items. */
      readonly concurrency: number;
      /** Whether items are child executions, with list and results passed as files. */
      readonly distributed: boolean;
      /** Maximum items per child execution, if a durable function runs the saga. */
      readonly part?: number;
    };

/** A distributed list run by a durable function: in parts, each a separate execution. */
export type NodeInParts = PlanNode & { readonly kind: 'each'; readonly part: number };

/** Whether a node is processed in parts. */
export function isInParts(node: PlanNode): node is NodeInParts {
  return node.kind === 'each' && node.part !== undefined;
}

/** Maximum number of parts of a list. */
export function partsOf({ maxItems, part }: NodeInParts): number {
  return Math.ceil(maxItems / part);
}

export interface PlanStep {
  readonly name: string;
  readonly action: PlanCall;
  readonly compensation?: PlanCall;
  /** JSONata, with its marks. */
  readonly when?: string;
}

/** A call to a function or another service. */
export interface PlanCall {
  readonly kind: 'handler' | 'task';
  /** Whether the result arrives later through a callback. */
  readonly callback: boolean;
  /** Timeout of an attempt in seconds. */
  readonly timeout: number;
  /** Most seconds between two heartbeats. */
  readonly heartbeat?: number;
  /** Seconds until what was called has certainly ended, even if nothing waited for it. */
  readonly settle: number;
  /** Retry policy. */
  readonly retry: PlanRetry;
}

/** Retry policy of a call. */
export interface PlanRetry {
  /** Names of errors to retry; none means no retries. */
  readonly errors: readonly string[];
  /** Attempts, including the first. */
  readonly attempts: number;
  /** Seconds before the second attempt. */
  readonly interval: number;
  /** Factor by which the pause grows. */
  readonly backoff: number;
  /** Longest pause in seconds. */
  readonly maxDelay: number;
}

/** Steps of distributed lists. */
export function distributedSteps({ nodes }: SagaPlan): readonly string[] {
  return nodes.flatMap((node) => (node.kind === 'each' && node.distributed ? [node.name] : []));
}

/** Retries of a compensation: pauses of 13.5 minutes in total, at most. */
export const UNDO_RETRY: PlanRetry = {
  errors: [ALL],
  attempts: 10,
  interval: 2,
  backoff: 2,
  maxDelay: 300,
};

/** Retries of a parked saga's message: pauses of 53 minutes in total, at most: longer than most outages of a queue. */
export const PARK_RETRY: PlanRetry = { errors: [ALL], attempts: 18, interval: 2, backoff: 2, maxDelay: 300 };

/** Retries of reading a distributed map's list: transient Lambda errors only. */
export const LIST_RETRY: PlanRetry = {
  errors: PASSING_ERRORS,
  attempts: 5,
  interval: 2,
  backoff: 2,
  maxDelay: 60,
};

/** Retries of reading a distributed map's manifest: pauses of a minute in total, at most. */
export const MANIFEST_RETRY: PlanRetry = { errors: [ALL], attempts: 6, interval: 2, backoff: 2, maxDelay: 60 };

/** The nodes in undo order; within a group the last step first. */
export function undoOrder({ nodes }: SagaPlan): readonly { readonly node: PlanNode; readonly step: PlanStep }[] {
  return [...nodes]
    .reverse()
    .flatMap((node) => [...node.steps].reverse().map((step) => ({ node, step })))
    .filter(({ step }) => step.compensation !== undefined);
}

/** The key by which a handler recognises a repeated call. It never changes, not even when a saga is resumed. */
export function keySuffix(step: string, work: 'action' | 'compensation', index?: number | string): string {
  return `:${step}${index === undefined ? '' : `:${index}`}${work === 'compensation' ? ':undo' : ''}`;
}
