import type { Duration } from 'aws-cdk-lib';
import type { TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { HandlerSource } from '../service-function-props';

/**
 * Does a step's work, or undoes it: a handler, which gets `{ input, results, idempotencyKey, execution }`, or a Step Functions
 * task in JSONata, whose expressions may read `$input`, `$results` and `$key`.
 */
export type SagaWork = HandlerSource | TaskStateBase;

/** One step of a saga. */
export interface SagaStep {
  /** A letter followed by up to 39 letters, digits, hyphens and underscores; unique in the saga: `charge`. */
  readonly name: string;
  /** Does the work. */
  readonly action: SagaWork;
  /**
   * Undoes it. Called when the action has completed, and when its outcome is unknown: it must accept that the action
   * never happened, and that it is called more than once.
   * @default - nothing to undo
   */
  readonly compensation?: SagaWork;
  /**
   * When to retry the action. Nothing else is retried, least of all errors that a handler throws.
   * @default - throttling and Lambda's own errors, up to 5 attempts; a task is not retried
   */
  readonly retry?: SagaRetry;
  /**
   * Time limit of an attempt: 1 second to a year. After that the outcome of the action is unknown.
   * @default - the function's timeout + 30 seconds; 10 minutes for a task; required with `waitFor`
   */
  readonly timeout?: Duration;
  /**
   * The step is skipped unless this is true: JSONata over `$input` and the `$results` of earlier steps:
   * `'{% $input.total > 0 %}'`.
   * @default - always
   */
  readonly when?: string;
  /**
   * The step ends on an answer from outside: its handler also gets `taskToken`, to be passed to `answer()` of `lintel/runtime`.
   * @default - it ends with its handler
   */
  readonly waitFor?: 'callback';
  /**
   * With `waitFor`, for machines that report progress: longest time between heartbeats, less than `timeout`. A person sends none.
   * @default - no heartbeats
   */
  readonly heartbeat?: Duration;
}

/** Steps that run in parallel. None is undone before all have ended. */
export interface SagaGroup {
  /** At least two steps. */
  readonly parallel: readonly SagaStep[];
}

/** A step for each item of a list. Nothing is undone before all have ended. */
export interface SagaEach {
  /** The list, in JSONata: `'{% $input.lines %}'`. A path that finds nothing is an error, not an empty list. */
  readonly each: string;
  /** The step for each item. Its handler also gets `item` and `index`; `results` holds `[{ index, result }]`. */
  readonly step: SagaStep;
  /** Maximum length of the list. A longer one is refused at run time, before anything is done. */
  readonly maxItems: number;
  /**
   * Concurrent items: 1 to 40.
   * @default 10
   */
  readonly concurrency?: number;
  /**
   * Passes list and results as files in the bucket of `claimCheck`, and runs items in separate executions: for lists too
   * large to travel, or whose history would be too long. Items of such a list that refused, or were not started, are
   * undone as well.
   * @default false
   */
  readonly distributed?: boolean;
}

/** Retry policy of an action. */
export interface SagaRetry {
  /**
   * Names of errors.
   * @default - throttling and Lambda's own errors
   */
  readonly errors?: readonly string[];
  /**
   * Attempts, including the first: 1 to 20.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Pause before the second attempt.
   * @default Duration.seconds(2)
   */
  readonly interval?: Duration;
  /**
   * Factor by which each further pause grows: 1 to 10.
   * @default 2
   */
  readonly backoff?: number;
  /**
   * The longest pause; more than `interval`.
   * @default Duration.minutes(1)
   */
  readonly maxDelay?: Duration;
}

/** A node of a saga. */
export type SagaNode = SagaStep | SagaGroup | SagaEach;

/** Whether it is a group. */
export function isGroup(node: SagaNode): node is SagaGroup {
  return 'parallel' in node;
}

/** Whether it is done for each item of a list. */
export function isEach(node: SagaNode): node is SagaEach {
  return 'each' in node;
}

/** The steps of a node, each with the prop it is in. */
export function stepsOf(node: SagaNode, prop: string): readonly { readonly step: SagaStep; readonly prop: string }[] {
  if (isGroup(node)) return node.parallel.map((step, index) => ({ step, prop: `${prop}.parallel.${index}` }));
  return [isEach(node) ? { step: node.step, prop: `${prop}.step` } : { step: node, prop }];
}

/** Whether work is a task of Step Functions. */
export function isTask(work: SagaWork): work is TaskStateBase {
  return typeof work === 'object' && 'toStateJson' in work;
}
