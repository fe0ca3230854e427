import type * as Package from 'miniflare';

const STORAGE = 'assets:storage';
const separated = new WeakSet<object>();

/**
 * Gives each Worker's static files their own storage. The engine gives all of them the same name and keeps the first,
 * whose folder would then serve every site of a program.
 */
export function separateStorages({ ASSETS_PLUGIN: plugin }: typeof Package): void {
  if (separated.has(plugin)) return;
  separated.add(plugin);
  const getServices = plugin.getServices.bind(plugin);
  plugin.getServices = async (options) => {
    const services = await getServices(options);
    if (!Array.isArray(services)) return services;
    const own = `${STORAGE}:${options.options.assets?.workerName}`;
    return services.map((service) => {
      if (service.name === STORAGE) return { ...service, name: own };
      if (!('worker' in service) || !service.worker?.bindings) return service;
      const bindings = service.worker.bindings.map((binding) =>
        'service' in binding && binding.service?.name === STORAGE
          ? { ...binding, service: { ...binding.service, name: own } }
          : binding,
      );
      return { ...service, worker: { ...service.worker, bindings } };
    });
  };
}
