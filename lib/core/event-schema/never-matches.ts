import { isRecord } from '../record';
import { isOpen, type JsonSchema, propertyOf, resolved, typesOf } from './json-schema';

/** Where a pattern asks for what no data of a schema have, and why. */
export interface NeverMatches {
  /** Below the pattern, dotted. */
  readonly place: string;
  /** From its verb on. */
  readonly why: string;
}

/** Whether a pattern can match no data of a schema. Only what the schema rules out is told. */
export function neverMatches(pattern: unknown, schema: JsonSchema): NeverMatches | undefined {
  return below(pattern, schema, schema, []);
}

function below(
  pattern: unknown,
  root: JsonSchema,
  schema: JsonSchema,
  path: readonly string[],
): NeverMatches | undefined {
  if (!isRecord(pattern)) return undefined;
  for (const [name, filter] of Object.entries(pattern)) {
    if (name === '$or') continue;
    const place = [...path, name];
    const property = propertyOf(root, schema, name);
    if (property === undefined) {
      const absent = Array.isArray(filter) && filter.some((one) => isRecord(one) && one.exists === false);
      if (!isOpen(root, schema) && !absent)
        return { place: place.join('.'), why: 'asks for a field that the schema does not have' };
      continue;
    }
    const found = Array.isArray(filter) ? ofField(filter, root, property, place) : below(filter, root, property, place);
    if (found) return found;
  }
  return undefined;
}

function ofField(
  filter: readonly unknown[],
  root: JsonSchema,
  property: JsonSchema,
  place: readonly string[],
): NeverMatches | undefined {
  // A list matches where one of its items does.
  const items = isRecord(property.items) ? resolved(root, property.items) : undefined;
  const schema = typesOf(property)?.includes('array') && items ? items : property;
  const types = typesOf(schema);
  const values = Array.isArray(schema.enum) ? (schema.enum as unknown[]) : undefined;
  if (filter.some((one) => mayMatch(one, types, values))) return undefined;
  const has = values === undefined ? `is ${types?.join(' or ')}` : `is one of ${JSON.stringify(values)}`;
  return { place: place.join('.'), why: `asks for ${JSON.stringify(filter)}, and by the schema it ${has}` };
}

const OF_TEXT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'cidr'];

function mayMatch(
  item: unknown,
  types: readonly string[] | undefined,
  values: readonly unknown[] | undefined,
): boolean {
  if (!isRecord(item)) {
    if (values !== undefined) return values.includes(item);
    return types === undefined || types.includes(item === null ? 'null' : typeof item);
  }
  const [operator = '', operand] = Object.entries(item)[0] ?? [];
  if (OF_TEXT.includes(operator)) {
    if (operator === 'prefix' && typeof operand === 'string' && values !== undefined)
      return values.some((value) => typeof value === 'string' && value.startsWith(operand));
    return types === undefined || types.includes('string');
  }
  if (operator === 'numeric') return types === undefined || types.includes('number');
  if (operator === 'anything-but' && values !== undefined) {
    const excluded = [operand].flat();
    return values.some((value) => !excluded.includes(value));
  }
  return true;
}
