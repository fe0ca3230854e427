import { DATA_LIMIT } from '../outcome';
import type { SagaPlan } from '../plan';

/** The field that replaces a value that is too large, with the key of its object. */
export const CLAIM = 'lintel:claim';

/** The field that replaces results written by a distributed map, with the key of their manifest. */
export const RESULTS = 'lintel:results';

/** Key prefixes that no step has, since a step's name starts with a letter. */
export const KEYS = { input: '_input/', answers: '_answers/', parked: '_parked/' } as const;

/** Fewest bytes worth storing in the bucket: a reference is hardly shorter. */
export const LEAST = 200;

/**
 * Largest result in bytes that travels with the saga, so that all of them fit in any case: half of what a saga
 * carries, in equal shares. The other half is for the input and lists.
 */
export function claimShare({ nodes }: SagaPlan): number {
  const results = nodes.map((node) =>
    node.kind === 'each' ? (node.distributed ? 1 : node.maxItems) : node.steps.length,
  );
  return Math.max(LEAST, Math.floor(DATA_LIMIT / 2 / results.reduce((sum, count) => sum + count, 0)));
}

/**
 * The key of a value stored in the bucket; undefined for a plain value.
 * @param field `RESULTS` for a distributed map's results
 */
export function claimIn(value: unknown, field: typeof CLAIM | typeof RESULTS = CLAIM): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined;
  const key = (value as Readonly<Record<string, unknown>>)[field];
  return typeof key === 'string' ? key : undefined;
}
