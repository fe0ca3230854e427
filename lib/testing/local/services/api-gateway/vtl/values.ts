import { isRecord } from '../../../kernel/json';

/** A map in a template, from JSON or written as `{"a": 1}`. It has no inherited keys. */
export class VtlMap extends Map<string, unknown> {
  /** @param ofJson whether it was read from JSON, where a missing key is `MISSING` */
  constructor(
    entries: Iterable<readonly [string, unknown]> = [],
    readonly ofJson = false,
  ) {
    super(entries);
  }
}

/** A list read from JSON: it prints as JSON, where a list of the template prints as `[a, b]`. */
export class JsonList extends Array<unknown> {}

/**
 * A value missing in JSON. It equals null and the empty string, and prints as empty. As a condition it was observed to
 * be true on AWS.
 */
export const MISSING = Symbol('missing');

/** A JSON value, as templates see it. */
export function fromJson(value: unknown): unknown {
  if (value === null || value === undefined) return MISSING;
  if (Array.isArray(value)) return JsonList.from(value.map(fromJson));
  if (!isRecord(value)) return value;
  return new VtlMap(
    Object.entries(value).map(([name, item]) => [name, fromJson(item)] as const),
    true,
  );
}

/** A map of strings from requests and stages: a missing key is null. */
export function mapOf(values: Readonly<Record<string, unknown>>): VtlMap {
  return new VtlMap(
    Object.entries(values).map(([name, item]) => [name, isRecord(item) ? mapOf(item) : (item ?? null)] as const),
  );
}

/** Unwraps a value from this file's classes. */
export function toPlain(value: unknown): unknown {
  if (value === MISSING || value === undefined) return null;
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), toPlain(item)]));
  return Array.isArray(value) ? value.map(toPlain) : value;
}

/** Whether a value is present. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === MISSING;
}

/** A value as printed: a missing one is empty, a map is `{a=1, b=[{"c":5}]}`. */
export function toText(value: unknown): string {
  if (isNothing(value)) return '';
  if (value instanceof Map) {
    return `{${[...value].map(([name, item]) => `${String(name)}=${isNothing(item) ? 'null' : toText(item)}`).join(', ')}}`;
  }
  if (value instanceof JsonList) return JSON.stringify(toPlain(value));
  return Array.isArray(value) ? `[${value.map(toText).join(', ')}]` : String(value);
}
