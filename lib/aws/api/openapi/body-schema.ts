import { pointed } from '../../../core/event-schema/comparison';
import { isRecord, type JsonObject, recordOf } from '../../../core/record';

/** Keywords that only describe, and constrain nothing. `discriminator` selects within `oneOf`, which is checked by itself. */
const SAYS_NOTHING = new Set([
  '$comment',
  'contentEncoding',
  'contentMediaType',
  'deprecated',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'readOnly',
  'writeOnly',
  'xml',
]);
/** Keywords next to a reference that constrain nothing either. */
const BESIDE = new Set([...SAYS_NOTHING, 'description', 'title', 'summary', 'default']);
const NAMED = ['properties', 'patternProperties', 'definitions'];
const MANY = ['allOf', 'anyOf', 'oneOf'];
const ONE = ['items', 'not', 'additionalProperties', 'additionalItems'];

/**
 * The schema of an OpenAPI 3.0 or 3.1 body as JSON Schema draft 4, including everything it references. A constraining keyword
 * that draft 4 lacks is kept as it is, for the check of the schema to refuse.
 * @returns undefined when references are circular, which API Gateway models are not known to support
 */
export function bodySchema(content: JsonObject, schema: JsonObject): JsonObject | undefined {
  const isOld = String(content.openapi).startsWith('3.0');
  const definitions: Record<string, unknown> = {};
  const names = new Map<string, string>();
  let circle = false;

  const convert = (value: unknown, via: readonly string[]): unknown => {
    if (value === true) return {};
    if (value === false) return { not: {} };
    if (!isRecord(value)) return value;
    if (typeof value.$ref !== 'string') return converted(value, via);
    const reference = { $ref: `#/definitions/${define(value.$ref, via)}` };
    const { $ref: _, ...beside } = value;
    const more = Object.keys(beside).filter((name) => !BESIDE.has(name) && !name.startsWith('x-'));
    // Draft 4 and OpenAPI 3.0 ignore keywords next to a reference; 3.1 applies both.
    return isOld || more.length === 0 ? reference : { allOf: [reference, converted(beside, via)] };
  };

  const define = (reference: string, via: readonly string[]): string => {
    const plain = reference.replace(/^#\/components\/schemas\//, '').replace(/\W+/g, '_');
    const taken = [...names].some(([other, one]) => one === plain && other !== reference);
    const name = names.get(reference) ?? (taken ? `${plain}_${names.size}` : plain);
    names.set(reference, name);
    if (via.includes(reference)) circle = true;
    else definitions[name] ??= convert(pointed(content, reference), [...via, reference]);
    return name;
  };

  const converted = (given: JsonObject, via: readonly string[]): JsonObject =>
    Object.fromEntries(
      Object.entries(inDraft4(given, isOld)).map(([word, value]) => {
        if (NAMED.includes(word)) {
          return [word, Object.fromEntries(Object.entries(recordOf(value)).map(([n, one]) => [n, convert(one, via)]))];
        }
        if ((MANY.includes(word) || word === 'items') && Array.isArray(value)) {
          return [word, value.map((one) => convert(one, via))];
        }
        const isFlag = word.startsWith('additional') && typeof value === 'boolean';
        return [word, ONE.includes(word) && !isFlag ? convert(value, via) : value];
      }),
    );

  const body = convert(schema, []) as JsonObject;
  if (circle) return undefined;
  return Object.keys(definitions).length === 0 ? body : { ...body, definitions };
}

/** The keywords of one schema, without those of nested schemas. */
function inDraft4(schema: JsonObject, isOld: boolean): JsonObject {
  const { const: only, nullable, $defs, prefixItems, dependentRequired, ...rest } = schema;
  const kept = Object.fromEntries(
    Object.entries(rest).filter(([word]) => !SAYS_NOTHING.has(word) && !word.startsWith('x-')),
  );
  const needed = sent(kept);
  return {
    ...kept,
    ...(needed && { required: needed.length > 0 ? needed : undefined }),
    ...('const' in schema && { enum: [only] }),
    ...(nullable === true && typeof kept.type === 'string' && isOld && { type: [kept.type, 'null'] }),
    ...(nullable === true && !isOld && { nullable }),
    ...($defs !== undefined && { definitions: $defs }),
    ...(prefixItems !== undefined && {
      items: prefixItems,
      ...(kept.items !== undefined && { additionalItems: kept.items }),
    }),
    ...(dependentRequired !== undefined && { dependencies: dependentRequired }),
    ...bound(kept, 'minimum', 'exclusiveMinimum', Math.max),
    ...bound(kept, 'maximum', 'exclusiveMaximum', Math.min),
  };
}

/** What only responses contain is not required in a request. */
function sent({ required, properties }: JsonObject): readonly string[] | undefined {
  if (!Array.isArray(required)) return undefined;
  const all = recordOf(properties);
  return required.map(String).filter((name) => recordOf(all[name]).readOnly !== true);
}

/** A bound that is a number by itself becomes a flag next to the other one. */
function bound(
  schema: JsonObject,
  inclusive: string,
  exclusive: string,
  stricter: (a: number, b: number) => number,
): JsonObject {
  const [limit, beyond] = [schema[inclusive], schema[exclusive]];
  if (typeof beyond !== 'number') return {};
  const both = typeof limit === 'number' ? stricter(limit, beyond) : beyond;
  return { [inclusive]: both, [exclusive]: both === beyond ? true : undefined };
}
