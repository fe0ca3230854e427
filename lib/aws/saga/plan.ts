import { ALL } from '../../core/asl/errors';
import { PASSING_ERRORS } from './outcome';

/** A saga as pure data: what is done in which order, what is undone, and how long it may take. Every engine is made of it. */
export interface SagaPlan {
  /** What is done, in order. */
  readonly nodes: readonly PlanNode[];
  /** Whether a step that refused is undone, too. */
  readonly undoFailed: boolean;
  /** Seconds after which nothing new is begun; undefined where the steps end sooner by themselves. */
  readonly deadline: number | undefined;
}

/** One step, several at once, or one for each item of a list. */
export type PlanNode =
  | { readonly kind: 'step'; readonly name: string; readonly steps: readonly [PlanStep] }
  | { readonly kind: 'group'; readonly name: string; readonly steps: readonly PlanStep[] }
  | {
      readonly kind: 'each';
      readonly name: string;
      readonly steps: readonly [PlanStep];
      /** JSONata, with its marks. */
      readonly items: string;
      /** Most items. */
      readonly maxItems: number;
      /** Items at once. */
      readonly concurrency: number;
      /** Whether items are done by executions of their own, and the list and the results go by files. */
      readonly distributed: boolean;
      /** Most items of one such execution, where a durable function runs the saga. */
      readonly part?: number;
    };

/** A distributed list that a durable function runs: part by part, each an execution of its own. */
export type NodeInParts = PlanNode & { readonly kind: 'each'; readonly part: number };

/** Whether a node is done part by part. */
export function isInParts(node: PlanNode): node is NodeInParts {
  return node.kind === 'each' && node.part !== undefined;
}

/** The most parts of a list. */
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

/** A call of a function or of another service. */
export interface PlanCall {
  readonly kind: 'handler' | 'task';
  /** Whether somebody answers later. */
  readonly callback: boolean;
  /** Most seconds of an attempt. */
  readonly timeout: number;
  /** Most seconds between two signs of life. */
  readonly heartbeat?: number;
  /** Seconds after which what was called has ended, even where nobody waited for it. */
  readonly settle: number;
  /** When it is tried again. */
  readonly retry: PlanRetry;
}

/** When a call is tried again. */
export interface PlanRetry {
  /** Names of errors; none where it is not tried again. */
  readonly errors: readonly string[];
  /** Attempts, the first included. */
  readonly attempts: number;
  /** Seconds before the second. */
  readonly interval: number;
  /** What the pause grows by. */
  readonly backoff: number;
  /** The longest pause, in seconds. */
  readonly maxDelay: number;
}

/** The steps of lists that are distributed. */
export function distributedSteps({ nodes }: SagaPlan): readonly string[] {
  return nodes.flatMap((node) => (node.kind === 'each' && node.distributed ? [node.name] : []));
}

/** What a compensation is retried for and how often: pauses of 13.5 minutes in all, at the longest. */
export const UNDO_RETRY: PlanRetry = {
  errors: [ALL],
  attempts: 10,
  interval: 2,
  backoff: 2,
  maxDelay: 300,
};

/** How often the message of a parked saga is tried: pauses of 53 minutes in all, at the longest: more than most incidents of a queue. */
export const PARK_RETRY: PlanRetry = { errors: [ALL], attempts: 18, interval: 2, backoff: 2, maxDelay: 300 };

/** How often the list of a distributed map is read: what Lambda does now and then, and nothing else. */
export const LIST_RETRY: PlanRetry = {
  errors: PASSING_ERRORS,
  attempts: 5,
  interval: 2,
  backoff: 2,
  maxDelay: 60,
};

/** How often the manifest of a distributed map is read: pauses of a minute in all, at the longest. */
export const MANIFEST_RETRY: PlanRetry = { errors: [ALL], attempts: 6, interval: 2, backoff: 2, maxDelay: 60 };

/** The nodes in the order in which they are undone; within a group the last step first. */
export function undoOrder({ nodes }: SagaPlan): readonly { readonly node: PlanNode; readonly step: PlanStep }[] {
  return [...nodes]
    .reverse()
    .flatMap((node) => [...node.steps].reverse().map((step) => ({ node, step })))
    .filter(({ step }) => step.compensation !== undefined);
}

/** The key by which a handler knows a call that it has had before. It never changes, not even when a saga is resumed. */
export function keySuffix(step: string, work: 'action' | 'compensation', index?: number | string): string {
  return `:${step}${index === undefined ? '' : `:${index}`}${work === 'compensation' ? ':undo' : ''}`;
}
