import { at, isMap } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { booleans, each, type Rule } from '../../rule';

export const edgeWorkersCaching: Rule = {
  id: 'EdgeWorkersCaching',
  severity: 'warning',
  title: 'No Worker is behind Workers Caching',
  why: 'Cached responses are served without running the Worker, so its own checks of token, rate limit, location or firewall are skipped.',
  fix: 'turn it off for the entrypoint that checks callers, and cache behind it; acknowledge this if all responses are public',
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
