import { durableOperations } from '../../../core/facts/lambda';
import { isInParts, PARK_RETRY, partsOf, type PlanCall, type PlanNode, type SagaPlan, undoOrder } from '../plan';

/** How many of an execution's operations the longest path may take. */
export const OPERATIONS = 0.8 * durableOperations.value;

/** Operations of a saga on its longest path: forward with all retries, undone with all retries, parked. */
export function operationCount(plan: SagaPlan): number {
  const timed = plan.deadline === undefined ? 0 : 1;
  const forward = plan.nodes.map((node) => timed + actionsOf(node));
  const undo = undoOrder(plan).map(({ node, step }) =>
    isInParts(node) ? 1 + PART_ATTEMPTS + 2 * partsOf(node) * PART : 1 + rounds(node) * callOf(step.compensation!),
  );
  return EXECUTION + timed + sum(forward) + SETTLE + sum(undo) + PARK_RETRY.attempts;
}

/**
 * Most items per part of a distributed list, so that a separate execution has room for them with all retries.
 * @param node of a list
 */
export function partSize({ maxItems, steps: [{ action, compensation }] }: PlanNode & { kind: 'each' }): number {
  const item = Math.max(callOf(action), compensation === undefined ? 0 : callOf(compensation));
  return Math.max(1, Math.min(maxItems, Math.floor((OPERATIONS - OF_PART) / item)));
}

/** Attempts to start a part, and to write what its items returned. */
const PART_ATTEMPTS = 3;

/** Retries of what is written and started for a part. */
export const SOME = {
  retryStrategy: (_: unknown, attempt: number) => ({
    shouldRetry: attempt < PART_ATTEMPTS,
    delay: { seconds: 2 ** attempt },
  }),
};

/** A part from the saga's side: what starts it, and the callback through which it answers. */
const PART = PART_ATTEMPTS + 1;
/** The whole, what it reads, its deadline, its map, what it writes and its answer. */
const OF_PART = 4 + 2 * PART_ATTEMPTS;

const EXECUTION = 1;
const SETTLE = 1;
/** A context, the call, and the wait that ends it; or the callback. */
const ATTEMPT = 3;

/** A call in its own context, with the pauses between attempts. */
function callOf({ retry }: PlanCall): number {
  return 1 + retry.attempts * ATTEMPT + (retry.attempts - 1);
}

function actionsOf(node: PlanNode): number {
  const steps = sum(node.steps.map(({ action, when }) => callOf(action) + (when === undefined ? 0 : 1)));
  if (node.kind === 'step') return steps;
  if (node.kind === 'group') return 1 + steps;
  // The list is read separately, parts' data and the manifest are written; the deadline is checked before each part.
  if (isInParts(node)) return 2 + 2 * PART_ATTEMPTS + partsOf(node) * (PART + 1);
  return 2 + node.maxItems * steps;
}

function rounds(node: PlanNode): number {
  return node.kind === 'each' ? node.maxItems : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
