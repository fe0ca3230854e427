import type { BindingKind } from './binding-kind';

/** KV namespaces. */
export const kv: BindingKind = {
  resources: ['WorkersKvNamespace'],
  options: { kv_namespace: ({ name, namespaceId }) => ({ kvNamespaces: { [name]: namespaceId! } }) },
  observed: (graph) => ({
    kvNamespaces: Object.fromEntries(graph.ofKind('WorkersKvNamespace').map(({ path }) => [path, path])),
  }),
};
