import type { Check } from '../../core/check/check';
import { within } from '../../core/facts';
import type { GatewayCors } from '../gateway-args';

/** What a CORS policy may hold. @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS */
export function corsChecks({ origins = [], methods = [], credentials, maxAge }: Partial<GatewayCors> = {}): Check[] {
  return [
    ...origins.map((origin) => ({
      prop: 'cors.origins',
      value: origin,
      valid: () =>
        /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s?#*]+)$/.test(origin) &&
        (!/^https?:/.test(origin) || originOf(origin) === origin),
      rule: "must be '*' or a scheme and a host without a path",
      remedy: "write it as a browser sends it, such as 'https://shop.example.com'",
    })),
    ...methods.map((method) => ({
      prop: 'cors.methods',
      value: method,
      valid: () => /^[A-Z]+$/.test(method),
      rule: 'must hold methods in capitals',
      remedy: "write for instance 'GET'",
    })),
    {
      prop: 'cors.credentials',
      value: credentials,
      reads: [origins],
      valid: () => !(credentials && origins.includes('*')),
      rule: "must not be true with the origin '*', which browsers refuse",
      remedy: "name the origins in 'cors.origins', or leave 'cors.credentials' out",
    },
    {
      prop: 'cors.maxAge',
      value: maxAge,
      valid: () => maxAge === undefined || (Number.isInteger(maxAge) && within({ min: 0, max: 86_400 }, maxAge)),
      rule: 'must be a whole number of seconds up to a day',
      remedy: 'set 86400 at most, which no browser exceeds',
    },
  ];
}

/** An address of the web as browsers write its origin: in small letters, without a user and the port that it has anyway. */
function originOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).origin : undefined;
}
