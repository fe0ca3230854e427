import { ALL, DATA_LIMIT_EXCEEDED } from '../../core/asl/errors';
import type { PlanNode } from './plan';

export type Body = Record<string, unknown>;

/** State names. Those of steps contain no spaces, so they never clash with ours. */
export const NAMES = {
  begins: 'Saga begins',
  done: 'Saga done',
  settles: 'Saga settles',
  undone: 'Saga undone',
  parks: 'Saga parks',
  parked: 'Saga parked',
  notParked: 'Saga not parked',
  inTime: (node: string) => `${node} in time?`,
  maybe: (step: string) => `${step} if wanted`,
  when: (step: string) => `${step} wanted?`,
  ended: (step: string) => `${step} ended`,
  begun: (step: string) => `${step} begun`,
  written: (step: string) => `${step} results written`,
  judged: (node: string) => `${node} completed?`,
  list: (step: string) => `${step} items`,
  read: (step: string) => `${step} items read`,
  any: (step: string) => `${step} any items?`,
  each: (step: string) => `${step} for each`,
  toUndo: (step: string) => `Undo ${step}?`,
  undo: (step: string) => `Undo ${step}`,
  undoEach: (step: string) => `Undo ${step} for each`,
  undoBegun: (step: string) => `Undo ${step} begun`,
  undoEnded: (step: string) => `Undo ${step} ended`,
  undoJudged: (step: string) => `Undo ${step} completed?`,
} as const;

/** Catches everything that can be caught: `States.ALL` does not include results that are too large. */
export function catchers(then: Body): readonly Body[] {
  return [[DATA_LIMIT_EXCEEDED], [ALL]].map((ErrorEquals) => ({ ErrorEquals, ...then }));
}

/** The states of some nodes, each leading to the next, and the last to the end. */
export function chained<T>(
  nodes: readonly T[],
  end: string,
  entry: (node: T) => string,
  states: (node: T, next: string) => Record<string, Body>,
): Record<string, Body> {
  const all = nodes.map((node, index) => {
    const following = nodes[index + 1];
    return states(node, following === undefined ? end : entry(following));
  });
  return Object.assign({}, ...all) as Record<string, Body>;
}

/** The state in which a node starts its work, once the deadline is checked. */
export function startOf(node: PlanNode): string {
  if (node.kind === 'each') return NAMES.list(node.name);
  return node.kind === 'step' && node.steps[0].when !== undefined ? NAMES.maybe(node.name) : node.name;
}
