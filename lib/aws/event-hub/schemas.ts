import { readFileSync } from 'node:fs';
import type { Check } from '../../core/check/check';
import { isJson, isPlain } from '../../core/check/kinds';
import type { Kind } from '../../core/check/shape';
import { isSchema, type JsonSchema } from '../../core/event-schema/json-schema';
import { neverMatches } from '../../core/event-schema/never-matches';
import { isRecord } from '../../core/record';

/** Schemas of event data, by type: JSON Schema, or the path of a file containing one. */
export type EventSchemas = Readonly<Record<string, JsonSchema | string>>;

/** Schemas of a hub. */
export const SCHEMAS: Kind = {
  rule: 'must be an object with a schema per type',
  remedy: () => "write it as { OrderPlaced: 'schemas/order-placed.json' }",
  is: isPlain,
  inside: (schemas: Readonly<Record<string, unknown>>, prop) =>
    Object.entries(schemas).flatMap(([type, schema]): Check[] => [
      {
        prop: `${prop}.${type}`,
        value: schema,
        ofType: true,
        valid: () =>
          typeof schema !== 'boolean' &&
          !isValidator(schema) &&
          isJson(schema) &&
          isSchema(typeof schema === 'string' ? read(schema) : schema),
        rule: 'must be a JSON Schema, or the path of a file containing one',
        remedy: isValidator(schema)
          ? 'convert it to JSON Schema, as z.toJSONSchema(...) does'
          : "write { type: 'object', properties: { ... } }, or a path relative to the working directory",
      },
    ]),
};

/** Whether it is a schema of a validation library, such as Zod. */
function isValidator(schema: unknown): boolean {
  return isRecord(schema) && ['parse', 'validate', '~standard'].some((name) => name in schema);
}

/** Loads the schemas. */
export function schemasOf(schemas: EventSchemas): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => [type, typeof schema === 'string' ? read(schema)! : schema]),
  );
}

function read(path: string): JsonSchema | undefined {
  try {
    const schema = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return isRecord(schema) ? schema : undefined;
  } catch {
    return undefined;
  }
}

/** Checks that types are among a hub's declared ones. */
export function knownTypes(types: readonly string[] | undefined, schemas: object | undefined): Check[] {
  if (schemas === undefined || !Array.isArray(types)) return [];
  const names = Object.keys(schemas);
  return types.map((type, index) => ({
    prop: `types.${index}`,
    value: type,
    valid: () => names.includes(type),
    rule: `must be among the 'events' of the hub (${names.map((name) => `'${name}'`).join(', ')})`,
    remedy: 'fix its name, or give the hub its schema',
  }));
}

/** Checks that what a subscription's pattern asks of the data can occur in at least one of its types. */
export function possibleData(
  detail: Readonly<Record<string, unknown>> | undefined,
  types: readonly string[] | undefined,
  schemas: Readonly<Record<string, JsonSchema>> | undefined,
): Check[] {
  if (schemas === undefined || !isRecord(detail) || !('data' in detail)) return [];
  const chosen = types ?? Object.keys(schemas);
  const verdicts = chosen.map((type) => (schemas[type] ? neverMatches(detail.data, schemas[type]) : undefined));
  const [first] = verdicts;
  // If one of the types may match, the pattern is not dead.
  if (first === undefined || verdicts.some((one) => one === undefined)) return [];
  return [
    {
      prop: `detail.data.${first.place}`,
      value: detail.data,
      valid: () => false,
      rule: `must be able to match: it ${first.why}`,
      remedy: 'fix the pattern, or the schema',
    },
  ];
}
