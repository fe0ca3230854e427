import type { Check } from '../../core/check/check';
import { hostOfRoute } from '../../core/model/route-host';
import type { EdgeGatewayArgs } from '../gateway-args';
import { hostOf } from './address';

/** Checks that no origin is the gateway itself. */
export function loopChecks(args: EdgeGatewayArgs): Check[] {
  return originsOf(args).map(([prop, value]) => ({
    prop,
    value,
    reads: [args.domain?.hostname, ...(args.routes ?? []).map(({ pattern }) => pattern)],
    valid: () => !leadsBack(hostOf(value), args),
    rule: "must not be a URL that the gateway itself serves ('domain', 'routes'): it would call itself endlessly",
    remedy: "name the origin's real host",
  }));
}

/** Every origin that is a URL. */
function originsOf({ origin, experiments = {}, geo: { origins = {} } = {} }: EdgeGatewayArgs) {
  const ofVariants = Object.entries(experiments).flatMap(([name, variants]) =>
    Object.entries(variants).map(([variant, one]) => [`experiments.${name}.${variant}.origin`, one.origin] as const),
  );
  const ofPlaces = Object.entries(origins).map(([place, one]) => [`geo.origins.${place}`, one] as const);
  const all = [['origin', origin] as const, ...ofVariants, ...ofPlaces];
  return all.filter(([, value]) => value !== undefined && !(typeof value === 'object' && 'binding' in value));
}

/** Whether a host is the gateway's own, by its domain or by a route, `*.example.com/*` included. */
function leadsBack(host: string | undefined, { domain, routes = [] }: EdgeGatewayArgs): boolean {
  if (host === undefined) return false;
  if (domain?.hostname === host) return true;
  return routes.some(({ pattern }) => {
    const named = hostOfRoute(String(pattern));
    const rest = named.replace(/^\*\.?/, '');
    if (!named.startsWith('*')) return named === host;
    return host === rest ? !named.startsWith('*.') : host.endsWith(named.startsWith('*.') ? `.${rest}` : rest);
  });
}
