import type { Node } from './node';
import { comparable } from './numbers';

/** What is wrong with the operand of an operator. */
export interface OperandFault {
  /** What it is, after `with`. */
  readonly fault: string;
  /** Absent for what only the documentation refuses. */
  readonly message?: string;
}

/** What is wrong with a number by itself: it has more digits than the service compares. */
export function notComparable(node: Node): OperandFault | undefined {
  return node.kind === 'number' && comparable(node.text) === undefined
    ? {
        fault: `${node.text}, which has more digits than are compared`,
        message: `Cannot compare number : ${node.text}`,
      }
    : undefined;
}
