import { type Stack, Stage } from 'aws-cdk-lib';

/** Whether one stack depends on another, by references or declared dependencies. */
export function waitsFor(stack: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  if (seen.has(stack)) return false;
  seen.add(stack);
  return stack.dependencies.some((next) => next === other || waitsFor(next, other, seen));
}

/** Whether stacks are deployed together, so that one can depend on the other. */
export function together(one: Stack, other: Stack): boolean {
  return Stage.of(one) === Stage.of(other);
}
