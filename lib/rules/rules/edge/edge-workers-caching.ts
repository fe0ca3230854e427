import { at, isMap } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { booleans, each, type Rule } from '../../rule';

/** A Worker that checks who asks is asked. */
export const edgeWorkersCaching: Rule = {
  id: 'EdgeWorkersCaching',
  severity: 'warning',
  title: 'No Worker is answered for by Workers Caching',
  why: 'What is kept is given without running the Worker: no token, rate limit, place or firewall of its own is looked at then.',
  fix: 'turn it off for the entrypoint that checks who asks, and keep answers behind it; acknowledge it where everything is for everybody',
  source: 'https://developers.cloudflare.com/workers/cache/configuration/',
  check: each(EDGE.worker, function* (worker) {
    const entrypoints = at(worker, 'exports');
    const own = Object.keys(isMap(entrypoints) ? entrypoints : {}).map((name) => `exports.${name}.cache.enabled`);
    const isDefaultOff = at(worker, 'exports.default.cache.enabled') === false;
    for (const property of ['cacheOptions.enabled', ...own]) {
      if (property === 'cacheOptions.enabled' && isDefaultOff) continue;
      const { values, unknown } = booleans(worker, property);
      yield* unknown;
      if (!values.some(({ value }) => value)) continue;
      yield { resource: worker, property, message: 'is answered for from a cache without running', detail: property };
    }
  }),
};
