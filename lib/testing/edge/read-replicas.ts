import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';
import { ownWorker } from './own-worker';
import type { Unsupported } from '../local/kernel/unsupported';

/** Prefixes of the names of Workers in front of replicated databases, and of those that create their bindings. */
const COPIES = 'lintel-copies-';
const BINDING = 'lintel-copies-binding-';

/** Databases with read replicas, and the Workers in front of them. */
export interface ReadReplicas {
  readonly workers: readonly EngineWorker[];
  /** Databases whose replicas are not run. */
  readonly unsupported: readonly Unsupported[];
  /**
   * A Worker whose databases have replicas.
   * @param own whether it is of the run itself: what it writes is in the copies at once
   */
  applyTo(worker: EngineWorker, own?: boolean): EngineWorker;
}

/** The replicas of replicated databases: two each, one read while the other is rebuilt. */
export function readReplicas(graph: LocalGraph): ReadReplicas {
  const replicated = graph
    .ofKind('D1Database')
    .filter(({ inputs }) => (inputs.readReplication as { readonly mode?: string } | undefined)?.mode === 'auto');
  const virtual = replicated.filter(({ path }) => hasVirtualTables(graph, path));
  const ids = new Set(replicated.filter((one) => !virtual.includes(one)).map(({ path }) => path));
  const bindings = (id: string) => [
    { name: `${BINDING}${id}`, serviceBindings: { COPIES: { name: COPIES + id } } },
    { name: `${BINDING}own-${id}`, serviceBindings: { COPIES: { name: COPIES + id, entrypoint: 'Own' } } },
  ];
  return {
    workers: [...ids].flatMap((id) => [
      {
        name: COPIES + id,
        ...ownWorker('copies'),
        d1Databases: {
          __D1_BETA__PRIMARY: id,
          __D1_BETA__COPY_A: `${id} copy a`,
          __D1_BETA__COPY_B: `${id} copy b`,
        },
      },
      ...bindings(id).map((binding) => ({ ...binding, ...ownWorker('copies-binding') })),
    ]),
    unsupported: virtual.map(({ path, type }) => ({
      resource: path,
      type,
      reason: 'its copies for reading are not run, since it has virtual tables: sessions read the primary',
    })),
    applyTo(worker, own = false) {
      const all = Object.entries(worker.d1Databases ?? {});
      const copied = all.filter(([, id]) => ids.has(id));
      if (copied.length === 0) return worker;
      const wrapped = copied.map(([name, id]) => [name, { scriptName: `${BINDING}${own ? 'own-' : ''}${id}` }]);
      return {
        ...worker,
        d1Databases: Object.fromEntries(all.filter(([, id]) => !ids.has(id))),
        wrappedBindings: { ...worker.wrappedBindings, ...Object.fromEntries(wrapped) },
      };
    },
  };
}

/** Whether a migration creates a virtual table, which cannot be copied here. */
function hasVirtualTables(graph: LocalGraph, databaseId: string): boolean {
  const migrations = graph.resources.filter(
    ({ kind, inputs }) => kind === 'SqlMigrations' && inputs.databaseId === databaseId,
  );
  return migrations.some(({ inputs }) => /\bcreate\s+virtual\s+table\b/i.test(JSON.stringify(inputs.migrations)));
}
