import { durableOperations } from '../../../core/facts/lambda';
import { isInParts, PARK_RETRY, partsOf, type PlanCall, type PlanNode, type SagaPlan, undoOrder } from '../plan';

/** Of the operations of an execution, the share that the longest way may take. */
export const OPERATIONS = 0.8 * durableOperations.value;

/** Operations of a saga that goes the longest way: forward with all retries, undone with all retries, parked. */
export function operationCount(plan: SagaPlan): number {
  const timed = plan.deadline === undefined ? 0 : 1;
  const forward = plan.nodes.map((node) => timed + actionsOf(node));
  const undo = undoOrder(plan).map(({ node, step }) =>
    isInParts(node) ? 1 + PART_ATTEMPTS + 2 * partsOf(node) * PART : 1 + rounds(node) * callOf(step.compensation!),
  );
  return EXECUTION + timed + sum(forward) + SETTLE + sum(undo) + PARK_RETRY.attempts;
}

/**
 * Most items of a part of a distributed list: an execution of its own has room for them, with all of their retries.
 * @param node of a list
 */
export function partSize({ maxItems, steps: [{ action, compensation }] }: PlanNode & { kind: 'each' }): number {
  const item = Math.max(callOf(action), compensation === undefined ? 0 : callOf(compensation));
  return Math.max(1, Math.min(maxItems, Math.floor((OPERATIONS - OF_PART) / item)));
}

/** How often it is tried to begin a part, and to write what its items returned. */
const PART_ATTEMPTS = 3;

/** When what is written and begun for a part is tried again. */
export const SOME = {
  retryStrategy: (_: unknown, attempt: number) => ({
    shouldRetry: attempt < PART_ATTEMPTS,
    delay: { seconds: 2 ** attempt },
  }),
};

/** A part, as the saga sees it: what begins it, and the callback by which it answers. */
const PART = PART_ATTEMPTS + 1;
/** The whole, what it reads, its time, its map, what it writes and its answer. */
const OF_PART = 4 + 2 * PART_ATTEMPTS;

const EXECUTION = 1;
const SETTLE = 1;
/** A context, the call, and the wait that ends it; or the callback. */
const ATTEMPT = 3;

/** A call in a context of its own, with the pauses between its attempts. */
function callOf({ retry }: PlanCall): number {
  return 1 + retry.attempts * ATTEMPT + (retry.attempts - 1);
}

function actionsOf(node: PlanNode): number {
  const steps = sum(node.steps.map(({ action, when }) => callOf(action) + (when === undefined ? 0 : 1)));
  if (node.kind === 'step') return steps;
  if (node.kind === 'group') return 1 + steps;
  // The list is read by itself, what parts get and which files there are is written; before each part it is asked for the time.
  if (isInParts(node)) return 2 + 2 * PART_ATTEMPTS + partsOf(node) * (PART + 1);
  return 2 + node.maxItems * steps;
}

function rounds(node: PlanNode): number {
  return node.kind === 'each' ? node.maxItems : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
