import type { GatewayConfig } from '../../gateway-config';
import { isAmbiguous, isForMethod } from './paths';
import type { Claims } from './token';

/** A requirement that a token fails: a readable reason, and the scopes if these are missing. */
export interface Lack {
  readonly title: string;
  readonly scopes?: readonly string[];
}

/** What a token lacks for a request; undefined if nothing. */
export function lackOf(
  claims: Claims,
  { claims: required, scopes }: NonNullable<GatewayConfig['authorizer']>,
  { method }: Request,
  pathname: string,
): Lack | undefined {
  const wrong = Object.entries(required ?? {}).find(([name, values]) => !allows(claims[name], values));
  if (wrong) return { title: `The token's claim '${wrong[0]}' does not have a required value` };
  const needed = [...new Set(scopesFor(scopes ?? {}, method, pathname))];
  const held = scopesOf(claims);
  const missing = needed.filter((scope) => !held.includes(scope));
  return missing.length === 0 ? undefined : { title: 'The token lacks a required scope', scopes: needed };
}

/** Whether a claim has one of the values, or contains one if it is a list. */
function allows(claim: unknown, values: readonly (string | number | boolean)[]): boolean {
  return [claim].flat().some((one) => values.some((value) => value === one));
}

/**
 * Scopes of all patterns that may apply to a request. A path that an origin may read differently requires the scopes of all
 * paths, including one with parameters (`/orders;x`); case and a trailing slash are no way around them.
 */
function scopesFor(scopes: Readonly<Record<string, readonly string[]>>, method: string, pathname: string): string[] {
  const requested = plain(pathname);
  const isUnclear = isAmbiguous(pathname) || /;|%(?:25)*3b/i.test(pathname);
  return Object.entries(scopes).flatMap(([pattern, needed]) => {
    const [path = '', only] = pattern.split(' ').reverse();
    if (!isForMethod(only, method)) return [];
    const start = path.endsWith('*') ? decoded(path.slice(0, -1)).toLowerCase() : plain(path);
    const isMeant = path.endsWith('*') ? requested.startsWith(start) || `${requested}/` === start : requested === start;
    return isMeant || isUnclear ? needed : [];
  });
}

function plain(path: string): string {
  return decoded(path)
    .toLowerCase()
    .replace(/(?<=.)\/+$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A token's scopes in the formats of RFC 8693 and of some issuers: strings separated by spaces, or lists. */
function scopesOf({ scope, scp }: Claims): string[] {
  return [scope, scp].flat().flatMap((each) => (typeof each === 'string' ? each.split(' ') : []));
}
