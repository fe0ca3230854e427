import type { Duration } from 'aws-cdk-lib';
import type { TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import type { HandlerSource } from '../service-function-props';

/**
 * What does a step's work, or undoes it: a handler, which gets `{ input, results, idempotencyKey, execution }`, or a task of
 * Step Functions in JSONata, whose expressions may read `$input`, `$results` and `$key`.
 */
export type SagaWork = HandlerSource | TaskStateBase;

/** One step of a saga. */
export interface SagaStep {
  /** A letter, then up to 39 letters, digits, hyphens and underscores; its own in the saga: `charge`. */
  readonly name: string;
  /** What it does. */
  readonly action: SagaWork;
  /**
   * What undoes it. Called when the action has completed, and when nobody knows whether it has: it accepts that the action
   * never happened, and that it is called more than once.
   * @default - nothing needs undoing
   */
  readonly compensation?: SagaWork;
  /**
   * When the action is tried again. Nothing else is retried, least of all what a handler throws.
   * @default - throttling and errors of Lambda itself, up to 5 attempts; a task is not retried
   */
  readonly retry?: SagaRetry;
  /**
   * Most time for one attempt: 1 second to a year. After it nobody knows whether the action has happened.
   * @default - the function's timeout + 30 seconds; 10 minutes for a task; required with `waitFor`
   */
  readonly timeout?: Duration;
  /**
   * The step is skipped where this is not true: JSONata over `$input` and the `$results` of steps before it:
   * `'{% $input.total > 0 %}'`.
   * @default - always
   */
  readonly when?: string;
  /**
   * The step ends when somebody answers: its handler also gets `taskToken`, to be passed to `answer()` of `lintel/runtime`.
   * @default - it ends with its handler
   */
  readonly waitFor?: 'callback';
  /**
   * With `waitFor`, for machines that report: most time between two signs of life, less than `timeout`. A person sends none.
   * @default - none is awaited
   */
  readonly heartbeat?: Duration;
}

/** Steps that run at once. None is undone before all of them have ended. */
export interface SagaGroup {
  /** Two steps or more. */
  readonly parallel: readonly SagaStep[];
}

/** A step that is done for each item of a list. Nothing is undone before all of them have ended. */
export interface SagaEach {
  /** The list, in JSONata: `'{% $input.lines %}'`. A path by which nothing is found is an error, and no list without items. */
  readonly each: string;
  /** What is done with each item. Its handler also gets `item` and `index`; `results` holds `[{ index, result }]`. */
  readonly step: SagaStep;
  /** Most items of the list. More are refused when the saga runs, before anything is done with one. */
  readonly maxItems: number;
  /**
   * Items at once: 1 to 40.
   * @default 10
   */
  readonly concurrency?: number;
  /**
   * List and results go by files in the bucket of `claimCheck`, and items run in executions of their own: for lists that are too
   * large to travel, or whose history would be too long. What has refused of such a list, or was not begun, is
   * undone as well.
   * @default false
   */
  readonly distributed?: boolean;
}

/** When an action is tried again. */
export interface SagaRetry {
  /**
   * Names of errors.
   * @default - throttling and errors of Lambda itself
   */
  readonly errors?: readonly string[];
  /**
   * Attempts, the first included: 1 to 20.
   * @default 5
   */
  readonly maxAttempts?: number;
  /**
   * Pause before the second attempt.
   * @default Duration.seconds(2)
   */
  readonly interval?: Duration;
  /**
   * What each further pause grows by: 1 to 10.
   * @default 2
   */
  readonly backoff?: number;
  /**
   * The longest pause; more than `interval`.
   * @default Duration.minutes(1)
   */
  readonly maxDelay?: Duration;
}

/** What a saga is made of. */
export type SagaNode = SagaStep | SagaGroup | SagaEach;

/** Whether it is a group. */
export function isGroup(node: SagaNode): node is SagaGroup {
  return 'parallel' in node;
}

/** Whether it is done for each item of a list. */
export function isEach(node: SagaNode): node is SagaEach {
  return 'each' in node;
}

/** The steps of a node, each with the prop in which it stands. */
export function stepsOf(node: SagaNode, prop: string): readonly { readonly step: SagaStep; readonly prop: string }[] {
  if (isGroup(node)) return node.parallel.map((step, index) => ({ step, prop: `${prop}.parallel.${index}` }));
  return [isEach(node) ? { step: node.step, prop: `${prop}.step` } : { step: node, prop }];
}

/** Whether work is a task of Step Functions. */
export function isTask(work: SagaWork): work is TaskStateBase {
  return typeof work === 'object' && 'toStateJson' in work;
}
