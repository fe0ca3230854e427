import { durableOperations } from '../../../core/facts/lambda';
import { PARK_RETRY, type PlanCall, type PlanNode, type SagaPlan, undoOrder } from '../plan';

/** Of the operations of an execution, the share that the longest way may take. */
export const OPERATIONS = 0.8 * durableOperations.value;

/** Operations of a saga that goes the longest way: forward with all retries, undone with all retries, parked. */
export function operationCount(plan: SagaPlan): number {
  const timed = plan.deadline === undefined ? 0 : 1;
  const forward = plan.nodes.map((node) => timed + actionsOf(node));
  const undo = undoOrder(plan).map(({ node, step }) => 1 + rounds(node) * callOf(step.compensation!));
  return EXECUTION + timed + sum(forward) + SETTLE + sum(undo) + PARK_RETRY.attempts;
}

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
  // The list is read by itself.
  return 2 + node.maxItems * steps;
}

function rounds(node: PlanNode): number {
  return node.kind === 'each' ? node.maxItems : 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
