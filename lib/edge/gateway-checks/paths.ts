import type { Check } from '../../core/check/check';
import type { EdgeGatewayArgs } from '../gateway-args';

const PATH = /^([A-Z]+ )?\/[^\s*]*\*?$/;

/** What may stand where paths are named: in `public`, `cache` and `authorizer.scopes`. */
export function pathChecks({ authorizer, public: open = [], cache = {} }: EdgeGatewayArgs): Check[] {
  const scopes = authorizer === 'none' ? {} : (authorizer.scopes ?? {});
  return [
    ...Object.keys(scopes).map((path) => ({
      prop: 'authorizer.scopes',
      value: path,
      valid: () => !open.some((other) => takesIn(other, path)),
      rule: "must not hold a path that is 'public'",
      remedy: 'nobody is asked for a token there; remove it from one of the two',
    })),
    {
      prop: 'public',
      value: open,
      valid: () => authorizer !== 'none' || open.length === 0,
      rule: "has no meaning with 'authorizer' of 'none'",
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
      rule: 'must hold paths, with a method before and * at the end at most',
      remedy: "write '/health' or 'GET /catalog/*'",
    })),
    ...Object.entries(cache).flatMap(([path, seconds]) => [
      {
        prop: `cache.${path}`,
        value: seconds,
        valid: () => Number.isInteger(seconds) && seconds >= 1,
        rule: 'must be a whole number of seconds from 1',
        remedy: 'remove the path to keep nothing',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => /^(GET )?\//.test(path),
        rule: 'must hold paths of GET only',
        remedy: 'leave the method out',
      },
      {
        prop: 'cache',
        value: path,
        valid: () => authorizer === 'none' || open.some((other) => takesIn(other, `GET ${path.split(' ').at(-1)}`)),
        rule: "must hold paths that are 'public'",
        remedy: "add it to 'public': what is kept is given to everybody",
      },
    ]),
  ];
}

/** Whether a pattern takes in requests to a path, with its method or without. */
function takesIn(pattern: string, path: string): boolean {
  const [wide = '', only] = pattern.split(' ').reverse();
  const [narrow = '', method] = path.split(' ').reverse();
  if (only !== undefined && method !== undefined && only !== method) return false;
  return wide.endsWith('*') ? narrow.startsWith(wide.slice(0, -1)) : wide === narrow;
}
