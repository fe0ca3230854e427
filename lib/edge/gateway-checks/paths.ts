import type { Check } from '../../core/check/check';
import type { EdgeGatewayArgs } from '../gateway-args';

const PATH = /^([A-Z]+ )?\/[^\s*]*\*?$/;

/** Checks of paths: in `public`, `cache` and `authorizer.scopes`. */
export function pathChecks({ authorizer, public: open = [], cache = {} }: EdgeGatewayArgs): Check[] {
  const scopes = authorizer === 'none' ? {} : (authorizer.scopes ?? {});
  return [
    ...Object.keys(scopes).map((path) => ({
      prop: 'authorizer.scopes',
      value: path,
      valid: () => !open.some((other) => takesIn(other, path)),
      rule: "must not contain a path that is 'public'",
      remedy: 'no token is required there; remove it from one of the two',
    })),
    {
      prop: 'public',
      value: open,
      valid: () => authorizer !== 'none' || open.length === 0,
      rule: "has no effect with 'authorizer' 'none'",
      remedy: 'remove it',
    },
    ...[
      ...open.map((path) => ['public', path] as const),
      ...Object.keys(cache).map((path) => ['cache', path] as const),
      ...Object.keys(scopes).map((path) => ['authorizer.scopes', path] as const),
    ].map(([prop, path]) => ({
      prop,
      value: path,
      valid: () => PATH.test(path),
      rule: 'must be paths, optionally with a leading method and a trailing *',
      remedy: "write '/health' or 'GET /catalog/*'",
    })),
    ...Object.entries(cache).flatMap(([path, seconds]) => [
      {
        prop: `cache.${path}`,
        value: seconds,
        valid: () => Number.isInteger(seconds) && seconds >= 1,
        rule: 'must be a whole number of seconds, at least 1',
        remedy: 'remove the path for no caching',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => /^(GET )?\//.test(path),
        rule: 'must be GET paths only',
        remedy: 'leave the method out',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => authorizer === 'none' || open.some((other) => takesIn(other, `GET ${path.split(' ').at(-1)}`)),
        rule: "must be paths that are 'public'",
        remedy: "add it to 'public': cached responses are given to everyone",
      },
    ]),
  ];
}

/** Whether a pattern covers requests to a path, with its method or without. */
function takesIn(pattern: string, path: string): boolean {
  const [wide = '', only] = pattern.split(' ').reverse();
  const [narrow = '', method] = path.split(' ').reverse();
  if (only !== undefined && method !== undefined && only !== method) return false;
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}
