import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { DEADLINE, type Outcome, TOO_LARGE } from '../outcome';
import { isInParts, type PlanNode, type PlanStep } from '../plan';
import { act, ALL, type Done, EXPRESSION, LOST, ONCE, orFailure } from './act';
import { listOf } from './evaluate';
import { isLate } from './in-time';
import { eachInParts } from './list-parts';
import type { SagaRun } from './run';
import { fits, type SagaFailed } from './state';

/** Runs the steps in order, until one does not succeed. */
export async function forward(context: DurableContext, run: SagaRun): Promise<SagaFailed | undefined> {
  for (const [index, node] of run.plan.nodes.entries()) {
    const late = index > 0 && (await isLate(context, run, `${node.name} in time?`));
    if (late) return { step: node.name, error: DEADLINE, cause: 'The saga ran out of time', wait: 0 };
    const failed = await through(context, run, node);
    if (failed) return failed;
  }
  return undefined;
}

function through(context: DurableContext, run: SagaRun, node: PlanNode): Promise<SagaFailed | undefined> {
  if (isInParts(node)) return eachInParts(context, run, node);
  return node.kind === 'each' ? each(context, run, node) : together(context, run, node);
}

/** A single step, or several in parallel. All end before anything is undone. */
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
  // A single step whose result cannot be carried has an unknown outcome.
  if (large && kind === 'step') {
    state.outcomes[name] = 'unknown';
    return { step: name, error: EXPRESSION, cause: TOO_LARGE, wait: alone.action.settle };
  }
  return failureAmong(name, done, large, (index) => steps[index]!);
}

/** A step for each item of a list, which is evaluated first. */
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

/** Keeps results that fit; others are left out. */
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
