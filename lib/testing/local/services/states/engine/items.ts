import { isRecord, type JsonObject } from '../../../kernel/json';

/** One item of a map. */
export interface Item {
  readonly value: unknown;
  /** Its key, if the items are an object's fields. */
  readonly key?: string;
  /** Its source in the context object; by default the state's input. */
  readonly source?: string;
}

/** The items to iterate over: a list's elements or an object's fields; undefined for anything else. */
export function itemsIn(value: unknown): readonly Item[] | undefined {
  if (Array.isArray(value)) return value.map((one: unknown) => ({ value: one }));
  return isRecord(value) ? Object.entries(value).map(([key, one]) => ({ key, value: one })) : undefined;
}

/** The processor's input for an item without a selector. */
export function inputOf({ key, value }: Item): unknown {
  return key === undefined ? value : { Key: key, Value: value };
}

/**
 * An item in the context object.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function contextOfItem({ key, value, source = 'STATE_DATA' }: Item, index: number): JsonObject {
  return { Index: index, ...(key !== undefined && { Key: key }), Value: value, Source: source };
}
