import { hostOfRoute } from '../../core/model/route-host';
import type { EngineWorker } from '../engines/engine-worker';
import type { LocalGraph } from './local-graph';
import { ownWorker } from './own-worker';

/** Prefix of the names of the Workers that listen on others' ports. */
const DOOR = 'lintel-door-';

/** The name of the Worker that listens on another's port. */
export function doorOf(worker: string): string {
  return DOOR + worker;
}

/** Prefix of the names of the Workers in front of those with static files. */
const FRONT = 'lintel-front-';

/** The Worker that gets the run's own requests: a Worker's direct port skips its static files. */
export function entranceOf({ name, assets }: EngineWorker): string {
  return assets ? FRONT + name : name;
}

/** The Workers in front of those with static files. */
export function fronts(workers: readonly EngineWorker[]): readonly EngineWorker[] {
  return workers
    .filter(({ assets }) => assets !== undefined)
    .map((worker) => ({
      name: entranceOf(worker),
      ...ownWorker('front'),
      serviceBindings: { WORKER: { name: worker.name } },
    }));
}

/** The custom domains of a program, with their Workers by name in the account. */
function domainsOf(graph: LocalGraph): readonly { readonly host: string; readonly worker: string }[] {
  return graph
    .ofKind('WorkersCustomDomain')
    .map(({ inputs }) => ({ host: String(inputs.hostname).toLowerCase(), worker: String(inputs.service) }));
}

/** The Worker of a custom domain; undefined for any other host. */
export function workerOfDomain(graph: LocalGraph, host: string): string | undefined {
  return domainsOf(graph).find((domain) => domain.host === host.toLowerCase())?.worker;
}

/**
 * The Workers that listen on the ports of the program's: DNS rebinding is refused, as on every other port of a local
 * run. The program's domains reach their Workers on any port.
 * @param workers their names in the account
 * @param ports ports of Workers, by name; the system chooses the others
 * @param ready resolves when requests may pass; earlier ones wait
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
