import type { GatewayConfig } from '../../gateway-config';
import { assign } from './assignment';
import { asHeader, borne, isForeign, withProtocol } from './bearer';
import { hasBookmark } from './bookmark';
import { cached } from './cache';
import { networkOf } from './client';
import { allowedOrigin, isPreflight, preflight } from './cors';
import { KeysUnavailable, type Surroundings } from './keys';
import { asSeenFromOutside, goesRound, originFor, requestTo, send } from './origin';
import { matches } from './paths';
import { problem } from './problem';
import { lackOf } from './requirements';
import { type Sent, transformed } from './response';
import { type Claims, InvalidToken, verify } from './token';
import { visitorOf } from './visitor';

interface Env {
  readonly CONFIG: GatewayConfig;
  /** The origin, if it is a Worker. */
  readonly ORIGIN?: Fetcher;
  readonly LIMIT?: RateLimit;
  /** Counts by address only, whoever is behind it. */
  readonly LIMIT_ADDRESS?: RateLimit;
}

export default {
  async fetch(request, env, context) {
    const { response, ...sent } = await answer(request, env, context);
    return transformed(response, env.CONFIG, sent, request);
  },
} satisfies ExportedHandler<Env>;

interface Answer extends Sent {
  readonly response: Response;
}

/** A response of the gateway's own. */
function refusal(response: Response): Answer {
  return { response, personal: false };
}

async function answer(request: Request, env: Env, context: ExecutionContext): Promise<Answer> {
  const { CONFIG: config } = env;
  const { pathname } = new URL(request.url);
  const cf = (request.cf ?? {}) as Partial<IncomingRequestCfProperties>;
  if (!isWelcome(config, cf.country)) return refusal(problem(403, 'This service is not available where you are'));
  if (goesRound(request)) return refusal(problem(508, 'The origin leads back to this gateway'));

  const address = `address ${networkOf(request.headers.get('cf-connecting-ip'))}`;
  // Before the token is checked, which costs more.
  if (await isTooMuch(env.LIMIT_ADDRESS, address)) return refusal(tooMany(config));
  if (config.cors && isPreflight(request)) return refusal(preflight(config.cors, request));

  const claims = await authorize(request, pathname, config, context);
  const bearer = claims instanceof Response ? undefined : claims?.sub;
  if (await isTooMuch(env.LIMIT, bearer === undefined ? address : `subject ${bearer}`)) return refusal(tooMany(config));
  if (claims instanceof Response) return refusal(claims);

  const decides = Object.keys({ ...config.experiments, ...config.flags }).length > 0;
  const { id, cookie } = decides ? visitorOf(request, bearer) : { id: '' };
  const assignment = assign(config, id);
  const origin = originFor(config, assignment, cf);
  const found = config.authorizer && claims !== undefined ? borne(request, config.authorizer) : undefined;
  const headers = found && config.authorizer ? asHeader(request.headers, found, config.authorizer) : request.headers;
  const outgoing = requestTo(origin, new Request(request, { headers }), assignment, bearer);
  const keeping = { cache: caches.default, waitUntil: (work: Promise<unknown>) => context.waitUntil(work) };
  const response = await cached(config.cache, pathname, outgoing, keeping, (each) => send(each, env.ORIGIN));
  const location = response.headers.get('location');
  return {
    response: withProtocol(response, request.headers, config.authorizer?.subprotocol),
    cookie,
    personal: decides || response.headers.has('set-cookie') || hasBookmark(response.headers),
    ...(location !== null && { location: asSeenFromOutside(location, origin, request) }),
  };
}

async function isTooMuch(limit: RateLimit | undefined, key: string): Promise<boolean> {
  return limit !== undefined && !(await limit.limit({ key })).success;
}

function tooMany({ limitPeriod }: GatewayConfig): Response {
  return problem(429, 'Too many requests', { 'retry-after': String(limitPeriod) });
}

function isWelcome({ geo: { block, allow } }: GatewayConfig, country = 'XX'): boolean {
  return !block.includes(country) && (allow?.includes(country) ?? true);
}

/** The token's claims; undefined if no token is required; or the refusal. */
async function authorize(
  request: Request,
  pathname: string,
  config: GatewayConfig,
  context: ExecutionContext,
): Promise<Claims | Response | undefined> {
  const { authorizer, cors } = config;
  // A browser sends no token with a preflight.
  if (!authorizer || isPreflight(request) || matches(config.public, request.method, pathname)) return undefined;
  const found = borne(request, authorizer);
  if (found === undefined) return problem(401, 'A token is needed', { 'www-authenticate': 'Bearer' });
  const isTrusted = cors?.credentials === true && allowedOrigin(cors, request) !== undefined;
  if (found.byBrowser && isForeign(request) && !isTrusted) return problem(403, 'A page of another site asked for this');
  try {
    const claims = await verify(found.token, authorizer, await surroundings(context));
    const lack = lackOf(claims, authorizer, request, pathname);
    return lack === undefined ? claims : problem(403, lack.title, lack.scopes && insufficient(lack.scopes));
  } catch (error) {
    if (error instanceof InvalidToken) {
      // The message contains parts of the token itself.
      const safe = error.message.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'");
      const description = `error="invalid_token", error_description="${safe}"`;
      return problem(401, `The token was refused: ${error.message}`, { 'www-authenticate': `Bearer ${description}` });
    }
    if (error instanceof KeysUnavailable) return problem(503, 'Tokens cannot be checked now', { 'retry-after': '30' });
    throw error;
  }
}

function insufficient(scopes: readonly string[]): Readonly<Record<string, string>> {
  return { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` };
}

/** Keys are cached separately from responses. */
async function surroundings(context: ExecutionContext): Promise<Surroundings> {
  const store = await caches.open('lintel-keys').catch(() => undefined);
  return { store, waitUntil: (work) => context.waitUntil(work) };
}
