import { isUndoable } from './outcome';
import { type SagaPlan, undoOrder } from './plan';
import type { ParkedSaga } from './parked';

/** What the keeper knows about its saga. */
export interface KnownSaga {
  /** Steps with a compensation, in undo order. */
  readonly undo: readonly string[];
  readonly others: readonly string[];
  /** Steps repeated for each item of a list. */
  readonly each: readonly string[];
  /** Whether a step that refused is undone as well. */
  readonly undoFailed?: boolean;
  /** Seconds after which nothing that was called is still running. */
  readonly settle: number;
}

/**
 * What a plan's keeper knows.
 * @param settle seconds after which anything an engine started besides calls has ended
 */
export function knownOf(plan: SagaPlan, settle = 0): KnownSaga {
  const undo = undoOrder(plan).map(({ step }) => step.name);
  const steps = plan.nodes.flatMap((node) => node.steps);
  return {
    undo,
    others: steps.map(({ name }) => name).filter((name) => !undo.includes(name)),
    each: plan.nodes.filter(({ kind }) => kind === 'each').map(({ name }) => name),
    ...(plan.undoFailed && { undoFailed: true }),
    settle: settle + Math.max(...steps.map(({ action }) => action.settle)),
  };
}

/** The steps left to undo, in undo order. */
export function stepsLeft(
  { undo, undoFailed = false }: KnownSaga,
  key: string,
  outcomes: ParkedSaga['outcomes'],
): ParkedSaga['left'] {
  return undo
    .filter((step) => [outcomes[step] ?? []].flat().some((outcome) => isUndoable(outcome, undoFailed)))
    .map((step) => ({
      step,
      outcome: outcomes[step]!,
      actionKey: `${key}:${step}`,
      idempotencyKey: `${key}:${step}:undo`,
    }));
}
