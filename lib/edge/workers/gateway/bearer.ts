import type { GatewayConfig } from '../../gateway-config';

/** A token, and where the request carried it. */
export interface Borne {
  readonly token: string;
  /** Whether a browser sends it automatically, whatever page triggers the request. */
  readonly byBrowser?: true;
}

const PROTOCOLS = 'sec-websocket-protocol';

/** The token of a request: in its header, or else where the configuration allows it. */
export function borne(
  { headers }: Request,
  { cookie, subprotocol }: NonNullable<GatewayConfig['authorizer']>,
): Borne | undefined {
  const header = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (header !== undefined) return { token: header };
  const protocols = protocolsOf(headers);
  const named = subprotocol === undefined ? -1 : protocols.indexOf(subprotocol);
  if (named >= 0 && protocols[named + 1] !== undefined) return { token: protocols[named + 1]! };
  if (cookie === undefined) return undefined;
  const pairs = (headers.get('cookie') ?? '').split(/;\s*/).map((pair) => pair.split('='));
  const found = pairs
    .find(([name]) => name === cookie)
    ?.slice(1)
    .join('=');
  return found ? { token: found, byBrowser: true } : undefined;
}

/**
 * Whether another site's page may have made a browser send this: requests that change something, and WebSockets, must state
 * that they come from here.
 */
export function isForeign({ method, headers, url }: Request): boolean {
  const changes = !['GET', 'HEAD'].includes(method) || headers.get('upgrade') !== null;
  return changes && headers.get('origin') !== new URL(url).origin;
}

/** Headers for the origin: the token in one place, wherever it came from. */
export function asHeader(
  from: Headers,
  { token }: Borne,
  { cookie, subprotocol }: NonNullable<GatewayConfig['authorizer']>,
): Headers {
  const headers = new Headers(from);
  headers.set('authorization', `Bearer ${token}`);
  const protocols = protocolsOf(from);
  const named = subprotocol === undefined ? -1 : protocols.indexOf(subprotocol);
  if (named >= 0) headers.set(PROTOCOLS, protocols.filter((_, index) => index !== named + 1).join(', '));
  const rest = (from.get('cookie') ?? '').split(/;\s*/).filter((pair) => pair.split('=')[0] !== cookie);
  if (cookie !== undefined && from.has('cookie')) {
    if (rest.length > 0) headers.set('cookie', rest.join('; '));
    else headers.delete('cookie');
  }
  return headers;
}

/** The response to a WebSocket that offered subprotocols: a browser closes it if none is accepted. */
export function withProtocol(response: Response, offered: Headers, subprotocol: string | undefined): Response {
  const socket = response.webSocket;
  if (!socket || subprotocol === undefined || response.headers.has(PROTOCOLS)) return response;
  if (!protocolsOf(offered).includes(subprotocol)) return response;
  const headers = new Headers(response.headers);
  headers.set(PROTOCOLS, subprotocol);
  return new Response(null, { status: 101, headers, webSocket: socket });
}

function protocolsOf(headers: Headers): string[] {
  return (headers.get(PROTOCOLS) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}
