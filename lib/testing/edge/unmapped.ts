import type { GraphBinding } from './bindings/binding-kind';
import { localBucket } from './bindings/r2';
import type { LocalGraph } from './local-graph';
import { vectorResources } from './vectors/vector-indexes';

/** A binding to something outside the program. */
export interface Unmapped {
  readonly reason: string;
  /** Whether the Worker gets an empty one; otherwise the binding is missing. */
  readonly isEmpty: boolean;
}

/** What a run has besides the program. */
export interface Known {
  /** Running Workers: the program's, and stand-ins. */
  readonly workers: ReadonlySet<string>;
  /** Ids of Hyperdrive configurations with a database. */
  readonly pools: ReadonlySet<string>;
}

/** The unmapped target of a binding; undefined if the program creates it. */
export function unmapped(binding: GraphBinding, graph: LocalGraph, { workers, pools }: Known): Unmapped | undefined {
  const { type, name } = binding;
  const has = (kind: string, key: unknown, field?: string) =>
    graph.ofKind(kind).some(({ path, inputs }) => path === key || (field !== undefined && inputs[field] === key));
  const empty = (what: string, key: unknown): Unmapped => ({
    isEmpty: true,
    reason: `its binding '${name}' is unmapped: the program creates no ${what} '${String(key)}'; it is empty here`,
  });
  const absent = (what: string, key: unknown, remedy: string): Unmapped => ({
    isEmpty: false,
    reason: `its binding '${name}' is unmapped: the program creates no ${what} '${String(key)}'; pass ${remedy}`,
  });
  const stub = (worker: unknown) =>
    `workers: { '${String(worker)}': 'path/of/its/module.ts' } or bindings: { ${name}: ... }`;
  switch (type) {
    case 'd1': {
      const id = binding.databaseId ?? binding.id;
      return has('D1Database', id) ? undefined : empty('database', id);
    }
    case 'kv_namespace':
      return has('WorkersKvNamespace', binding.namespaceId) ? undefined : empty('namespace', binding.namespaceId);
    case 'r2_bucket': {
      const bucket = localBucket(binding.bucketName, binding.jurisdiction);
      const all = graph.ofKind('R2Bucket').map(({ inputs }) => localBucket(inputs.name, inputs.jurisdiction));
      return all.includes(bucket) ? undefined : empty('bucket', bucket);
    }
    case 'queue':
      return has('Queue', binding.queueName, 'queueName') ? undefined : empty('queue', binding.queueName);
    case 'hyperdrive':
      if (pools.has(String(binding.id))) return undefined;
      return absent('configuration', binding.id, `databases: { '${String(binding.id)}': 'postgres://...' }`);
    case 'vectorize':
      if (vectorResources(graph).some(({ inputs }) => inputs.indexName === binding.indexName)) return undefined;
      return absent('index', binding.indexName, `bindings: { ${name}: ... }`);
    case 'service':
      return workers.has(String(binding.service))
        ? undefined
        : absent('Worker', binding.service, stub(binding.service));
    case 'workflow':
    case 'durable_object_namespace': {
      if (binding.className === undefined) {
        const id = binding.namespaceId;
        return absent('namespace', id, `'className' in the program, or bindings: { ${name}: ... }`);
      }
      const { scriptName } = binding;
      if (scriptName === undefined || workers.has(String(scriptName))) return undefined;
      return absent('Worker', scriptName, stub(scriptName));
    }
    default:
      return undefined;
  }
}
