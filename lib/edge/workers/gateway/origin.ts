import type { GatewayConfig } from '../../gateway-config';
import type { Assignment } from './assignment';
import { problem } from './problem';

/** How long an origin may take to begin its answer, in milliseconds. */
const TIMEOUT = 30_000;

/** The address of the origin for a client: that of its variant, else that of its place, else the one for all. */
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

/** So often a request may come through gateways: one that comes back to its own goes round without end. */
const MOST_HOPS = 3;
const HOPS = 'x-lintel-hops';

/** Whether a request has gone in a circle. */
export function goesRound(request: Request): boolean {
  return hopsOf(request) >= MOST_HOPS;
}

/** A client may only say more of them than there were. */
function hopsOf({ headers }: Request): number {
  return Math.max(0, Number(headers.get(HOPS) ?? 0) || 0);
}

/**
 * What a client may not say for itself: who it is, what was decided, from where and over what it came, and what it really asks
 * for. Origins read `X_Auth_Subject` as the same name, so an underscore is a dash here.
 */
const OURS =
  /^(?:x-(?:auth|experiment|flag|forwarded|original|rewrite)-.*|x-forwarded|forwarded|x-(?:real-ip|client-ip|cluster-client-ip|host|http-method|http-method-override|method-override|lintel-.*)|true-client-ip|client-ip)$/;

/** The request as the origin gets it: who asks and what was decided, in headers that a client cannot forge. */
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
  for (const name of [...headers.keys()]) if (OURS.test(name.replaceAll('_', '-'))) headers.delete(name);
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

/** An address at the origin as clients know it: below the gateway, without the path that it stands for. */
export function asSeenFromOutside(location: string, origin: string, request: Request): string {
  const base = new URL(origin);
  const root = base.pathname.replace(/\/$/, '');
  const asked = new URL(request.url);
  const [own, path] = splitAt(location, base, new URL(root + asked.pathname + asked.search, base));
  if (!own || (path !== root && !path.startsWith(`${root}/`) && !path.startsWith(`${root}?`))) return location;
  return new URL(path.slice(root.length) || '/', asked).href;
}

/** Whether an address is the origin's, and what comes after its host. */
function splitAt(location: string, { host }: URL, from: URL): [own: boolean, path: string] {
  try {
    const there = new URL(location, from);
    return [there.host === host, `${there.pathname}${there.search}${there.hash}`];
  } catch {
    return [false, ''];
  }
}

/** What answers requests in place of the network. */
interface Service {
  fetch(request: Request, init: { signal: AbortSignal }): Promise<Response>;
}

/** Sends a request to the origin. What goes wrong on the way is an answer as well. */
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
