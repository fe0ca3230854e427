import type { Value } from '../model/values';
import { isList, isMap, literal } from '../model/select';
import type { JsonObject } from '../record';

/** An object of a template as JSON; undefined where anything in it is known only at deployment. */
export function literalOf(value: Value | undefined): JsonObject | undefined {
  const found = typeof value === 'string' ? parsed(value) : plain(value);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as JsonObject) : undefined;
}

const OPEN = Symbol('known only at deployment');

function plain(value: Value | undefined): unknown {
  const found = walk(value);
  return found === OPEN ? undefined : found;
}

function walk(value: Value | undefined): unknown {
  if (isList(value)) {
    const all = value.map(walk);
    return all.includes(OPEN) ? OPEN : all;
  }
  if (isMap(value)) {
    const all = Object.entries(value).map(([name, one]) => [name, walk(one)] as const);
    return all.some(([, one]) => one === OPEN) ? OPEN : Object.fromEntries(all);
  }
  const scalar = literal(value);
  return scalar === undefined ? OPEN : scalar;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
