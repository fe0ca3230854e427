import type { Check } from './check';

const ORIGIN = /^(\*|[a-z][a-z0-9+.-]*:\/\/[^/\s?#*]+)$/;

/** The rows for allowed origins and credentials, on either cloud. */
export function originChecks(origins: readonly string[], credentials: boolean | undefined): Check[] {
  return [
    ...origins.map((origin) => ({
      prop: 'cors.origins',
      value: origin,
      reads: [origins],
      valid: () => ORIGIN.test(origin) && (!/^https?:/.test(origin) || originOf(origin) === origin),
      rule: "must be '*' or a scheme and a host without a path",
      remedy: "write it as a browser sends it, such as 'https://shop.example.com'",
    })),
    {
      prop: 'cors.credentials',
      value: credentials,
      reads: [origins],
      valid: () => !(credentials && origins.includes('*')),
      rule: "must not be true with the origin '*', which browsers refuse",
      remedy: "name the origins in 'cors.origins', or leave 'cors.credentials' out",
    },
  ];
}

/** An origin as browsers send it: in lower case, without a user or default port. */
function originOf(value: string): string | undefined {
  return URL.canParse(value) ? new URL(value).origin : undefined;
}
