import type { JsonSchema } from './json-schema';
import { isSame } from './comparison';

/** Type changes that guarantee less than before: another type, one newly declared, one no longer declared. */
export function typeChanges(old: JsonSchema, now: JsonSchema, at: string): readonly string[] {
  const [was, is] = [typesOf(old), typesOf(now)];
  if (isSame(was, is)) return [];
  const of = (types: readonly string[] | undefined) => types?.join(' or ') ?? 'anything';
  return [`${at} was ${of(was)} and is ${of(is)}`];
}

/** The types of JSON that a schema admits, sorted; undefined where it does not say. */
function typesOf(schema: JsonSchema): readonly string[] | undefined {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.map(String).sort();
  const values = valuesOf(schema);
  if (values === undefined) return undefined;
  return [
    ...new Set(values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value))),
  ].sort();
}

/** What lists of values, formats and patterns leave of a value that was there before. */
export function valueChanges(old: JsonSchema, now: JsonSchema, at: string): readonly string[] {
  const [was, is] = [valuesOf(old), valuesOf(now)];
  const changes: string[] = [];
  const gone = was && is ? was.filter((value) => !is.some((other) => isSame(value, other))) : [];
  if (gone.length > 0) changes.push(`${at} is no longer ${gone.map((one) => JSON.stringify(one)).join(' or ')}`);
  if (was === undefined && is !== undefined) changes.push(`${at} was free and is one of a list`);
  for (const keyword of ['format', 'pattern'] as const) {
    const [before, after] = [old[keyword], now[keyword]];
    if (after === undefined || isSame(before, after)) continue;
    changes.push(
      before === undefined
        ? `${at} was free and has the ${keyword} ${JSON.stringify(after)}`
        : `${at} had the ${keyword} ${JSON.stringify(before)} and has ${JSON.stringify(after)}`,
    );
  }
  if (now.uniqueItems === true && old.uniqueItems !== true) changes.push(`${at} has each item once only`);
  return changes;
}

/** Added values in a list, or a removed list: a reader that distinguishes cases has none for these. */
export function valueGrowth(old: JsonSchema, now: JsonSchema, at: string): readonly string[] {
  const [was, is] = [valuesOf(old), valuesOf(now)];
  if (was === undefined) return [];
  if (is === undefined) return [`${at} was one of a list and is free: readers may not know what else it is`];
  const added = is.filter((value) => !was.some((other) => isSame(value, other)));
  if (added.length === 0) return [];
  return [`${at} may also be ${added.map((one) => JSON.stringify(one)).join(' or ')}, which readers may not know`];
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const];
  return Array.isArray(schema.enum) ? (schema.enum as unknown[]) : undefined;
}

/** Bounds that are narrower than before. */
export function boundChanges(old: JsonSchema, now: JsonSchema, at: string): readonly string[] {
  const narrower = BOUNDS.flatMap(([bound, tighter]) => {
    const [was, is] = [old[bound], now[bound]];
    if (typeof is !== 'number') return is === undefined || isSame(was, is) ? [] : [`${at} has another ${bound}`];
    return typeof was !== 'number' || tighter(is, was) ? [`${at} has a narrower ${bound}: ${is}`] : [];
  });
  const [was, is] = [old.multipleOf, now.multipleOf];
  const coarser = typeof is === 'number' && (typeof was !== 'number' || !Number.isInteger(was / is));
  return coarser ? [...narrower, `${at} is a multiple of ${is} only`] : narrower;
}

const BOUNDS: readonly (readonly [string, (is: number, was: number) => boolean])[] = [
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].map(
    (name) => [name, (is: number, was: number) => is < was] as const,
  ),
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map(
    (name) => [name, (is: number, was: number) => is > was] as const,
  ),
];
