import { isRecord } from '../record';
import { alternativesChanges, equalKeyword } from './compare-rest';
import { type Comparison, type Place, reach, type Side } from './comparison';
import type { JsonSchema } from './json-schema';
import { boundChanges, typeChanges, valueChanges, valueGrowth } from './value-changes';

/** What schemas have less than before. */
export interface SchemaChanges {
  /** Breaking changes for readers or for older events, as sentences. */
  readonly breaking: readonly string[];
  /** Changes that cannot be judged, as sentences. */
  readonly unknown: readonly string[];
}

/**
 * What event schemas guarantee less than before: each is an error for readers or for archived events.
 * New optional parts are not. For an added list value it is unknown whether readers can handle it.
 * @param before by type of event, as they were
 * @param after as they are
 * @returns sentences; none if every reader and every old event is served; also what cannot be judged
 */
export function eventSchemaChanges(
  before: Readonly<Record<string, JsonSchema>>,
  after: Readonly<Record<string, JsonSchema>>,
): readonly string[] {
  const all = Object.entries(before).map(([type, old]): SchemaChanges => {
    const now = after[type];
    if (now === undefined) return { breaking: [`${type} is no longer there`], unknown: [] };
    return schemaChanges({ root: old, schema: old }, { root: now, schema: now }, type);
  });
  return [...all.flatMap(({ breaking }) => breaking), ...all.flatMap(({ unknown }) => unknown)];
}

/**
 * What one schema has less than another was.
 * @param place what they are schemas of, in words
 */
export function schemaChanges(before: Side, after: Side, place: string): SchemaChanges {
  const found: Comparison = { breaking: [], unknown: [], seen: new Set() };
  compare(found, before, after, { at: place });
  return { breaking: [...new Set(found.breaking)], unknown: [...new Set(found.unknown)] };
}

function compare(found: Comparison, before: Side, after: Side, { at }: Place): void {
  const [old, now] = [reach(before), reach(after)];
  if (old === undefined || now === undefined) {
    found.unknown.push(`${at} refers to what is not in the document`);
    return;
  }
  // A schema that refers to itself is looked at once.
  const pair = old.from !== undefined && now.from !== undefined ? `${old.from} ${now.from} ${at.split('.')[0]}` : '';
  if (pair !== '' && found.seen.has(pair)) return;
  found.seen.add(pair);
  const [was, is] = [old.schema, now.schema];
  found.breaking.push(...typeChanges(was, is, at), ...valueChanges(was, is, at), ...boundChanges(was, is, at));
  found.unknown.push(...valueGrowth(was, is, at));
  const within = (keyword: string, name: string, place: string) =>
    compare(found, part(old, keyword, name), part(now, keyword, name), { at: place });
  properties(found, old, now, at, within);
  items(found, old, now, at, within);
  alternativesChanges(found, old, now, at, (was, is, place) => compare(found, was, is, { at: place }));
  for (const keyword of new Set([...Object.keys(was), ...Object.keys(is)])) {
    if (!JUDGED.has(keyword) && !equalKeyword(old, now, keyword))
      found.unknown.push(`${at} has another '${keyword}', whose effect cannot be judged`);
  }
}

/** Keywords that are judged above, and those that do not constrain the data. */
const JUDGED: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'multipleOf', 'uniqueItems', 'required', 'properties', 'items'],
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties', 'additionalProperties', 'prefixItems'],
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties', 'anyOf', 'oneOf', 'patternProperties'],
  ...['$ref', '$defs', 'definitions', '$id', 'id', '$comment', 'title', 'description', 'default', 'examples'],
  ...['example', 'deprecated', 'readOnly', 'writeOnly', 'additionalItems'],
]);

type Within = (keyword: string, name: string, place: string) => void;

function properties(found: Comparison, old: Side, now: Side, at: string, within: Within): void {
  const [was, is] = [old.schema, now.schema];
  const [names, known] = [namesOf(was.properties), namesOf(is.properties)];
  for (const name of names) {
    if (known.includes(name)) within('properties', name, `${at}.${name}`);
    else found.breaking.push(`${at}.${name} is no longer there`);
  }
  const [needed, required] = [textsOf(was.required), textsOf(is.required)];
  const lost = needed.filter((name) => !required.includes(name) && (known.includes(name) || !names.includes(name)));
  const added = required.filter((name) => !needed.includes(name));
  found.breaking.push(
    ...lost.map((name) => `${at}.${name} was always there and may be absent`),
    ...added.map((name) => `${at}.${name} is required, and older events do not have it`),
  );
  const patterns = [namesOf(was.patternProperties), namesOf(is.patternProperties)] as const;
  for (const pattern of patterns[0]) {
    if (patterns[1].includes(pattern)) within('patternProperties', pattern, `${at}./${pattern}/`);
    else found.breaking.push(`${at} has no fields like /${pattern}/ any longer`);
  }
  for (const pattern of patterns[1].filter((one) => !patterns[0].includes(one)))
    found.unknown.push(`${at} says what fields like /${pattern}/ are, and older events may have others`);
  const [further, still] = [was.additionalProperties ?? true, is.additionalProperties ?? true];
  if (further !== false && still === false) found.breaking.push(`${at} takes no further fields`);
  else if (isRecord(further) || (isRecord(still) && further !== false)) within('additionalProperties', '', `${at}.*`);
}

function items(found: Comparison, old: Side, now: Side, at: string, within: Within): void {
  const [was, is] = [tupleOf(old.schema), tupleOf(now.schema)];
  if (was.length !== is.length) {
    found.breaking.push(
      `${at} was a list that begins with ${was.length} items of their own, and is one with ${is.length}`,
    );
    return;
  }
  for (const index of was.keys()) {
    const keyword = 'prefixItems' in old.schema ? 'prefixItems' : 'items';
    const same = keyword in now.schema;
    if (same) within(keyword, String(index), `${at}[${index}]`);
    else found.unknown.push(`${at} is a list that is written in another way`);
  }
  const rest = (schema: JsonSchema) => (Array.isArray(schema.items) ? 'additionalItems' : 'items');
  const [before, after] = [rest(old.schema), rest(now.schema)];
  if (before !== after) return;
  const [all, still] = [old.schema[before], now.schema[after]];
  if (still === false && all !== false && all !== undefined) found.breaking.push(`${at} takes no further items`);
  else if (all !== undefined || still !== undefined) within(before, '', `${at}[]`);
}

function tupleOf({ prefixItems, items: all }: JsonSchema): readonly unknown[] {
  return Array.isArray(prefixItems) ? prefixItems : Array.isArray(all) ? all : [];
}

/** A schema within another, by keyword and name. Without one, anything is allowed. */
function part({ root, schema }: Side, keyword: string, name: string): Side {
  const value = schema[keyword];
  const inner = name === '' ? value : (value as Readonly<Record<string, unknown>>)[name];
  if (inner === false) return { root, schema: { not: {} } };
  return { root, schema: isRecord(inner) ? inner : {} };
}

function namesOf(value: unknown): readonly string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
