import type { Model, Resource } from '../../../core/model/model';
import { at, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { booleans, each, type Rule } from '../../rule';

export const edgeWorkersDev: Rule = {
  id: 'EdgeWorkersDev',
  severity: 'warning',
  title: 'A Worker with a domain has no address on workers.dev, and no public previews',
  why: 'The firewall, rate limits and access rules of the domain do not apply on workers.dev; previews run old versions.',
  fix: 'set enabled and previewsEnabled to false',
  source: 'https://developers.cloudflare.com/workers/configuration/routing/workers-dev/',
  check: each([EDGE.subdomain], function* (subdomain, { model }) {
    const domain = hasDomain(model, subdomain);
    if (domain !== 'none') {
      const { values, unknown } = booleans(subdomain, 'enabled');
      yield* unknown;
      const message = 'answers on workers.dev besides its domain';
      if (values.some(({ value }) => value)) {
        if (domain === 'unknown') yield { resource: subdomain, property: 'enabled', reason: UNKNOWN_DOMAIN };
        else yield { resource: subdomain, property: 'enabled', message, detail: 'enabled' };
      }
    }
    const { values, unknown } = booleans(subdomain, 'previewsEnabled');
    yield* unknown;
    if (values.some(({ value }) => value)) {
      const message = 'has public previews';
      yield { resource: subdomain, property: 'previewsEnabled', message, detail: 'previewsEnabled' };
    }
  }),
};

const UNKNOWN_DOMAIN = 'which Worker a domain leads to is known only at deployment';

function hasDomain(model: Model, subdomain: Resource): 'some' | 'none' | 'unknown' {
  const script = scriptOf(model, subdomain, 'scriptName');
  const scripts = [
    ...model.ofType(...EDGE.route).map((route) => scriptOf(model, route, 'script')),
    ...model.ofType(...EDGE.customDomain).map((domain) => scriptOf(model, domain, 'service')),
  ];
  if (script !== undefined && scripts.includes(script)) return 'some';
  return scripts.some((other) => script === undefined || other === undefined) ? 'unknown' : 'none';
}

/** The Worker that a resource names: its id in the model, or the name itself. */
function scriptOf(model: Model, resource: Resource, property: string): string | undefined {
  const value = at(resource, property) ?? at(resource, 'scriptName');
  const worker = model.target(value);
  return worker ? (toText(at(worker, 'scriptName')) ?? worker.id) : toText(value);
}
