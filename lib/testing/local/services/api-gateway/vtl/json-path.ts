import { isRecord } from '../../../kernel/json';

/** An unsupported JSONPath, with filters, slices or functions. */
export class UnknownJsonPath extends Error {
  override readonly name = 'UnknownJsonPath';
}

const STEP = /\.\.([\w-]+|\*)|\.([\w-]+|\*)|\[(-?\d+|\*)\]|\[['"]([^'"]*)['"]\]/g;

/**
 * The value at a JSONPath; undefined if there is none. Supports names, indexes, `*` and `..`. A path that may match
 * several values returns a list.
 * @throws UnknownJsonPath for a path with anything else
 */
export function jsonPath(path: string, value: unknown): unknown {
  const steps = [...path.matchAll(STEP)];
  const known = steps.reduce((text, [step]) => text + step, '$');
  if (known !== path && path !== '') throw new UnknownJsonPath(`the JSONPath '${path}'`);
  let found: unknown[] = [value];
  let definite = true;
  for (const [, below, name, index, quoted] of steps) {
    if (below !== undefined || name === '*' || index === '*') definite = false;
    found = found.flatMap((one) => {
      if (below !== undefined) return descendants(one).flatMap((item) => childrenOf(item, below));
      return childrenOf(one, name ?? index ?? quoted ?? '', quoted !== undefined);
    });
  }
  return definite ? found[0] : found;
}

function childrenOf(value: unknown, name: string, literal = false): unknown[] {
  if (name === '*' && !literal)
    return Array.isArray(value) ? (value as unknown[]) : isRecord(value) ? Object.values(value) : [];
  if (Array.isArray(value)) return /^-?\d+$/.test(name) && value.length > 0 ? [value.at(Number(name))] : [];
  return isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : [];
}

function descendants(value: unknown): unknown[] {
  return [value, ...childrenOf(value, '*').flatMap(descendants)];
}
