import { vectorize as facts } from '../../../core/facts';
import type { LocalVector } from '../handles';
import { indexed, type MetadataIndexes, readFilter } from './filter';
import type { LocalIndex } from './local-index';
import { VectorError } from './vector-error';

/** What the client sends. */
export interface Query {
  readonly vector?: unknown;
  readonly vectorId?: unknown;
  readonly topK?: unknown;
  readonly namespace?: unknown;
  readonly returnValues?: unknown;
  readonly returnMetadata?: unknown;
  readonly filter?: unknown;
}

/** A score, and which of two is better: 1 for the greater, -1 for the smaller. */
interface Metric {
  readonly better: 1 | -1;
  score(a: readonly number[], b: readonly number[]): number;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

const METRICS: Readonly<Record<string, Metric>> = {
  cosine: {
    better: 1,
    score: (a, b) => {
      const lengths = Math.sqrt(dot(a, a) * dot(b, b));
      return lengths === 0 ? 0 : dot(a, b) / lengths;
    },
  },
  euclidean: { better: -1, score: (a, b) => Math.sqrt(a.reduce((sum, value, at) => sum + (value - b[at]!) ** 2, 0)) },
  'dot-product': { better: -1, score: (a, b) => -dot(a, b) },
};

/**
 * Searches exactly, all vectors one by one; the service does so with `returnValues` only, and else nearly.
 * @param tell of what finds nothing although nothing is refused
 * @throws VectorError where the service refuses the query
 */
export function search(index: LocalIndex, query: Query, tell: (message: string) => void) {
  const { dimensions, metric, metadata, name } = index.settings;
  const { topK = facts.defaultMatches.value, namespace, returnValues = false } = query;
  const level = query.returnMetadata ?? 'none';
  if (!['none', 'indexed', 'all'].includes(level as string)) throw unreadable('returnMetadata');
  if (typeof returnValues !== 'boolean') throw unreadable('returnValues');
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string') throw unreadable('namespace');
  checkCount(topK, returnValues || level === 'all');
  const filter = query.filter === undefined || query.filter === null ? undefined : readFilter(query.filter, metadata);
  for (const property of filter?.unindexed ?? []) {
    tell(`a filter on '${property}' of '${name}' finds nothing: it has no metadata index`);
  }
  const vector = vectorOf(index, query, dimensions);

  const { better, score } = METRICS[metric]!;
  const matches = [...index.seen.values()]
    .filter((each) => namespace === undefined || namespace === null || (each.namespace ?? '') === namespace)
    .filter((each) => filter === undefined || filter.matches(each.metadata))
    .map((each) => ({ each, score: score(vector, each.values) }))
    .sort((a, b) => better * (b.score - a.score))
    .slice(0, topK as number)
    .map(({ each, score }) => ({
      id: each.id,
      score,
      ...(each.namespace !== undefined && { namespace: each.namespace }),
      ...(returnValues && { values: each.values }),
      ...metadataOf(each, level as string, metadata),
    }));
  return { count: matches.length, matches };
}

function vectorOf(index: LocalIndex, { vector, vectorId }: Query, dimensions: number): readonly number[] {
  if (typeof vectorId === 'string') {
    const found = index.seen.get(vectorId);
    if (!found) throw new VectorError(`vector with id '${vectorId}' not found`);
    return found.values;
  }
  if (!Array.isArray(vector) || !vector.every((value) => typeof value === 'number')) throw unreadable('vector');
  if (vector.length !== dimensions) {
    throw new VectorError(
      `invalid query vector, expected ${dimensions} dimensions, and got ${vector.length} dimensions`,
      40006,
    );
  }
  return vector.map(Math.fround);
}

function checkCount(topK: unknown, isFull: boolean): void {
  if (typeof topK !== 'number' || !Number.isInteger(topK)) throw unreadable('topK');
  if (topK < 1) throw new VectorError(`min top K is 1, but got ${topK}`, 40025);
  const [most, full] = [facts.matches.value, facts.fullMatches.value];
  if (isFull && topK > full) {
    throw new VectorError(
      `with returnValues=true or returnMetadata=all, max top K is ${full}, but got ${topK}; for a top K up to ${most}, retry with returnValues=false and returnMetadata=indexed`,
      40025,
    );
  }
  if (topK > most) throw new VectorError(`max top K is ${most}, but got ${topK}`, 40025);
}

function metadataOf({ metadata = {} }: LocalVector, level: string, indexes: MetadataIndexes) {
  if (level === 'none') return {};
  if (level === 'all') return { metadata };
  const held = Object.entries(indexes).map(
    ([property, type]) => [property, indexed(metadata, property, type)] as const,
  );
  return { metadata: nested(held.filter(([, value]) => value !== undefined)) };
}

/** `a.b` as `b` in `a`. */
function nested(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = {};
  for (const [property, value] of entries) {
    const keys = property.split('.');
    let inner = made;
    for (const key of keys.slice(0, -1)) inner = (inner[key] ??= {}) as Record<string, unknown>;
    inner[keys.at(-1)!] = value;
  }
  return made;
}

function unreadable(field: string): VectorError {
  return new VectorError(`Failed to parse the request body as JSON: ${field}: expected value`, 40026);
}
