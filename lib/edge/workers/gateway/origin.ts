import type { GatewayConfig } from '../../gateway-config';
import type { Assignment } from './assignment';
import { problem } from './problem';

/** How long an origin may take to begin its answer, in milliseconds. */
const TIMEOUT = 30_000;

/** The address of the origin for a client: that of its variant, else that of its place, else the one for all. */
export function originFor(
  config: GatewayConfig,
  { variants }: Assignment,
  cf: Partial<IncomingRequestCfProperties>,
): string {
  const own = Object.entries(variants).map(
    ([experiment, variant]) => config.experiments[experiment]?.[variant]?.origin,
  );
  const { origins } = config.geo;
  const places = [cf.country, cf.continent];
  return [...own, ...places.map((place) => place && origins[place])].find(Boolean) ?? config.origin;
}

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
  for (const name of [...headers.keys()]) if (/^x-(auth|experiment|flag)-/.test(name)) headers.delete(name);
  headers.set('x-forwarded-host', host);
  headers.set('x-forwarded-proto', protocol.slice(0, -1));
  if (subject !== undefined) headers.set('x-auth-subject', encodeURIComponent(subject));
  for (const [name, variant] of Object.entries(variants)) headers.set(`x-experiment-${name}`, variant);
  for (const [name, on] of Object.entries(flags)) headers.set(`x-flag-${name}`, on ? 'on' : 'off');
  return new Request(target, new Request(request, { headers, redirect: 'manual' }));
}

/** Sends a request to the origin. What goes wrong on the way is an answer as well. */
export async function send(request: Request, service: Fetcher | undefined): Promise<Response> {
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
