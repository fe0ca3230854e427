import { hostOfRoute } from '../../core/model/route-host';
import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';
import { ownWorker } from './own-worker';

/** Prefix of the names of the Workers that stand on the ports of others. */
const DOOR = 'lintel-door-';

/** The name of the Worker that stands on the port of another. */
export function doorOf(worker: string): string {
  return DOOR + worker;
}

/** Prefix of the names of the Workers that stand before those with static files. */
const FRONT = 'lintel-front-';

/** The Worker that a request of the run itself is sent to: a Worker's own door skips its static files. */
export function entranceOf({ name, assets }: EngineWorker): string {
  return assets ? FRONT + name : name;
}

/** The Workers that stand before those with static files. */
export function fronts(workers: readonly EngineWorker[]): readonly EngineWorker[] {
  return workers
    .filter(({ assets }) => assets !== undefined)
    .map((worker) => ({
      name: entranceOf(worker),
      ...ownWorker('front'),
      serviceBindings: { WORKER: { name: worker.name } },
    }));
}

/** The custom domains of a program, and the Worker that each leads to, by its name in the account. */
function domainsOf(graph: LocalGraph): readonly { readonly host: string; readonly worker: string }[] {
  return graph
    .ofKind('WorkersCustomDomain')
    .map(({ inputs }) => ({ host: String(inputs.hostname).toLowerCase(), worker: String(inputs.service) }));
}

/** The Worker that a custom domain leads to; undefined for a host that is none. */
export function workerOfDomain(graph: LocalGraph, host: string): string | undefined {
  return domainsOf(graph).find((domain) => domain.host === host.toLowerCase())?.worker;
}

/**
 * The Workers that stand on the ports of the program's: a page on the web that resolves a name of its own to this machine
 * is refused, as on every other port of a local run. Domains of the program are names of its Workers, on whosever port: who
 * asks for another one's gets that one.
 * @param workers their names in the account
 * @param ports ports of Workers, by name; the system chooses the others
 * @param ready when requests are let through; those that come before wait
 */
export function doors(
  graph: LocalGraph,
  workers: readonly string[],
  ports: ReadonlyMap<string, number>,
  ready: Promise<void>,
): readonly EngineWorker[] {
  const domains = domainsOf(graph).filter(({ worker }) => workers.includes(worker));
  const hosts = [
    ...graph.ofKind('WorkersCustomDomain').map(({ inputs }) => String(inputs.hostname)),
    ...graph.ofKind('WorkersRoute').map(({ inputs }) => hostOfRoute(String(inputs.pattern))),
  ].map((host) => host.toLowerCase());
  return workers.map((name) => ({
    name: doorOf(name),
    ...ownWorker('door'),
    serviceBindings: {
      WORKER: { name },
      READY: () => ready.then(() => new Response()),
      ...Object.fromEntries(domains.map(({ worker }) => [`WORKER_${worker}`, { name: worker }])),
    },
    bindings: {
      HOSTS: hosts,
      DOMAINS: Object.fromEntries(domains.map(({ host, worker }) => [host, `WORKER_${worker}`])),
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: ports.get(name) ?? 0 }],
  }));
}
