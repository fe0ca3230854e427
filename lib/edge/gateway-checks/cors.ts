import type { Check } from '../../core/check/check';
import { originChecks } from '../../core/check/cors';
import { apiGateway, within } from '../../core/facts';
import type { GatewayCors } from '../gateway-args';

/** What a CORS policy may hold. @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS */
export function corsChecks({ origins = [], methods = [], credentials, maxAge }: Partial<GatewayCors> = {}): Check[] {
  return [
    ...originChecks(origins, credentials),
    ...methods.map((method) => ({
      prop: 'cors.methods',
      value: method,
      valid: () => /^[A-Z]+$/.test(method),
      rule: 'must hold methods in capitals',
      remedy: "write for instance 'GET'",
    })),
    {
      prop: 'cors.maxAge',
      value: maxAge,
      valid: () => maxAge === undefined || (Number.isInteger(maxAge) && within(apiGateway.corsAge.value, maxAge)),
      rule: 'must be a whole number of seconds up to a day',
      remedy: 'set 86400 at most, which no browser exceeds',
    },
  ];
}
