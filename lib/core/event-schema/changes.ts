import { isRecord } from '../record';
import { type JsonSchema, propertyOf, requiredOf, resolved, typesOf } from './json-schema';

/**
 * What the schemas of events have less than before: each is an error for who reads the events, or for what the archive has.
 * What is new and optional is none.
 * @param before by type of event, as they were
 * @param after as they are
 * @returns sentences, none where every reader and every old event is served
 */
export function eventSchemaChanges(
  before: Readonly<Record<string, JsonSchema>>,
  after: Readonly<Record<string, JsonSchema>>,
): readonly string[] {
  return Object.entries(before).flatMap(([type, old]) => {
    const now = after[type];
    return now === undefined ? [`${type} is no longer there`] : narrowed([old, now], [old, now], type);
  });
}

type Both = readonly [JsonSchema, JsonSchema];

function narrowed(roots: Both, [before, after]: Both, place: string, depth = 0): string[] {
  if (depth > 20) return [];
  const [old, now] = [resolved(roots[0], before), resolved(roots[1], after)];
  const [oldTypes, nowTypes] = [typesOf(old), typesOf(now)];
  const changes: string[] = [];
  if (oldTypes && nowTypes && oldTypes.join() !== nowTypes.join())
    changes.push(`${place} was ${oldTypes.join(' or ')} and is ${nowTypes.join(' or ')}`);
  if (old.type === 'number' && now.type === 'integer') changes.push(`${place} was any number and is a whole one`);
  const gone = listOf(old.enum).filter((value) => now.enum !== undefined && !listOf(now.enum).includes(value));
  if (gone.length > 0) changes.push(`${place} is no longer ${gone.map((one) => JSON.stringify(one)).join(' or ')}`);
  if (old.enum === undefined && now.enum !== undefined && now.const === undefined)
    changes.push(`${place} was free and is one of a list`);
  for (const [bound, tighter] of BOUNDS) {
    const [was, is] = [old[bound], now[bound]];
    if (typeof is === 'number' && (typeof was !== 'number' || tighter(is, was)))
      changes.push(`${place} has a narrower ${bound}: ${is}`);
  }
  changes.push(...ofProperties(roots, [old, now], place, depth));
  if (isRecord(old.items) && isRecord(now.items))
    changes.push(...narrowed(roots, [old.items, now.items], `${place}[]`, depth + 1));
  return changes;
}

const BOUNDS: readonly (readonly [string, (is: number, was: number) => boolean])[] = [
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].map(
    (name) => [name, (is: number, was: number) => is < was] as const,
  ),
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map(
    (name) => [name, (is: number, was: number) => is > was] as const,
  ),
];

function ofProperties(roots: Both, [old, now]: Both, place: string, depth: number): string[] {
  const names = isRecord(old.properties) ? Object.keys(old.properties) : [];
  const [needed, neededNow] = [requiredOf(old), requiredOf(now)];
  return [
    ...names.flatMap((name) => {
      const [was, is] = [propertyOf(roots[0], old, name)!, propertyOf(roots[1], now, name)];
      if (is === undefined) return [`${place}.${name} is no longer there`];
      return narrowed(roots, [was, is], `${place}.${name}`, depth + 1);
    }),
    ...needed
      .filter((name) => !neededNow.includes(name))
      .map((name) => `${place}.${name} was always there and may be absent`),
    ...neededNow
      .filter((name) => !needed.includes(name))
      .map((name) => `${place}.${name} is required, and older events do not have it`),
    ...(old.additionalProperties !== false && now.additionalProperties === false && names.length > 0
      ? [`${place} takes no further fields`]
      : []),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
