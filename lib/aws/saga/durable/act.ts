import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { keySuffix, type PlanStep } from '../plan';
import { attempts } from './attempts';
import { isWanted } from './evaluate';
import { type Failure, isUnknown } from './failures';
import type { SagaRun } from './run';

/** Outcome of one step, or of one item. */
export type Done =
  | { readonly outcome: 'completed'; readonly result?: unknown; readonly large?: true }
  | { readonly outcome: 'skipped' }
  | ({ readonly outcome: 'refused' | 'unknown' } & Failure);

/** An expression error, named as in the other engine. */
export const EXPRESSION = 'States.QueryEvaluationError';
/** A failing branch ends none of the others: what they had started would take effect after the undo. */
export const ALL = { completionConfig: { toleratedFailurePercentage: 100 } };

/** Runs one step, and returns its outcome. */
export async function act(
  context: DurableContext,
  { plan, state, functions, execution, over }: SagaRun,
  { name, action, when }: PlanStep,
  of: { readonly item?: unknown; readonly index?: number } = {},
): Promise<Done> {
  if (when !== undefined) {
    const applies = await context.step(`${name} wanted?`, () => orFailure(() => isWanted(when, state)), ONCE);
    if ('error' in applies) return { outcome: 'unknown', ...applies };
    if (!applies.value) return { outcome: 'skipped' };
  }
  const event = {
    input: state.input,
    results: state.results,
    idempotencyKey: `${state.key}${keySuffix(name, 'action', of.index)}`,
    execution,
    ...of,
  };
  const fn = functions[plan.calls[name]!.action]!;
  const ended = await attempts(context, { call: action, fn, event, over });
  if (ended.ok) {
    const { ok: _, ...result } = ended;
    return { outcome: 'completed', ...result };
  }
  const { error, cause, retried } = ended;
  // After a retry, what an earlier attempt did is unknown.
  return { outcome: retried || isUnknown(error) ? 'unknown' : 'refused', error, cause };
}

/** Our own steps never throw: failures are part of their result. */
export const ONCE = { retryStrategy: () => ({ shouldRetry: false }) };

/** A branch without a result. */
export const LOST: Done = { outcome: 'unknown', error: 'States.BranchFailed', cause: '' };

/** The result of one of our own steps, or why it failed. */
export async function orFailure<T>(work: () => Promise<T>): Promise<{ readonly value: T } | Failure> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: EXPRESSION, cause: error instanceof Error ? error.message : JSON.stringify(error) };
  }
}
