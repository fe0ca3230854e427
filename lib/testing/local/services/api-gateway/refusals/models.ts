import { isRecord, parseJson, text } from '../../../kernel/json';
import { lacking, type Part, type Parts, unless } from './parts';

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const NO_SCHEMA = 'Model schema must have at least 1 property or array items defined';

/** Why API Gateway refuses a model of a REST API: its schema is one of JSON Schema, draft 4. */
export function modelFaults(part: Part, parts: Parts): readonly string[] {
  const { Name, ContentType, Schema } = part.given;
  // Import makes names and schemas of its own.
  if (part.imported) return [];
  const name = text(Name);
  const twice = parts.before(part).some(({ given }) => text(given.Name) === name);
  const schema = typeof Schema === 'string' && Schema !== '' ? parseJson(Schema) : Schema;
  const wrong = typeof Schema === 'string' && Schema !== '' && schema === undefined ? [SCHEMA] : schemaErrors(schema);
  return [
    ...unless(/^[a-zA-Z0-9]+$/, Name, `Model name must be alphanumeric: ${name}`),
    ...(name !== undefined && twice ? ['Model name already exists for this REST API'] : []),
    ...unless(/^[^/]+\/[^/]+$/, ContentType, result(`Invalid content type specified: ${text(ContentType)}`)),
    ...lacking(Schema, NO_SCHEMA),
    ...(wrong.length === 0 ? [] : [`Invalid model specified: ${result([...new Set(wrong)].join(', '))}`]),
  ];
}

const SCHEMA = 'Invalid model schema specified';

/** What is wrong in a schema: only what draft 4 forbids for certain. */
function schemaErrors(schema: unknown): readonly string[] {
  if (!isRecord(schema)) return [];
  const { type, required, enum: values, $ref, properties, items } = schema;
  const types = [type].flat().filter((one) => one !== undefined && one !== null);
  const isWrong =
    types.some((one) => typeof one !== 'string' || !TYPES.includes(one)) ||
    (required !== undefined && required !== null && !isSet(required)) ||
    (values !== undefined && values !== null && !isSet(values));
  const nested = [
    ...Object.values(isRecord(properties) ? properties : {}),
    ...[items, schema.additionalProperties, schema.not].flat(),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((name) => [schema[name]].flat()),
    ...Object.values(isRecord(schema.definitions) ? schema.definitions : {}),
  ];
  return [
    ...(isWrong ? [SCHEMA] : []),
    ...unless(/^(#|https:\/\/apigateway\.[^/]+\/restapis\/)/, $ref, 'Model reference must be in canonical form'),
    ...nested.flatMap(schemaErrors),
  ];
}

/** A list with at least one item and none twice, as `required` and `enum` are. */
function isSet(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const known = value.map((one) => JSON.stringify(one));
  return value.includes(null) || (value.length > 0 && new Set(known).size === known.length);
}

function result(errors: string): string {
  return `Validation Result: warnings : [], errors : [${errors}]`;
}
