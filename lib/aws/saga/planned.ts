import type { Duration } from 'aws-cdk-lib';
import { functionTimeout } from '../../core/facts/lambda';
import { isUnresolved } from '../../core/unresolved';
import { timeoutOf } from '../handler-settings';
import { allGuarded } from './claims/guard';
import { partSize } from './durable/operations';
import { listIn } from './expressions';
import { longest } from './limits';
import { PASSING_ERRORS } from './outcome';
import { type PlanCall, type PlanNode, type PlanRetry, type PlanStep, type SagaPlan, UNDO_RETRY } from './plan';
import { isEach, isGroup, isTask, type SagaNode, type SagaRetry, type SagaStep, type SagaWork } from './steps';

/** Inputs of a plan. */
export interface PlanProps {
  /** The steps, as written by the user. */
  readonly steps: readonly SagaNode[];
  /** Time limit for all of them. */
  readonly timeout?: Duration;
  /** Whether a step that refused is undone as well. */
  readonly undoFailed?: boolean;
  /** Whether results may be stored in a bucket. */
  readonly claimCheck?: unknown;
  /** What runs it. */
  readonly engine?: 'step-functions' | 'durable-function';
}

/** A saga as its user wrote it, as pure data. A deadline that the steps cannot reach is dropped. */
export function planOf({ steps, timeout, undoFailed = false, claimCheck, engine }: PlanProps): SagaPlan {
  const nodes = steps.map((step, index) => {
    const node = nodeOf(step, index);
    const guards = claimCheck ? allGuarded(node) : node;
    if (node.kind !== 'each' || !node.distributed) return guards;
    // The list is read by a function that has access to the bucket.
    const distributed = { ...(guards as typeof node), items: node.items };
    return engine === 'durable-function' ? { ...distributed, part: partSize(node) } : distributed;
  });
  const free = { nodes, undoFailed, deadline: undefined };
  const deadline = timeout && seconds(timeout, Infinity);
  return deadline === undefined || deadline >= longest(free).forward ? free : { ...free, deadline };
}

/** Default number of concurrent items. */
export const CONCURRENCY = 10;

/** Allowance for a late start of a function and for its response, before its outcome counts as unknown. */
const GRACE = 30;
/** Default timeout of a Step Functions task in seconds. */
const TASK_TIMEOUT = 600;
/** Seconds until a call to an AWS API has certainly ended. */
const TASK_SETTLE = 60;

function nodeOf(node: SagaNode, index: number): PlanNode {
  if (isGroup(node)) return { kind: 'group', name: `Group ${index + 1}`, steps: node.parallel.map(stepOf) };
  const steps = [stepOf(isEach(node) ? node.step : node)] as const;
  const [{ name }] = steps;
  if (!isEach(node)) return { kind: 'step', name, steps };
  const { each: items, maxItems, concurrency = CONCURRENCY, distributed = false } = node;
  return {
    kind: 'each',
    name,
    steps,
    items: listIn(items),
    maxItems,
    concurrency: Math.max(1, Math.min(concurrency, maxItems)),
    distributed,
  };
}

function stepOf({ name, action, compensation, when, ...settings }: SagaStep): PlanStep {
  return {
    name,
    action: actionOf(action, settings),
    ...(compensation !== undefined && { compensation: callOf(compensation, UNDO_RETRY) }),
    when,
  };
}

function actionOf(action: SagaWork, settings: Pick<SagaStep, 'retry' | 'timeout' | 'waitFor' | 'heartbeat'>): PlanCall {
  const { retry, timeout, waitFor, heartbeat } = settings;
  const call = callOf(action, retryOf(retry, isTask(action) ? [] : PASSING_ERRORS));
  return {
    ...call,
    callback: waitFor === 'callback',
    timeout: timeout === undefined ? call.timeout : seconds(timeout, call.timeout),
    ...(heartbeat !== undefined && { heartbeat: seconds(heartbeat, 1) }),
  };
}

function callOf(work: SagaWork, retry: PlanRetry): PlanCall {
  if (isTask(work)) return { kind: 'task', callback: false, timeout: TASK_TIMEOUT, settle: TASK_SETTLE, retry };
  const settle = timeoutOf(work) ?? functionTimeout.value.max;
  return { kind: 'handler', callback: false, timeout: settle + GRACE, settle, retry };
}

function retryOf(retry: SagaRetry = {}, passing: readonly string[]): PlanRetry {
  return {
    errors: retry.errors ?? passing,
    attempts: (retry.errors ?? passing).length === 0 ? 1 : (retry.maxAttempts ?? 5),
    interval: retry.interval === undefined ? 2 : seconds(retry.interval, 2),
    backoff: retry.backoff ?? 2,
    maxDelay: retry.maxDelay === undefined ? 60 : seconds(retry.maxDelay, 60),
  };
}

function seconds(duration: Duration, open: number): number {
  return isUnresolved(duration) ? open : duration.toSeconds();
}
