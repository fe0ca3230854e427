import type { LocalGraph } from './local-graph';

/** Kinds of resources that a run stands in for, or that it has no need of because everything answers on 127.0.0.1. */
const MAPPED: ReadonlySet<string> = new Set([
  'WorkersScript',
  'WorkersScriptSubdomain',
  'WorkersRoute',
  'WorkersCustomDomain',
  'WorkersCronTrigger',
  'D1Database',
  'SqlMigrations',
  'WorkersKvNamespace',
  'R2Bucket',
  'R2BucketEventNotification',
  'Queue',
  'QueueConsumer',
  'HyperdriveConfig',
  'Workflow',
  'Stash',
]);

/** What a run does not have although the program declares it, each with its path. */
export function unmappedResources(graph: LocalGraph): readonly string[] {
  return graph.resources
    .filter(({ type, kind }) => !type.startsWith('lintel:') && !MAPPED.has(kind))
    .map(({ type, path }) => `${path}: ${type}`);
}
