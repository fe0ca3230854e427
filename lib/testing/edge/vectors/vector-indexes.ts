import { vectorize as facts } from '../../../core/facts';
import type { EngineWorker } from '../../engines/engine-worker';
import type { Pace } from '../delays';
import type { LocalGraph, LocalResource } from '../local-graph';
import { ownWorker } from '../own-worker';
import { type IndexSettings, LocalIndex } from './local-index';
import { vectorService } from './vector-service';

/** The indexes of a run. */
export interface VectorIndexes {
  /** The Workers that bindings go through. */
  readonly workers: readonly EngineWorker[];
  /** The index that a resource is. */
  of(resource: LocalResource): LocalIndex;
  /** How many changes are not seen yet. */
  pending(): number;
}

/** The Worker that makes the binding to an index. */
export function vectorWorker(indexName: string): string {
  return `lintel-vectorize-${indexName}`;
}

/** The resources that are indexes of vectors. */
export function vectorResources(graph: LocalGraph): readonly LocalResource[] {
  return graph.resources.filter(({ kind }) => kind === 'VectorIndex');
}

/** @param tell of what finds nothing although nothing is refused */
export function vectorIndexes(graph: LocalGraph, pace: Pace, tell: (message: string) => void): VectorIndexes {
  const visibleAfter = (facts.visibleAfter.value / pace.timeScale) * 1000;
  const indexes = new Map(
    vectorResources(graph).map(({ path, inputs }) => {
      const { indexName, ...settings } = inputs as unknown as IndexSettings & { readonly indexName: string };
      return [path, new LocalIndex({ ...settings, name: indexName, visibleAfter })];
    }),
  );
  return {
    workers: [...indexes.values()].map((index) => ({
      name: vectorWorker(index.settings.name),
      ...ownWorker('vectorize'),
      bindings: { INDEX: index.settings.name },
      serviceBindings: { SERVICE: vectorService(index, tell) },
    })),
    of: ({ path }) => indexes.get(path)!,
    pending: () => [...indexes.values()].reduce((sum, { pending }) => sum + pending, 0),
  };
}
