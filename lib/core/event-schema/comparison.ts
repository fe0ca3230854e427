import { isRecord } from '../record';
import type { JsonSchema } from './json-schema';

/** A schema, and the document that it refers to. */
export interface Side {
  readonly root: JsonSchema;
  readonly schema: JsonSchema;
}

/** A location, in words: `OrderPlaced.data.total`. */
export interface Place {
  readonly at: string;
}

/** What has been found so far. */
export interface Comparison {
  readonly breaking: string[];
  readonly unknown: string[];
  /** What has been looked at: a schema may refer to itself. */
  readonly seen: Set<string>;
}

/** A schema that was reached through references, and its parts. */
export interface Reached extends Side {
  /** The reference through which it was reached; undefined if it is inline. */
  readonly from?: string;
}

/**
 * What a schema says, through references within its document, with what `allOf` has joined put together where no two parts
 * say different things of one keyword.
 * @returns undefined where it refers to what is not in the document
 */
export function reach({ root, schema }: Side, via: readonly string[] = []): Reached | undefined {
  const { $ref: reference, ...beside } = schema;
  if (reference !== undefined) {
    if (typeof reference !== 'string' || via.includes(reference)) return undefined;
    const target = pointed(root, reference);
    const found = target && reach({ root, schema: target }, [...via, reference]);
    if (found === undefined) return undefined;
    const constrains = Object.keys(beside).some((keyword) => !SAYS_NOTHING.has(keyword));
    return constrains
      ? reach({ root, schema: { allOf: [found.schema, beside] } }, [...via, reference])
      : { ...found, from: reference };
  }
  const { allOf, ...own } = schema;
  if (!Array.isArray(allOf)) return { root, schema };
  const parts = allOf.map((one: unknown) => (isRecord(one) ? reach({ root, schema: one }, via) : undefined));
  if (parts.some((one) => one === undefined)) return undefined;
  const joined = parts.reduce<JsonSchema | undefined>((all, one) => all && together(all, one!.schema), own);
  return { root, schema: joined ?? schema };
}

/** What a reference within a document points to; undefined if it is not one, or points nowhere. */
export function pointed(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  const steps = reference === '#' ? [] : reference.slice(2).split('/');
  const found = steps
    .map((step) => decoded(step).replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>(
      (one, step) => (Array.isArray(one) ? (one as unknown[])[Number(step)] : isRecord(one) ? one[step] : undefined),
      root,
    );
  return isRecord(found) ? found : undefined;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** Two schemas merged; undefined if they cannot be merged. */
function together(one: JsonSchema, other: JsonSchema): JsonSchema | undefined {
  const joined: Record<string, unknown> = { ...one };
  for (const [keyword, value] of Object.entries(other)) {
    const mine = joined[keyword];
    if (mine === undefined) joined[keyword] = value;
    else if (keyword === 'required') joined[keyword] = [...new Set([mine, value].flat())];
    else if (keyword === 'properties' && isRecord(mine) && isRecord(value)) {
      if (Object.keys(value).some((name) => name in mine && !isSame(mine[name], value[name]))) return undefined;
      joined[keyword] = { ...mine, ...value };
    } else if (SAYS_NOTHING.has(keyword)) continue;
    else if (!isSame(mine, value)) return undefined;
  }
  return joined;
}

/** Keywords that say nothing of the data. */
export const SAYS_NOTHING: ReadonlySet<string> = new Set([
  ...['title', 'description', 'default', 'examples', 'example', '$comment', '$id', 'id', 'deprecated'],
  ...['$defs', 'definitions', 'readOnly', 'writeOnly'],
]);

/** Whether two values are the same JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
