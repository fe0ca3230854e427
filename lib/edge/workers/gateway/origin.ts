import type { GatewayConfig } from '../../gateway-config';
import type { Assignment } from './assignment';
import { problem } from './problem';

/** How long an origin may take to start its response, in milliseconds. */
const TIMEOUT = 30_000;

/** The origin's URL for a client: its variant's, or else its location's, or else the default. */
export function originFor(
  config: GatewayConfig,
  { variants }: Assignment,
  cf: { readonly country?: string; readonly continent?: string },
): string {
  const own = Object.entries(variants).map(
    ([experiment, variant]) => config.experiments[experiment]?.[variant]?.origin,
  );
  const { origins } = config.geo;
  const places = [cf.country, cf.continent];
  return [...own, ...places.map((place) => place && origins[place])].find(Boolean) ?? config.origin;
}

/** How many gateways a request may pass through: one that returns to its own gateway loops endlessly. */
const MOST_HOPS = 3;
const HOPS = 'x-lintel-hops';

/** Whether a request has looped. */
export function goesRound(request: Request): boolean {
  return hopsOf(request) >= MOST_HOPS;
}

/** A client can only inflate this number. */
function hopsOf({ headers }: Request): number {
  return Math.max(0, Number(headers.get(HOPS) ?? 0) || 0);
}

/**
 * Headers that a client may not set: its identity, the decisions made, how and from where it came, and what it really
 * requested. Origins treat `X_Auth_Subject` as the same name, so an underscore equals a dash here.
 */
const OWN =
  /^(?:x-(?:auth|experiment|flag|forwarded|original|rewrite)-.*|x-forwarded|forwarded|x-(?:real-ip|client-ip|cluster-client-ip|host|http-method|http-method-override|method-override|lintel-.*)|true-client-ip|client-ip)$/;

/** The request for the origin: caller and decisions in headers that a client cannot forge. */
export function requestTo(
  origin: string,
  request: Request,
  { variants, flags }: Assignment,
  subject: string | undefined,
): Request {
  const { pathname, search, host, protocol } = new URL(request.url);
  const target = new URL(origin);
  target.pathname = `${target.pathname.replace(/\/$/, '')}${pathname}`;
  target.search = search;
  const headers = new Headers(request.headers);
  for (const name of [...headers.keys()]) if (OWN.test(name.replaceAll('_', '-'))) headers.delete(name);
  const address = headers.get('cf-connecting-ip');
  headers.set('x-forwarded-host', host);
  headers.set('x-forwarded-proto', protocol.slice(0, -1));
  headers.set(HOPS, String(hopsOf(request) + 1));
  if (address !== null) headers.set('x-forwarded-for', address);
  if (subject !== undefined) headers.set('x-auth-subject', encodeURIComponent(subject));
  for (const [name, variant] of Object.entries(variants)) headers.set(`x-experiment-${name}`, variant);
  for (const [name, on] of Object.entries(flags)) headers.set(`x-flag-${name}`, on ? 'on' : 'off');
  return new Request(target, new Request(request, { headers, redirect: 'manual' }));
}

/** A URL of the origin as seen by clients: below the gateway, without the origin's path prefix. */
export function asSeenFromOutside(location: string, origin: string, request: Request): string {
  const base = new URL(origin);
  const root = base.pathname.replace(/\/$/, '');
  const requested = new URL(request.url);
  const [own, path] = splitAt(location, base, new URL(root + requested.pathname + requested.search, base));
  if (!own || (path !== root && !path.startsWith(`${root}/`) && !path.startsWith(`${root}?`))) return location;
  return new URL(path.slice(root.length) || '/', requested).href;
}

/** Whether a URL is the origin's, and its part after the host. */
function splitAt(location: string, { host }: URL, from: URL): [own: boolean, path: string] {
  try {
    const there = new URL(location, from);
    return [there.host === host, `${there.pathname}${there.search}${there.hash}`];
  } catch {
    return [false, ''];
  }
}

/** Answers requests instead of the network. */
interface Service {
  fetch(request: Request, init: { signal: AbortSignal }): Promise<Response>;
}

/** Sends a request to the origin. Failures become responses as well. */
export async function send(request: Request, service: Service | undefined): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT);
  try {
    return await (service ?? globalThis).fetch(request, { signal: timeout.signal });
  } catch (error) {
    console.error(`origin ${new URL(request.url).host}: ${String(error)}`);
    return timeout.signal.aborted
      ? problem(504, 'The origin did not answer in time')
      : problem(502, 'The origin cannot be reached');
  } finally {
    clearTimeout(timer);
  }
}
