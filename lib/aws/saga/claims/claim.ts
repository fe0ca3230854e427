import { DATA_LIMIT } from '../outcome';
import type { SagaPlan } from '../plan';

/** The field that stands in the place of what is too large, with the key of its object. */
export const CLAIM = 'lintel:claim';

/** The field that stands in the place of results which a distributed map has written, with the key of their manifest. */
export const RESULTS = 'lintel:results';

/** Beginnings of keys that are no step's; a step begins with a letter. */
export const KEYS = { input: '_input/', answers: '_answers/', parked: '_parked/' } as const;

/** Fewest bytes of what is left in the bucket: what refers to it is hardly shorter. */
export const LEAST = 200;

/**
 * Bytes that a result may have to travel with the saga, so that all of them fit whatever they are: a half of what a saga
 * carries is theirs, in equal parts. The other half is the input's and that of lists.
 */
export function claimShare({ nodes }: SagaPlan): number {
  const results = nodes.map((node) =>
    node.kind === 'each' ? (node.distributed ? 1 : node.maxItems) : node.steps.length,
  );
  return Math.max(LEAST, Math.floor(DATA_LIMIT / 2 / results.reduce((sum, count) => sum + count, 0)));
}

/**
 * The key of what was left in the bucket; undefined where a value is what it is.
 * @param field `RESULTS` for those of a distributed map
 */
export function claimIn(value: unknown, field: typeof CLAIM | typeof RESULTS = CLAIM): string | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined;
  const key = (value as Readonly<Record<string, unknown>>)[field];
  return typeof key === 'string' ? key : undefined;
}
