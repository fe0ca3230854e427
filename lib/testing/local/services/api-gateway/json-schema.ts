import { isRecord, type JsonObject, asList, number, text } from '../../kernel/json';

/** The schema that a `$ref` names; undefined if unknown. */
export type References = (reference: string) => unknown;

type Check = (value: unknown, schema: JsonObject, references: References) => boolean;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isRecord,
};

/** The keywords that models of REST APIs use; each ignores values it does not apply to. */
const CHECKS: Readonly<Record<string, Check>> = {
  type: (value, { type }) => asList(type).some((one) => TYPES[String(one)]?.(value)),
  enum: (value, schema) => asList(schema.enum).some((one) => equal(one, value)),
  const: (value, schema) => equal(schema.const, value),
  required: (value, { required }) =>
    !isRecord(value) || asList(required).every((name) => Object.hasOwn(value, String(name))),
  properties: (value, { properties }, references) =>
    !isRecord(value) ||
    !isRecord(properties) ||
    Object.entries(properties).every(
      ([name, schema]) => !Object.hasOwn(value, name) || matchesSchema(value[name], schema, references),
    ),
  additionalProperties: (value, { additionalProperties, properties = {}, patternProperties = {} }, references) =>
    !isRecord(value) ||
    Object.keys(value)
      .filter((name) => !(isRecord(properties) && Object.hasOwn(properties, name)))
      .filter((name) => !Object.keys(patternProperties ?? {}).some((pattern) => new RegExp(pattern).test(name)))
      .every((name) => matchesSchema(value[name], additionalProperties, references)),
  patternProperties: (value, { patternProperties }, references) =>
    !isRecord(value) ||
    Object.entries(patternProperties ?? {}).every(([pattern, schema]) =>
      Object.entries(value).every(
        ([name, item]) => !new RegExp(pattern).test(name) || matchesSchema(item, schema, references),
      ),
    ),
  // In draft 4 a list of schemas has one per position, and `additionalItems` covers the rest.
  items: (value, { items, additionalItems = true }, references) =>
    !Array.isArray(value) ||
    value.every((item, index) => {
      const schema = !Array.isArray(items) ? items : index < items.length ? items[index] : additionalItems;
      return matchesSchema(item, schema, references);
    }),
  additionalItems: () => true,
  minItems: (value, { minItems }) => !Array.isArray(value) || value.length >= least(minItems),
  maxItems: (value, { maxItems }) => !Array.isArray(value) || value.length <= most(maxItems),
  uniqueItems: (value, { uniqueItems }) =>
    !Array.isArray(value) ||
    uniqueItems !== true ||
    new Set(value.map((one) => JSON.stringify(one))).size === value.length,
  minLength: (value, { minLength }) => typeof value !== 'string' || value.length >= least(minLength),
  maxLength: (value, { maxLength }) => typeof value !== 'string' || value.length <= most(maxLength),
  pattern: (value, { pattern }) => typeof value !== 'string' || new RegExp(text(pattern) ?? '').test(value),
  minProperties: (value, { minProperties }) => !isRecord(value) || Object.keys(value).length >= least(minProperties),
  maxProperties: (value, { maxProperties }) => !isRecord(value) || Object.keys(value).length <= most(maxProperties),
  minimum: (value, { minimum, exclusiveMinimum }) =>
    typeof value !== 'number' || (exclusiveMinimum === true ? value > least(minimum) : value >= least(minimum)),
  maximum: (value, { maximum, exclusiveMaximum }) =>
    typeof value !== 'number' || (exclusiveMaximum === true ? value < most(maximum) : value <= most(maximum)),
  exclusiveMinimum: () => true,
  exclusiveMaximum: () => true,
  multipleOf: (value, { multipleOf }) =>
    typeof value !== 'number' || Number.isInteger(Number((value / (number(multipleOf) ?? 1)).toPrecision(12))),
  dependencies: (value, { dependencies }, references) =>
    !isRecord(value) ||
    Object.entries(dependencies ?? {}).every(
      ([name, needs]) =>
        !Object.hasOwn(value, name) ||
        (Array.isArray(needs)
          ? needs.every((other) => Object.hasOwn(value, String(other)))
          : matchesSchema(value, needs, references)),
    ),
  allOf: (value, { allOf }, references) => asList(allOf).every((schema) => matchesSchema(value, schema, references)),
  anyOf: (value, { anyOf }, references) => asList(anyOf).some((schema) => matchesSchema(value, schema, references)),
  oneOf: (value, { oneOf }, references) =>
    asList(oneOf).filter((schema) => matchesSchema(value, schema, references)).length === 1,
  $ref: (value, { $ref }, references) => {
    const schema = references(text($ref) ?? '');
    return schema !== undefined && matchesSchema(value, schema, references);
  },
  not: (value, { not }, references) => !matchesSchema(value, not, references),
};

/** Keywords that validate nothing. */
const SILENT = ['$schema', 'title', 'description', 'id', '$id', 'default', 'definitions', 'format', 'example'];

/**
 * Whether a value is valid under a JSON schema (draft 4, as models of REST APIs are).
 * @param references other models, and this one's definitions; a value under an unknown reference is invalid
 */
export function matchesSchema(value: unknown, schema: unknown, references: References = () => undefined): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isRecord(schema)) return true;
  return Object.keys(schema).every((keyword) => !isKnown(keyword) || CHECKS[keyword]!(value, schema, references));
}

/** The unsupported keywords of a schema, at any depth. */
export function unknownKeywords(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(unknownKeywords);
  if (!isRecord(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (['properties', 'patternProperties', 'dependencies', 'definitions'].includes(keyword)) {
      return isRecord(value) ? Object.values(value).flatMap(unknownKeywords) : [];
    }
    if (!isKnown(keyword)) return SILENT.includes(keyword) ? [] : [keyword];
    return ['enum', 'const', 'required', '$ref'].includes(keyword) ? [] : unknownKeywords(value);
  });
}

function isKnown(keyword: string): boolean {
  return Object.hasOwn(CHECKS, keyword);
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function least(bound: unknown): number {
  return number(bound) ?? -Infinity;
}

function most(bound: unknown): number {
  return number(bound) ?? Infinity;
}
