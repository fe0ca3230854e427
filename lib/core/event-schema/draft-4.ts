import { isRecord } from '../record';
import { pointed } from './comparison';
import type { JsonSchema } from './json-schema';

/** A place in a schema that draft 4 has no words for. */
export interface NoEquivalent {
  /** JSON pointer: `/properties/total`. */
  readonly pointer: string;
  /** Why it has no equivalent, starting with the verb. */
  readonly why: string;
}

/** A draft 4 JSON Schema, or where it cannot be expressed in draft 4. */
export interface Draft4 {
  readonly schema: JsonSchema;
  readonly faults: readonly NoEquivalent[];
}

/**
 * A schema of draft 6, 7, 2019-09 or 2020-12 in draft 4, which admits the same data; what only describes stays or is left out.
 * @see https://json-schema.org/draft-04
 */
export function inDraft4(schema: JsonSchema): Draft4 {
  const faults: NoEquivalent[] = [];
  const made = convert(schema, '', faults);
  // A reference's target may be elsewhere now.
  const lost = referencesIn(made).filter((one) => one.startsWith('#') && pointed(made, one) === undefined);
  const why = 'is referred to, and is elsewhere in draft 4';
  return { schema: made, faults: [...faults, ...[...new Set(lost)].map((one) => ({ pointer: one.slice(1), why }))] };
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    name === '$ref' && typeof one === 'string' ? [one] : referencesIn(one),
  );
}

function convert(value: unknown, pointer: string, faults: NoEquivalent[]): JsonSchema {
  if (value === true) return {};
  if (!isRecord(value)) return { not: {} };
  if ('$ref' in value) return reference(value, pointer, faults);
  const also: JsonSchema[] = [];
  const made: Record<string, unknown> = {};
  for (const [keyword, inner] of Object.entries(value)) {
    const place = `${pointer}/${escaped(keyword)}`;
    const within = (one: unknown, ...names: (string | number)[]) =>
      convert(one, [place, ...names.map((name) => escaped(String(name)))].join('/'), faults);
    const rule = /^x-/.test(keyword) ? same(keyword) : Object.hasOwn(RULES, keyword) ? RULES[keyword]! : undefined;
    if (rule === undefined) faults.push({ pointer: place, why: 'is a keyword with no equivalent in draft 4' });
    else rule({ inner, made, also, within, schema: value, fault: (why) => faults.push({ pointer: place, why }) });
  }
  if (also.length === 0) return made;
  return { ...made, allOf: [...((made.allOf as JsonSchema[] | undefined) ?? []), ...also] };
}

/** In draft 4 siblings of a reference are ignored. */
function reference({ $ref, ...beside }: JsonSchema, pointer: string, faults: NoEquivalent[]): JsonSchema {
  if (typeof $ref !== 'string' || !/^#(\/|$)/.test($ref))
    faults.push({ pointer: `${pointer}/$ref`, why: 'refers to something outside the schema' });
  const moved = {
    $ref: String($ref)
      .replace(/^#\/\$defs\//, '#/definitions/')
      .replace(/\/\$defs\//g, '/definitions/'),
  };
  if (Object.keys(beside).length === 0) return moved;
  const { definitions, ...rest } = convert(beside, pointer, faults);
  const own = definitions === undefined ? {} : { definitions };
  return Object.keys(rest).length === 0 ? { ...own, ...moved } : { ...own, allOf: [moved, rest] };
}

interface Rewriting {
  readonly inner: unknown;
  readonly made: Record<string, unknown>;
  /** Further constraints. */
  readonly also: JsonSchema[];
  readonly within: (one: unknown, ...names: (string | number)[]) => JsonSchema;
  readonly schema: JsonSchema;
  readonly fault: (why: string) => void;
}

type Rule = (rewriting: Rewriting) => void;

const same =
  (keyword: string): Rule =>
  ({ inner, made }) => {
    made[keyword] = inner;
  };
const dropped: Rule = () => undefined;
const schemaAt =
  (keyword: string): Rule =>
  ({ inner, made, within }) => {
    made[keyword] = within(inner);
  };
const schemasAt =
  (keyword: string): Rule =>
  ({ inner, made, within }) => {
    made[keyword] = listOf(inner).map((one, index) => within(one, index));
  };
const mapAt =
  (keyword: string): Rule =>
  ({ inner, made, within, fault }) => {
    const map = isRecord(inner) ? inner : {};
    const known = (made[keyword] ?? {}) as Record<string, unknown>;
    if (Object.keys(map).some((name) => name in known)) fault('defines a name that is defined elsewhere, too');
    made[keyword] = {
      ...known,
      ...Object.fromEntries(Object.entries(map).map(([name, one]) => [name, within(one, name)])),
    };
  };

/** An exclusive bound is a flag next to the bound. If both are given, the narrower one counts. */
const exclusive =
  (keyword: string, bound: 'minimum' | 'maximum'): Rule =>
  ({ inner, also, made }) => {
    if (typeof inner === 'boolean') made[keyword] = inner;
    else also.push({ [bound]: inner, [keyword]: true });
  };

/** `additionalProperties` and `items` may be true or false in draft 4, too. */
const schemaOrFlag =
  (keyword: string): Rule =>
  ({ inner, made, within }) => {
    made[keyword] = typeof inner === 'boolean' && keyword.startsWith('additional') ? inner : within(inner);
  };

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    [
      ...['title', 'description', 'default', 'format', 'multipleOf', 'maximum', 'minimum', 'maxLength', 'minLength'],
      ...['pattern', 'maxItems', 'minItems', 'uniqueItems', 'maxProperties', 'minProperties', 'enum', 'type'],
    ].map((keyword) => [keyword, same(keyword)]),
  ),
  ...Object.fromEntries(
    [
      ...['$schema', '$id', 'id', '$comment', 'examples', 'example', 'deprecated', 'readOnly', 'writeOnly'],
      ...['contentEncoding', 'contentMediaType', 'contentSchema', '$vocabulary'],
    ].map((keyword) => [keyword, dropped]),
  ),
  required: ({ inner, made }) => {
    // Draft 4 asks for one at least.
    if (listOf(inner).length > 0) made.required = inner;
  },
  const: ({ inner, made, also }) => {
    if ('enum' in made) also.push({ enum: [inner] });
    else made.enum = [inner];
  },
  exclusiveMinimum: exclusive('exclusiveMinimum', 'minimum'),
  exclusiveMaximum: exclusive('exclusiveMaximum', 'maximum'),
  properties: mapAt('properties'),
  patternProperties: mapAt('patternProperties'),
  $defs: mapAt('definitions'),
  definitions: mapAt('definitions'),
  additionalProperties: schemaOrFlag('additionalProperties'),
  additionalItems: schemaOrFlag('additionalItems'),
  items: ({ inner, made, within, schema }) => {
    if (Array.isArray(inner)) made.items = inner.map((one, index) => within(one, index));
    else if ('prefixItems' in schema) made.additionalItems = typeof inner === 'boolean' ? inner : within(inner);
    else made.items = within(inner);
  },
  prefixItems: schemasAt('items'),
  allOf: schemasAt('allOf'),
  anyOf: schemasAt('anyOf'),
  oneOf: schemasAt('oneOf'),
  not: schemaAt('not'),
  if: ({ inner, within, also, schema }) => {
    const condition = within(inner);
    if ('then' in schema) also.push({ anyOf: [{ not: condition }, within(schema.then)] });
    if ('else' in schema) also.push({ anyOf: [condition, within(schema.else)] });
  },
  then: dropped,
  else: dropped,
  contains: ({ inner, within, also, schema, fault }) => {
    if ('minContains' in schema || 'maxContains' in schema) fault('counts list items, which draft 4 cannot');
    also.push({ anyOf: [{ not: { type: 'array' } }, { not: { items: { not: within(inner) } } }] });
  },
  minContains: dropped,
  maxContains: dropped,
  dependentRequired: ({ inner, also }) => {
    const needed = Object.entries(isRecord(inner) ? inner : {}).filter(([, names]) => listOf(names).length > 0);
    if (needed.length > 0) also.push({ dependencies: Object.fromEntries(needed) });
  },
  dependentSchemas: ({ inner, within, also }) => {
    const map = Object.entries(isRecord(inner) ? inner : {});
    also.push({ dependencies: Object.fromEntries(map.map(([name, one]) => [name, within(one, name)])) });
  },
  dependencies: ({ inner, within, also }) => {
    const map = Object.entries(isRecord(inner) ? inner : {});
    const parts = map.flatMap(([name, one]): [string, unknown][] =>
      Array.isArray(one) ? (one.length === 0 ? [] : [[name, one]]) : [[name, within(one, name)]],
    );
    also.push({ dependencies: Object.fromEntries(parts) });
  },
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function escaped(name: string): string {
  return name.replace(/~/g, '~0').replace(/\//g, '~1');
}
