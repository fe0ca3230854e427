import { isRecord } from '../record';

/** A schema of JSON, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The types of JSON that a schema admits; undefined where it does not say. An integer is a number. */
export function typesOf(schema: JsonSchema): readonly string[] | undefined {
  const type = schema.type;
  const named = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : undefined;
  return named && [...new Set(named.map((one) => (one === 'integer' ? 'number' : one)))];
}

/** The schema of a property, through references within the document; undefined where it says nothing of it. */
export function propertyOf(root: JsonSchema, schema: JsonSchema, name: string): JsonSchema | undefined {
  const { properties } = resolved(root, schema);
  const property = isRecord(properties) ? properties[name] : undefined;
  return isRecord(property) ? resolved(root, property) : undefined;
}

/** Whether an object of a schema may have properties that it does not name. */
export function isOpen(root: JsonSchema, schema: JsonSchema): boolean {
  const own = resolved(root, schema);
  const composed = ['allOf', 'anyOf', 'oneOf', 'if', 'patternProperties', 'not'].some((keyword) => keyword in own);
  return composed || own.additionalProperties !== false;
}

/** The names of properties that are required. */
export function requiredOf(schema: JsonSchema): readonly string[] {
  return Array.isArray(schema.required) ? schema.required.map(String) : [];
}

/** What a reference within the document points to. */
export function resolved(root: JsonSchema, schema: JsonSchema, depth = 0): JsonSchema {
  const { $ref: reference } = schema;
  if (typeof reference !== 'string' || !reference.startsWith('#/') || depth > 20) return schema;
  const found = reference
    .slice(2)
    .split('/')
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce<unknown>((one, step) => (isRecord(one) ? one[step] : undefined), root);
  return isRecord(found) ? resolved(root, found, depth + 1) : schema;
}

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

/** Whether a value is a schema as far as it is read here: what its keywords hold is what they may hold. */
export function isSchema(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(CHECKS).every(([keyword, holds]) => !(keyword in value) || holds(value[keyword]));
}

const texts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string');
const schemas = (value: unknown) => isRecord(value) && Object.values(value).every(isSchema);
const oneOrMore = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isSchema);

const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => {
    const names: unknown[] = Array.isArray(value) ? value : [value];
    return names.length > 0 && names.every((name) => typeof name === 'string' && TYPES.includes(name));
  },
  properties: schemas,
  $defs: schemas,
  definitions: schemas,
  items: isSchema,
  additionalProperties: isSchema,
  required: texts,
  enum: (value) => Array.isArray(value) && value.length > 0,
  allOf: oneOrMore,
  anyOf: oneOrMore,
  oneOf: oneOrMore,
  $ref: (value) => typeof value === 'string',
};
