import type { Check } from '../../core/check/check';
import { originChecks } from '../../core/check/cors';
import { apiGateway, within } from '../../core/facts';
import type { GatewayCors } from '../gateway-args';

/** Checks of a CORS policy. @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS */
export function corsChecks({ origins = [], methods = [], credentials, maxAge }: Partial<GatewayCors> = {}): Check[] {
  return [
    ...originChecks(origins, credentials),
    ...methods.map((method) => ({
      prop: 'cors.methods',
      value: method,
      valid: () => /^[A-Z]+$/.test(method),
      rule: 'must be methods in upper case',
      remedy: "write 'GET', for instance",
    })),
    {
      prop: 'cors.maxAge',
      value: maxAge,
      valid: () => maxAge === undefined || (Number.isInteger(maxAge) && within(apiGateway.corsAge.value, maxAge)),
      rule: 'must be a whole number of seconds up to a day',
      remedy: 'set at most 86400, which no browser exceeds',
    },
  ];
}
