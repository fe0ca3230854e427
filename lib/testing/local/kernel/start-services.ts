import type { LocalService } from './service';

/**
 * Starts the services: those with an API, which a custom resource may call, then what depends on its response, then the
 * others, which may depend on that.
 */
export async function startServices(services: readonly LocalService[]): Promise<void> {
  const [first, others] = wavesOf(services);
  await startAll(first);
  if (others.length > 0) for (const service of services) await service.attend?.();
  for (const service of services) await service.provision?.();
  await startAll(others);
  await Promise.all(services.map((service) => service.begin?.()));
}

/** If no service provisions anything, all start at once. */
function wavesOf(services: readonly LocalService[]): readonly [readonly LocalService[], readonly LocalService[]] {
  if (!services.some(({ provision }) => provision)) return [services, []];
  return [services.filter(({ api }) => api), services.filter(({ api }) => !api)];
}

/** Waits for all before it throws: one that is still starting an engine could not be stopped. */
async function startAll(services: readonly LocalService[]): Promise<void> {
  const starts = await Promise.allSettled(services.map((service) => service.start?.()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) throw failed.reason;
}
