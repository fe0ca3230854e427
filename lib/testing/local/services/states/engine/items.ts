import { isRecord, type JsonRecord } from '../../../kernel/json';

/** One item of a map. */
export interface Item {
  readonly value: unknown;
  /** The name that it has in an object. */
  readonly key?: string;
  /** Where it comes from, as the context object says it; what the state got by default. */
  readonly source?: string;
}

/** What a map goes over: the elements of a list, or the fields of an object; undefined for anything else. */
export function itemsIn(value: unknown): readonly Item[] | undefined {
  if (Array.isArray(value)) return value.map((one: unknown) => ({ value: one }));
  return isRecord(value) ? Object.entries(value).map(([key, one]) => ({ key, value: one })) : undefined;
}

/** What the processor gets of an item without a selector. */
export function inputOf({ key, value }: Item): unknown {
  return key === undefined ? value : { Key: key, Value: value };
}

/**
 * An item as the context object has it.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function contextOfItem({ key, value, source = 'STATE_DATA' }: Item, index: number): JsonRecord {
  return { Index: index, ...(key !== undefined && { Key: key }), Value: value, Source: source };
}
