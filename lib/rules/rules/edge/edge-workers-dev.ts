import type { Model, Resource } from '../../../core/model/model';
import { at, toBoolean, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { each, type Rule } from '../../rule';

/** A Worker has no second address that goes round what guards the first. */
export const edgeWorkersDev: Rule = {
  id: 'EdgeWorkersDev',
  severity: 'warning',
  title: 'A Worker with a domain has no address on workers.dev, and no public previews',
  why: 'The firewall, rate limits and access rules of the domain do not hold on workers.dev; previews run old versions.',
  fix: 'set enabled and previewsEnabled to false',
  source: 'https://developers.cloudflare.com/workers/configuration/routing/workers-dev/',
  check: each([EDGE.subdomain], function* (subdomain, { model }) {
    if (toBoolean(at(subdomain, 'enabled')) && hasDomain(model, subdomain)) {
      yield {
        resource: subdomain,
        property: 'enabled',
        message: 'answers on workers.dev beside its domain',
        detail: 'enabled',
      };
    }
    if (toBoolean(at(subdomain, 'previewsEnabled'))) {
      yield {
        resource: subdomain,
        property: 'previewsEnabled',
        message: 'shows its previews to everybody',
        detail: 'previewsEnabled',
      };
    }
  }),
};

function hasDomain(model: Model, subdomain: Resource): boolean {
  const script = scriptOf(model, subdomain, 'scriptName');
  return (
    model.ofType(...EDGE.route).some((route) => scriptOf(model, route, 'script') === script) ||
    model.ofType(...EDGE.customDomain).some((domain) => scriptOf(model, domain, 'service') === script)
  );
}

/** The Worker that a resource names: its id in the model, or the name itself. */
function scriptOf(model: Model, resource: Resource, property: string): string | undefined {
  const value = at(resource, property) ?? at(resource, 'scriptName');
  const worker = model.target(value);
  return worker ? (toText(at(worker, 'scriptName')) ?? worker.id) : toText(value);
}
