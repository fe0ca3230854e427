import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { DEADLINE, type Outcome, TOO_LARGE } from '../outcome';
import { keySuffix, type PlanNode, type PlanStep } from '../plan';
import { attempts } from './attempts';
import { isWanted, listOf } from './evaluate';
import { type Failure, isUnknown } from './failures';
import type { SagaRun } from './run';
import { fits, type SagaFailed } from './state';

/** What became of one step, or of one item. */
type Done =
  | { readonly outcome: 'completed'; readonly result?: unknown; readonly large?: true }
  | { readonly outcome: 'skipped' }
  | ({ readonly outcome: 'refused' | 'unknown' } & Failure);

/** An error of an expression, as the other engine names it. */
const EXPRESSION = 'States.QueryEvaluationError';
/** A failing branch ends none of the others: what they have begun would take effect after the undo. */
const ALL = { completionConfig: { toleratedFailurePercentage: 100 } };

/** Does the steps in order, until one does not succeed. */
export async function forward(context: DurableContext, run: SagaRun): Promise<SagaFailed | undefined> {
  for (const [index, node] of run.plan.nodes.entries()) {
    const late = index > 0 && (await isLate(context, run, node));
    if (late) return { step: node.name, error: DEADLINE, cause: 'The time of the saga was over', wait: 0 };
    const failed = node.kind === 'each' ? await each(context, run, node) : await together(context, run, node);
    if (failed) return failed;
  }
  return undefined;
}

/** Nothing is begun after the deadline. */
async function isLate(context: DurableContext, { over }: SagaRun, { name }: PlanNode): Promise<boolean> {
  if (over === undefined) return false;
  return context.step(`${name} in time?`, async () => over.now, ONCE);
}

/** A step alone, or several at once. All of them end before anything is undone. */
async function together(
  context: DurableContext,
  run: SagaRun,
  { kind, name, steps }: PlanNode,
): Promise<SagaFailed | undefined> {
  const { state } = run;
  const [alone] = steps as readonly [PlanStep];
  const work = (step: PlanStep) => (child: DurableContext) => act(child, run, step);
  const done =
    kind === 'step'
      ? [await context.runInChildContext(name, work(alone))]
      : await context
          .parallel(
            name,
            steps.map((step) => ({ name: step.name, func: work(step) })),
            ALL,
          )
          .then((batch) => batch.all.map((one) => one.result ?? LOST));
  const results: Record<string, unknown> = { ...state.results };
  for (const [index, { name: step }] of steps.entries()) {
    const one = done[index]!;
    state.outcomes[step] = one.outcome;
    if (one.outcome === 'completed') results[step] = one.result;
  }
  const large = !kept(run, done, results);
  // A step alone whose result cannot be carried along is one of which nobody knows what it has done.
  if (large && kind === 'step') {
    state.outcomes[name] = 'unknown';
    return { step: name, error: EXPRESSION, cause: TOO_LARGE, wait: alone.action.settle };
  }
  return failureAmong(name, done, large, (index) => steps[index]!);
}

/** A step for each item of a list, which is read first. */
async function each(
  context: DurableContext,
  run: SagaRun,
  node: PlanNode & { kind: 'each' },
): Promise<SagaFailed | undefined> {
  const { state } = run;
  const { name, items, maxItems, concurrency, steps } = node;
  const [step] = steps;
  const read = await context.step(`${name} items read`, () => orFailure(() => listOf(items, maxItems, state)), ONCE);
  if ('error' in read) return { step: name, ...read, wait: 0 };
  state.items[name] = read.value;
  const one = (child: DurableContext, item: unknown, index: number) => act(child, run, step, { item, index });
  const config = { ...ALL, maxConcurrency: concurrency, itemNamer: (_: unknown, index: number) => `${name} ${index}` };
  const batch = await context.map(`${name} for each`, [...read.value], one, config);
  const done = batch.all.map(({ result }): Done => result ?? LOST);
  state.outcomes[name] = done.map(({ outcome }): Outcome => outcome);
  const completed = done.flatMap((one, index) => (one.outcome === 'completed' ? [{ index, result: one.result }] : []));
  const large = !kept(run, done, { ...state.results, [name]: completed });
  return failureAmong(name, done, large, () => step);
}

/** Keeps results that fit; those that do not are left out. */
function kept({ state }: SagaRun, done: readonly Done[], results: Record<string, unknown>): boolean {
  const large = done.some((one) => 'large' in one) || !fits([state.input, state.items, results]);
  if (!large) state.results = results;
  return !large;
}

function failureAmong(
  name: string,
  done: readonly Done[],
  large: boolean,
  stepOf: (index: number) => PlanStep,
): SagaFailed | undefined {
  const waits = done.map(({ outcome }, index) => (outcome === 'unknown' ? stepOf(index).action.settle : 0));
  const bad = done.find((one) => 'error' in one);
  if (bad && 'error' in bad) return { step: name, error: bad.error, cause: bad.cause, wait: Math.max(0, ...waits) };
  return large ? { step: name, error: TOO_LARGE, cause: '', wait: 0 } : undefined;
}

/** Does one step, and says what became of it. */
async function act(
  context: DurableContext,
  { plan, state, functions, execution, over }: SagaRun,
  { name, action, when }: PlanStep,
  of: { readonly item?: unknown; readonly index?: number } = {},
): Promise<Done> {
  if (when !== undefined) {
    const wanted = await context.step(`${name} wanted?`, () => orFailure(() => isWanted(when, state)), ONCE);
    if ('error' in wanted) return { outcome: 'unknown', ...wanted };
    if (!wanted.value) return { outcome: 'skipped' };
  }
  const event = {
    input: state.input,
    results: state.results,
    idempotencyKey: `${state.key}${keySuffix(name, 'action', of.index)}`,
    execution,
    ...of,
  };
  const fn = functions[plan.calls[name]!.action]!;
  const ended = await attempts(context, { call: action, fn, event, over: over?.promise });
  if (ended.ok) {
    const { ok: _, ...result } = ended;
    return { outcome: 'completed', ...result };
  }
  const { error, cause, retried } = ended;
  // After a retry nobody knows what an earlier attempt has done.
  return { outcome: retried || isUnknown(error) ? 'unknown' : 'refused', error, cause };
}

/** Steps of our own never throw: what they say is their result. */
const ONCE = { retryStrategy: () => ({ shouldRetry: false }) };

/** A branch of which there is no result. */
const LOST: Done = { outcome: 'unknown', error: 'States.BranchFailed', cause: '' };

async function orFailure<T>(work: () => Promise<T>): Promise<{ readonly value: T } | Failure> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: EXPRESSION, cause: error instanceof Error ? error.message : JSON.stringify(error) };
  }
}
