import { isRecord } from '../../../kernel/json';

/** A map of a template: of JSON, or `{"a": 1}`. Its keys are nobody's but the template's. */
export class VtlMap extends Map<string, unknown> {
  /** @param ofJson whether it was read from JSON, where a key that is missing is `MISSING` */
  constructor(
    entries: Iterable<readonly [string, unknown]> = [],
    readonly ofJson = false,
  ) {
    super(entries);
  }
}

/** A list that was read from JSON: as text it is JSON, where a list of the template is `[a, b]`. */
export class JsonList extends Array<unknown> {}

/**
 * What JSON does not have. It is equal to null and to empty text, and as text it is empty. As a condition it was seen to
 * count as true on AWS.
 */
export const MISSING = Symbol('missing');

/** A value of JSON, as templates see it. */
export function fromJson(value: unknown): unknown {
  if (value === null || value === undefined) return MISSING;
  if (Array.isArray(value)) return JsonList.from(value.map(fromJson));
  if (!isRecord(value)) return value;
  return new VtlMap(
    Object.entries(value).map(([name, item]) => [name, fromJson(item)] as const),
    true,
  );
}

/** A map of texts that requests and stages have: a key that is missing is null. */
export function mapOf(values: Readonly<Record<string, unknown>>): VtlMap {
  return new VtlMap(
    Object.entries(values).map(([name, item]) => [name, isRecord(item) ? mapOf(item) : (item ?? null)] as const),
  );
}

/** A value without the classes of this file. */
export function toPlain(value: unknown): unknown {
  if (value === MISSING || value === undefined) return null;
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [String(name), toPlain(item)]));
  return Array.isArray(value) ? value.map(toPlain) : value;
}

/** Whether a value is there. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === MISSING;
}

/** A value as it is written into the text: what is not there is empty, a map is `{a=1, b=[{"c":5}]}`. */
export function toText(value: unknown): string {
  if (isNothing(value)) return '';
  if (value instanceof Map) {
    return `{${[...value].map(([name, item]) => `${String(name)}=${isNothing(item) ? 'null' : toText(item)}`).join(', ')}}`;
  }
  if (value instanceof JsonList) return JSON.stringify(toPlain(value));
  return Array.isArray(value) ? `[${value.map(toText).join(', ')}]` : String(value);
}
