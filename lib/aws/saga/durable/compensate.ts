import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { keySuffix, type PlanStep } from '../plan';
import { type Attempted, attempts } from './attempts';
import type { SagaRun } from './run';
import type { SagaFailed } from './state';

/** Undoes one step, or one item. */
export function compensate(
  context: DurableContext,
  { plan, state, functions, execution }: SagaRun,
  { name, compensation }: PlanStep,
  failed: SagaFailed,
  of: { readonly item?: unknown; readonly index?: number } = {},
): Promise<Attempted> {
  const event = {
    input: state.input,
    results: state.results,
    idempotencyKey: `${state.key}${keySuffix(name, 'compensation', of.index)}`,
    actionKey: `${state.key}${keySuffix(name, 'action', of.index)}`,
    execution,
    error: failed,
    ...of,
  };
  return attempts(context, { call: compensation!, fn: functions[plan.calls[name]!.compensation!]!, event });
}

/** A branch without a result. */
export const LOST: Attempted = { ok: false, retried: false, error: 'States.BranchFailed', cause: '' };
