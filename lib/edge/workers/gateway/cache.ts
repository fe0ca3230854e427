import { hasBookmark, isInSession } from './bookmark';
import { matches } from './paths';

/**
 * Headers that reach the origin on a cached path, all set by the gateway: a response may depend on them, so they are
 * part of the key.
 */
const REACHES_THE_ORIGIN = /^x-(?:forwarded-(?:host|proto)|experiment-.*|flag-.*|lintel-hops)$/;

/** The cache of this location. */
export interface SharedCache {
  match(key: Request): Promise<Response | undefined>;
  put(key: Request, answer: Response): Promise<void>;
}

/** The cache, and the context that waits for it. */
export interface Keeping {
  readonly cache: SharedCache;
  waitUntil(work: Promise<unknown>): void;
}

/** Headers by which an origin controls caches. */
const CONTROLS = ['cache-control', 'cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];

/**
 * Serves from this location's cache, and stores what may be cached. The key is the URL at the origin plus every header
 * that the origin gets, so different hosts and variants never share a response; all other client headers are withheld:
 * what is cached for all cannot depend on one client. A client in a database session is served by the origin. The cache never
 * fails a request: without it, the origin is asked.
 * @param request as the origin receives it
 */
export async function cached(
  seconds: Readonly<Record<string, number>>,
  pathname: string,
  request: Request,
  keeping: Keeping,
  answer: (request: Request) => Promise<Response>,
): Promise<Response> {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const pattern = reads ? matches(Object.keys(seconds), 'GET', pathname) : undefined;
  if (pattern === undefined) return answer(request);
  if (isInSession(request)) return marked(await answer(request), 'BYPASS');
  const key = keyOf(request);
  const kept = await lookUp(keeping.cache, key);
  if (kept) return marked(withoutBody(kept, request), 'HIT');
  const anonymous = new Request(request);
  for (const name of [...anonymous.headers.keys()]) {
    if (!REACHES_THE_ORIGIN.test(name)) anonymous.headers.delete(name);
  }
  const response = await answer(anonymous);
  const age = request.method === 'GET' ? keptFor(response, seconds[pattern]!) : 0;
  if (age > 0) {
    const copy = new Response(response.clone().body, response);
    for (const name of [...CONTROLS, 'expires', 'pragma', 'age']) copy.headers.delete(name);
    copy.headers.set('cache-control', `public, max-age=${age}`);
    keeping.waitUntil(keeping.cache.put(key, copy).catch(() => undefined));
  }
  return marked(response, 'MISS');
}

function keyOf(request: Request): Request {
  const forwarded = [...request.headers].filter(([name]) => REACHES_THE_ORIGIN.test(name)).sort();
  const address = new URL(request.url);
  // Includes the URL, so that a client that sets this parameter itself cannot reach another one's response.
  address.searchParams.set('lintel-headers', JSON.stringify([request.url, ...forwarded]));
  return new Request(address);
}

async function lookUp(cache: SharedCache, key: Request): Promise<Response | undefined> {
  try {
    return await cache.match(key);
  } catch {
    return undefined;
  }
}

/** Seconds for which a response may be cached for everyone: at most this long, and no longer than its origin says. */
export function keptFor({ status, headers }: Pick<Response, 'status' | 'headers'>, most: number): number {
  const vary = (headers.get('vary') ?? '').toLowerCase().split(',');
  const varies = vary.map((name) => name.trim()).some((name) => name !== '' && name !== 'accept-encoding');
  if (status !== 200 || varies || headers.has('set-cookie') || headers.has('www-authenticate')) return 0;
  if (hasBookmark(headers)) return 0;
  if (/no-cache/i.test(headers.get('pragma') ?? '')) return 0;
  const controls = CONTROLS.map((name) => directivesOf(headers.get(name)));
  if (controls.some((directives) => PRIVATE.some((name) => directives.has(name)))) return 0;
  const ages = controls.flatMap((directives) => ['s-maxage', 'max-age'].map((name) => directives.get(name)));
  const stated = ages.filter((age) => age !== undefined).map((age) => (/^\d+$/.test(age) ? Number(age) : 0));
  const expires = headers.get('expires');
  // An invalid date, such as 0, counts as the past.
  if (stated.length === 0 && expires !== null) stated.push(Math.max(0, (Date.parse(expires) - Date.now()) / 1000 || 0));
  const passed = Number(headers.get('age') ?? 0) || 0;
  return Math.max(0, Math.floor(Math.min(most, ...stated.map((age) => age - passed))));
}

const PRIVATE = ['private', 'no-store', 'no-cache'];

/** `Private="Set-Cookie", max-age=0`: names are case-insensitive, and quoted values may contain commas. */
function directivesOf(header: string | null): ReadonlyMap<string, string> {
  const found = [...(header ?? '').matchAll(/([^\s=,;"]+)\s*(?:=\s*(?:"([^"]*)"?|([^\s,;"]*)))?/g)];
  return new Map(found.map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? '']));
}

function withoutBody(response: Response, { method }: Request): Response {
  return method === 'HEAD' ? new Response(null, response) : response;
}

function marked(response: Response, state: 'HIT' | 'MISS' | 'BYPASS'): Response {
  const answer = new Response(response.body, response);
  answer.headers.set('x-cache', state);
  return answer;
}
