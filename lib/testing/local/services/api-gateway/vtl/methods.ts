import { javaPattern, matchesWhole } from '../java-pattern';
import { isNothing, toText, VtlMap } from './values';

/** A Java method that this run's templates do not support. */
export class UnknownMethod extends Error {
  override readonly name = 'UnknownMethod';
}

type Args = readonly unknown[];
type Methods<T> = Readonly<Record<string, (on: T, ...args: Args) => unknown>>;

const STRING: Methods<string> = {
  length: (text) => text.length,
  isEmpty: (text) => text === '',
  substring: (text, from, to) => text.substring(Number(from), to === undefined ? undefined : Number(to)),
  indexOf: (text, part) => text.indexOf(toText(part)),
  lastIndexOf: (text, part) => text.lastIndexOf(toText(part)),
  contains: (text, part) => text.includes(toText(part)),
  startsWith: (text, part) => text.startsWith(toText(part)),
  endsWith: (text, part) => text.endsWith(toText(part)),
  equals: (text, other) => text === other,
  equalsIgnoreCase: (text, other) => text.toLowerCase() === toText(other).toLowerCase(),
  compareTo: (text, other) => (text < toText(other) ? -1 : Number(text > toText(other))),
  toLowerCase: (text) => text.toLowerCase(),
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  concat: (text, other) => text + toText(other),
  charAt: (text, index) => text.charAt(Number(index)),
  replace: (text, from, to) => text.replaceAll(toText(from), () => toText(to)),
  replaceAll: (text, pattern, to) =>
    text.replace(javaPattern(toText(pattern), { flags: 'g' }), replacement(toText(to))),
  replaceFirst: (text, pattern, to) => text.replace(javaPattern(toText(pattern)), replacement(toText(to))),
  matches: (text, pattern) => matchesWhole(toText(pattern), text),
  split: (text, pattern) => splitAsJava(text, toText(pattern)),
  toString: (text: string) => text,
};

const LIST: Methods<unknown[]> = {
  size: (list) => list.length,
  isEmpty: (list) => list.length === 0,
  get: (list, index) => list[Number(index)],
  set: (list, index, value) => (list[Number(index)] = value),
  add: (list, value) => list.push(value) > 0,
  addAll: (list, values) => list.push(...(Array.isArray(values) ? (values as unknown[]) : [])) > 0,
  remove: (list, index) => list.splice(Number(index), 1)[0],
  contains: (list, value) => list.includes(value),
  indexOf: (list, value) => list.indexOf(value),
  subList: (list, from, to) => list.slice(Number(from), Number(to)),
  toString: (list: unknown[]) => toText(list),
};

const MAP: Methods<Map<string, unknown>> = {
  get: (map, key) => map.get(toText(key)),
  getOrDefault: (map, key, fallback) => (map.has(toText(key)) ? map.get(toText(key)) : fallback),
  put: (map, key, value) => {
    const before = map.get(toText(key)) ?? null;
    map.set(toText(key), value);
    return before;
  },
  putAll: (map, other) => {
    if (other instanceof Map) for (const [key, value] of other) map.set(String(key), value);
    return null;
  },
  remove: (map, key) => {
    const before = map.get(toText(key)) ?? null;
    map.delete(toText(key));
    return before;
  },
  containsKey: (map, key) => map.has(toText(key)),
  containsValue: (map, value) => [...map.values()].includes(value),
  keySet: (map) => [...map.keys()],
  values: (map) => [...map.values()],
  entrySet: (map) => [...map].map(([key, value]) => new VtlMap(Object.entries({ key, value }))),
  size: (map) => map.size,
  isEmpty: (map) => map.size === 0,
  // An entry of `entrySet()`.
  getKey: (map) => map.get('key'),
  getValue: (map) => map.get('value'),
  toString: (map: Map<string, unknown>) => toText(map),
};

const NUMBER: Methods<number> = {
  intValue: (value) => Math.trunc(value),
  equals: (value, other) => value === other,
  compareTo: (value, other) => Math.sign(value - Number(other)),
  toString: (value: number) => String(value),
  // `#set($Integer = 0)$Integer.parseInt("5")`.
  parseInt: (_, text) => Number.parseInt(toText(text), 10),
  valueOf: (_: number, text: unknown) => Number.parseInt(toText(text), 10),
};

const BOOLEAN: Methods<boolean> = {
  equals: (value, other) => value === other,
  toString: (value: boolean) => String(value),
};

/**
 * Calls a Java method on a template value.
 * @throws UnknownMethod for an unsupported one
 */
export function callMethod(on: unknown, name: string, args: Args): unknown {
  const [kind, methods] = methodsOf(on);
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) throw new UnknownMethod(`the method '${name}' of ${kind}`);
  const result = method(on, ...args);
  return result === undefined ? null : result;
}

function methodsOf(on: unknown): readonly [kind: string, methods: Methods<unknown>] {
  const [kind, methods] =
    on instanceof Map
      ? ['a map', MAP]
      : Array.isArray(on)
        ? ['a list', LIST]
        : typeof on === 'number'
          ? ['a number', NUMBER]
          : typeof on === 'boolean'
            ? ['a boolean', BOOLEAN]
            : ['a string', STRING];
  return [kind, methods as Methods<unknown>];
}

/** In Java `$1` is a group, and a backslash escapes a literal character. */
function replacement(text: string): string {
  return text.replace(/\\(.)|\$(?!\d)/gs, (_, escaped?: string) =>
    escaped === undefined || escaped === '$' ? '$$' : escaped,
  );
}

/** Java drops trailing empty strings. */
function splitAsJava(text: string, pattern: string): string[] {
  const parts = text.split(javaPattern(pattern));
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

/** Whether two values are equal in a condition: a missing value equals the empty string, a number equals its text. */
export function equal(left: unknown, right: unknown): boolean {
  if (isNothing(left) || isNothing(right)) return toText(left) === toText(right);
  if (typeof left === 'number' && typeof right === 'number') return left === right;
  return toText(left) === toText(right);
}
