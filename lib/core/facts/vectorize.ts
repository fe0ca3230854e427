import type { Fact, Range } from './fact';

const LIMITS = 'https://developers.cloudflare.com/vectorize/platform/limits/';
const API = 'https://developers.cloudflare.com/vectorize/reference/client-api/';
const FILTERS = 'https://developers.cloudflare.com/vectorize/reference/metadata-filtering/';
const READ = '2026-11-30';

/** Dimensions of the vectors of one index, as 32-bit floats. */
export const dimensions: Fact<Range> = {
  value: { min: 1, max: 1_536 },
  unit: 'dimensions',
  source: LIMITS,
  read: READ,
};

/** How two vectors are compared. */
export const metrics: Fact<readonly string[]> = {
  value: ['cosine', 'euclidean', 'dot-product'],
  unit: 'metrics',
  source: 'https://developers.cloudflare.com/vectorize/best-practices/create-indexes/',
  read: READ,
};

/** Metadata indexes of one index. */
export const metadataIndexes: Fact<number> = { value: 10, unit: 'metadata indexes', source: LIMITS, read: READ };

/** What of a text a metadata index holds. */
export const indexedText: Fact<number> = { value: 64, unit: 'bytes', source: LIMITS, read: READ };

/** The metadata of one vector, as compact JSON. */
export const metadataSize: Fact<number> = { value: 10 * 1024, unit: 'bytes', source: LIMITS, read: READ };

/** The id of a vector, the name of a namespace, and the name of an index. */
export const nameSize: Fact<number> = { value: 64, unit: 'bytes', source: LIMITS, read: READ };

/** Matches of one query that gives ids and scores, and indexed metadata. */
export const matches: Fact<number> = { value: 100, unit: 'matches', source: API, read: READ };

/** Matches of one query that gives values, or all metadata: 20 until March 2026; the service's refusal names 50. */
export const fullMatches: Fact<number> = { value: 50, unit: 'matches', source: API, read: READ };

/** Matches of a query that names no number. */
export const defaultMatches: Fact<number> = { value: 5, unit: 'matches', source: API, read: READ };

/** Vectors of one call of a Worker's binding. */
export const batch: Fact<number> = { value: 1_000, unit: 'vectors', source: LIMITS, read: READ };

/** Ids of one `getByIds`, as the service's refusal (40007) names it. */
export const idsToGet: Fact<number> = { value: 20, unit: 'ids', source: API, read: READ };

/** Ids of one `deleteByIds`, as the service's refusal (40007) names it. */
export const idsToDelete: Fact<number> = { value: 100, unit: 'ids', source: API, read: READ };

/** A filter, as compact JSON: it must have fewer bytes. */
export const filterSize: Fact<number> = { value: 2_048, unit: 'bytes', source: FILTERS, read: READ };

/** The name of a property, in a filter. */
export const filterKey: Fact<number> = { value: 512, unit: 'characters', source: FILTERS, read: READ };

/** Until what was written is found: "a few seconds". */
export const visibleAfter: Fact<number> = { value: 5, unit: 'seconds', source: API, read: READ };
