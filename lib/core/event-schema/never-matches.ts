import { mayMatchOneOf } from '../event-pattern/values-that-match';
import { isRecord } from '../record';
import { isOpen, type JsonSchema, propertyOf, requiredOf, resolved, typesOf } from './json-schema';

/** Where a pattern requires something that no valid data has, and why. */
export interface NeverMatches {
  /** Below the pattern, dotted. */
  readonly place: string;
  /** From its verb on. */
  readonly why: string;
}

/** Whether a pattern cannot match any valid data. Only what the schema rules out is reported. */
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
    const found = name === '$or' ? ofWays(filter, root, schema, path) : ofName(name, filter, root, schema, path);
    if (found) return found;
  }
  return undefined;
}

/** Of several ways none may match. */
function ofWays(
  ways: unknown,
  root: JsonSchema,
  schema: JsonSchema,
  path: readonly string[],
): NeverMatches | undefined {
  const verdicts = Array.isArray(ways) ? ways.map((way) => below(way, root, schema, path)) : [];
  return verdicts.includes(undefined) ? undefined : verdicts[0];
}

function ofName(
  name: string,
  filter: unknown,
  root: JsonSchema,
  schema: JsonSchema,
  path: readonly string[],
): NeverMatches | undefined {
  const place = [...path, name];
  const property = propertyOf(root, schema, name);
  if (property === undefined) {
    const absent = Array.isArray(filter) && filter.some(asksForAbsence);
    return isOpen(root, schema) || absent
      ? undefined
      : { place: place.join('.'), why: 'asks for a field that the schema does not have' };
  }
  if (!Array.isArray(filter)) return below(filter, root, property, place);
  return ofField(filter, root, property, place, requiredOf(resolved(root, schema)).includes(name));
}

function asksForAbsence(item: unknown): boolean {
  return isRecord(item) && item.exists === false;
}

function ofField(
  filter: readonly unknown[],
  root: JsonSchema,
  property: JsonSchema,
  place: readonly string[],
  isRequired: boolean,
): NeverMatches | undefined {
  // A list matches if one of its items does; an empty one counts as absent.
  const items = isRecord(property.items) ? resolved(root, property.items) : undefined;
  const isList = typesOf(property)?.includes('array') === true;
  if (filter.some(asksForAbsence) && (!isRequired || isList || typesOf(property)?.includes('object') !== false))
    return undefined;
  const schema = isList && items ? items : property;
  const values = valuesOf(schema);
  const types = typesOf(schema);
  const present = filter.filter((one) => !asksForAbsence(one));
  const may =
    values === undefined
      ? present.some((one) => mayMatch(one, schema, types))
      : present.length > 0 && mayMatchOneOf(present, values);
  if (may) return undefined;
  const has =
    values !== undefined
      ? `is one of ${JSON.stringify(values)}`
      : isRequired && present.length === 0
        ? 'is always there'
        : `is ${types?.join(' or ') ?? 'another number'}${bounds(schema)}`;
  return { place: place.join('.'), why: `asks for ${JSON.stringify(filter)}, and by the schema it ${has}` };
}

/** Simple values that a schema lists; undefined if it lists none, or others. */
function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  const values =
    'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? (schema.enum as unknown[]) : undefined;
  return values?.every((value) => value === null || typeof value !== 'object') ? values : undefined;
}

const OF_TEXT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'cidr'];

function mayMatch(item: unknown, schema: JsonSchema, types: readonly string[] | undefined): boolean {
  if (!isRecord(item)) {
    if (typeof item === 'number' && !overlaps([item, item], schema)) return false;
    return types === undefined || types.includes(item === null ? 'null' : typeof item);
  }
  const [operator = '', operand] = Object.entries(item)[0] ?? [];
  if (OF_TEXT.includes(operator)) return types === undefined || types.includes('string');
  if (operator !== 'numeric') return true;
  return (types === undefined || types.includes('number')) && overlaps(rangeOf(operand), schema);
}

type Bounds = readonly [least: number, most: number];

/** The numbers of `['>', 1, '<=', 5]`; whether a bound itself is among them makes no difference worth an error. */
function rangeOf(operand: unknown): Bounds {
  const terms: readonly unknown[] = Array.isArray(operand) ? operand : [];
  let [least, most] = [-Infinity, Infinity];
  for (let index = 0; index + 1 < terms.length; index += 2) {
    const [operator, value] = [String(terms[index]), terms[index + 1]];
    if (typeof value !== 'number') continue;
    if (operator !== '<' && operator !== '<=') least = Math.max(least, value);
    if (operator !== '>' && operator !== '>=') most = Math.min(most, value);
  }
  return [least, most];
}

function overlaps([least, most]: Bounds, schema: JsonSchema): boolean {
  const [lower, upper] = boundsOf(schema);
  return most >= lower && least <= upper;
}

function boundsOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): Bounds {
  const numbers = (values: readonly unknown[]) => values.filter((value) => typeof value === 'number');
  return [
    Math.max(-Infinity, ...numbers([minimum, exclusiveMinimum])),
    Math.min(Infinity, ...numbers([maximum, exclusiveMaximum])),
  ];
}

function bounds(schema: JsonSchema): string {
  const [least, most] = boundsOf(schema);
  return `${Number.isFinite(least) ? ` from ${least}` : ''}${Number.isFinite(most) ? ` to ${most}` : ''}`;
}
