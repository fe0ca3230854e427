import { vectorize as facts } from '../../../core/facts';
import { isRecord } from '../../../core/record';
import { VectorError } from './vector-error';

/** The content of the metadata indexes, by property: `a.b` is `b` in `a`. */
export type MetadataIndexes = Readonly<Record<string, string>>;

type Scalar = string | number | boolean;

const COMPARES: Readonly<Record<string, (value: Scalar, operand: Scalar) => boolean>> = {
  $eq: (value, wanted) => value === wanted,
  $ne: (value, wanted) => value !== wanted,
  $lt: (value, wanted) => typeof value === typeof wanted && value < wanted,
  $lte: (value, wanted) => typeof value === typeof wanted && value <= wanted,
  $gt: (value, wanted) => typeof value === typeof wanted && value > wanted,
  $gte: (value, wanted) => typeof value === typeof wanted && value >= wanted,
};

const SETS: Readonly<Record<string, (value: Scalar, wanted: readonly unknown[]) => boolean>> = {
  $in: (value, wanted) => wanted.includes(value),
  $nin: (value, wanted) => !wanted.includes(value),
};

/** A parsed filter. */
export interface Filter {
  /** Properties without a metadata index, which match nothing. */
  readonly unindexed: readonly string[];
  matches(metadata: unknown): boolean;
}

/**
 * Reads a filter as Vectorize does: conditions by property, all of which must hold. A vector whose metadata do not have the property
 * is in no metadata index of it, and so not found by any condition, `$ne` included.
 * @throws VectorError where the service refuses it
 */
export function readFilter(filter: unknown, indexes: MetadataIndexes): Filter {
  if (!isRecord(filter) || Object.keys(filter).length === 0) {
    throw new VectorError('filter must be a non-empty object');
  }
  const size = Buffer.byteLength(JSON.stringify(filter));
  if (size >= facts.filterSize.value) {
    throw new VectorError(
      `filter too large; its JSON must have less than ${facts.filterSize.value} bytes, got ${size}`,
    );
  }
  const conditions = Object.entries(filter).map(([property, condition]) => {
    checkKey(property);
    return { property, holds: conditionOf(property, condition) };
  });
  const unindexed = conditions.map(({ property }) => property).filter((property) => !Object.hasOwn(indexes, property));
  return {
    unindexed,
    matches: (metadata) =>
      unindexed.length === 0 &&
      conditions.every(({ property, holds }) => {
        const value = indexed(metadata, property, indexes[property]!);
        return value !== undefined && holds(value);
      }),
  };
}

/** The indexed value of a vector's metadata; undefined if there is none. */
export function indexed(metadata: unknown, property: string, type: string): Scalar | undefined {
  const value = property
    .split('.')
    .reduce<unknown>((inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), metadata);
  if (typeof value !== type) return undefined;
  return typeof value === 'string' ? begin(value) : (value as Scalar);
}

/** The indexed prefix of a text, in whole characters. */
function begin(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > facts.indexedText.value) break;
    kept += character;
  }
  return kept;
}

function checkKey(key: string): void {
  const parts = key.split('.');
  if (key.length <= facts.filterKey.value && parts.every((part) => part !== '' && !/^\$|["|]/.test(part))) return;
  throw new VectorError(`invalid filter key '${key}'`);
}

function conditionOf(property: string, condition: unknown): (value: Scalar) => boolean {
  if (condition === null) return () => false;
  if (isScalar(condition)) return (value) => value === condition;
  if (!isRecord(condition) || Object.keys(condition).length === 0) {
    throw new VectorError(`invalid filter value of '${property}'`);
  }
  const all = Object.entries(condition).map(([operator, operand]) => operation(property, operator, operand));
  return (value) => all.every((holds) => holds(value));
}

function operation(property: string, operator: string, operand: unknown): (value: Scalar) => boolean {
  const [compare, set] = [COMPARES[operator], SETS[operator]];
  if (compare && operand === null) return () => operator === '$ne';
  if (compare && isScalar(operand)) return (value) => compare(value, operand);
  if (set && Array.isArray(operand) && operand.every(isScalar)) return (value) => set(value, operand);
  if (compare ?? set) throw new VectorError(`invalid value of '${operator}' in the filter of '${property}'`);
  throw new VectorError(`unknown operator '${operator}' in the filter of '${property}'`);
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
