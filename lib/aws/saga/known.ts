import { isUndoable, type Outcome } from './outcome';
import { type SagaPlan, undoOrder } from './plan';

/** What the keeper knows of its saga. */
export interface KnownSaga {
  /** Steps with a compensation, in the order in which they are undone. */
  readonly undo: readonly string[];
  readonly others: readonly string[];
  /** Steps that are done for each item of a list. */
  readonly each: readonly string[];
  /** Whether a step that refused is undone, too. */
  readonly undoFailed?: boolean;
  /** Seconds after which nothing that was called still runs. */
  readonly settle: number;
}

/**
 * What the keeper of a plan knows.
 * @param settle seconds after which what an engine has begun besides calls runs no longer
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

/** The steps that are left to undo, in the order of the undo. */
export function stepsLeft(
  { undo, undoFailed = false }: KnownSaga,
  outcomes: Readonly<Record<string, Outcome | readonly Outcome[]>>,
): readonly string[] {
  return undo.filter((step) => [outcomes[step] ?? []].flat().some((outcome) => isUndoable(outcome, undoFailed)));
}
