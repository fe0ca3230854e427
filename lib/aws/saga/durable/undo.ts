import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { isLeft as isLeftList } from '../claims/left-list';
import { isUndoable, LIST_FAILED } from '../outcome';
import { isInParts, type PlanNode, type PlanStep, undoOrder } from '../plan';
import { compensate, LOST } from './compensate';
import type { Failure } from './failures';
import { undoInParts } from './list-parts';
import type { SagaRun } from './run';
import type { SagaFailed } from './state';

type Undone = Failure | undefined;

/** Undoes what was, or may have been, done, in reverse, until something cannot be undone. */
export async function undo(context: DurableContext, run: SagaRun, failed: SagaFailed): Promise<SagaFailed> {
  if (failed.wait > 0) await context.wait('Saga settles', { seconds: Math.ceil(failed.wait) });
  for (const { node, step } of undoOrder(run.plan)) {
    if (!isLeft(run, step.name)) continue;
    const bad = await undoStep(context, run, { node, step }, failed);
    if (bad) return { ...failed, undo: { step: step.name, error: bad.error, cause: bad.cause } };
  }
  return failed;
}

function undoStep(
  context: DurableContext,
  run: SagaRun,
  { node, step }: ReturnType<typeof undoOrder>[number],
  failed: SagaFailed,
): Promise<Undone> {
  if (isInParts(node)) return undoInParts(context, run, node, failed);
  return node.kind === 'each' ? undoEach(context, run, node, failed) : undoOne(context, run, step, failed);
}

/** Whether anything in a step needs undoing. */
export function isLeft(run: SagaRun, step: string): boolean {
  return [run.state.outcomes[step] ?? []].flat().some((outcome) => isUndoable(outcome, run.plan.undoFailed));
}

async function undoOne(context: DurableContext, run: SagaRun, step: PlanStep, failed: SagaFailed): Promise<Undone> {
  const { name } = step;
  const ended = await context.runInChildContext(`Undo ${name}`, (child) => compensate(child, run, step, failed));
  if (!ended.ok) return ended;
  run.state.outcomes[name] = 'undone';
  return undefined;
}

/** Items that were, or may have been, done, last one first; one that cannot be undone does not stop the others. */
async function undoEach(
  context: DurableContext,
  run: SagaRun,
  { name, concurrency, steps }: PlanNode & { kind: 'each' },
  failed: SagaFailed,
): Promise<Undone> {
  const { state } = run;
  const before = state.outcomes[name]!;
  const items = state.items[name];
  // Parked by a version with a distributed list.
  if (items === undefined || isLeftList(items)) {
    return { error: LIST_FAILED, cause: `the list of '${name}' is not in what the saga was left with` };
  }
  const left = items
    .map((item, index) => ({ item, index }))
    .filter(({ index }) => isUndoable(typeof before === 'string' ? before : before[index]!, run.plan.undoFailed))
    .reverse();
  const batch = await context.map(
    `Undo ${name}`,
    left,
    (child: DurableContext, of) => compensate(child, run, steps[0], failed, of),
    {
      maxConcurrency: concurrency,
      completionConfig: { toleratedFailurePercentage: 100 },
      itemNamer: ({ index }) => `Undo ${name} ${index}`,
    },
  );
  const ended = batch.all.map(({ result }) => result ?? LOST);
  const undone = new Set(left.filter((_, at) => ended[at]!.ok).map(({ index }) => index));
  const bad = ended.find((one) => !one.ok);
  if (typeof before === 'string') state.outcomes[name] = bad ? before : 'undone';
  else state.outcomes[name] = before.map((outcome, index) => (undone.has(index) ? 'undone' : outcome));
  return bad && !bad.ok ? bad : undefined;
}
