import { isRecord } from '../../../kernel/json';
import { holds } from './filter';
import { type JsonPath, readPath, type Step } from './syntax';

/** The data that paths resolve against. */
export interface PathData {
  /** The input: `$`. */
  readonly input: unknown;
  /** The context object: `$$`. */
  readonly context: unknown;
  /** The variables: `$name`. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The value at a path, or the message for a missing one. */
export type PathResult = { readonly value: unknown } | { readonly missing: string };

/**
 * Resolves a path. An indefinite path yields a list.
 * @throws PathSyntaxError when it cannot be read
 */
export function atPath(source: string, data: PathData): PathResult {
  const path = readPath(source);
  const root = rootOf(path, data);
  if (root === undefined) return { missing: `Variable '${source}' does not exist` };
  if (!path.definite) return { value: select([root.value], path.steps, root.value) };
  return definite(path.steps, root.value);
}

function rootOf({ root }: JsonPath, { input, context, variables }: PathData): { readonly value: unknown } | undefined {
  if (root === 'input') return { value: input };
  if (root === 'context') return { value: context };
  return Object.hasOwn(variables, root.variable) ? { value: variables[root.variable] } : undefined;
}

/** A definite path without a match is an error. */
function definite(steps: readonly Step[], root: unknown): PathResult {
  let value = root;
  let walked = '$';
  for (const [index, step] of steps.entries()) {
    walked += step.kind === 'names' ? `['${step.names[0]}']` : step.kind === 'indexes' ? `[${step.indexes[0]}]` : '';
    const found = childrenOf(value, step, root);
    if (found.length === 0) {
      return {
        missing: index === steps.length - 1 ? `No results for path: ${walked}` : `Missing property in path ${walked}`,
      };
    }
    [value] = found;
  }
  return { value };
}

function select(values: readonly unknown[], steps: readonly Step[], root: unknown): readonly unknown[] {
  return steps.reduce((found, step) => found.flatMap((value) => childrenOf(value, step, root)), values);
}

function childrenOf(value: unknown, step: Step, root: unknown): readonly unknown[] {
  switch (step.kind) {
    case 'names':
      return step.names.flatMap((name) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    case 'indexes':
      return step.indexes.flatMap((index) => {
        const list: readonly unknown[] = Array.isArray(value) ? value : [];
        const at = index < 0 ? list.length + index : index;
        return at >= 0 && at < list.length ? [list[at]] : [];
      });
    case 'slice':
      return Array.isArray(value) ? sliced(value, step) : [];
    case 'all':
      return itemsOf(value);
    case 'below':
      return descendants(value);
    case 'filter':
      return itemsOf(value).filter((item) => holds(step.filter, item, root));
  }
}

function sliced(list: readonly unknown[], { from, to, step }: Extract<Step, { kind: 'slice' }>): readonly unknown[] {
  return list.slice(from, to).filter((_, index) => index % Math.max(1, step) === 0);
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...itemsOf(value).flatMap(descendants)];
}
