import type { BindingKind } from './binding-kind';

/** D1 databases. */
export const d1: BindingKind = {
  resources: ['D1Database', 'SqlMigrations'],
  options: { d1: ({ name, databaseId, id }) => ({ d1Databases: { [name]: (databaseId ?? id)! } }) },
  observed: (graph) => ({
    d1Databases: Object.fromEntries(graph.ofKind('D1Database').map(({ path }) => [path, path])),
  }),
};
