import type { GatewayConfig } from '../../gateway-config';
import { withCors } from './cors';

/** Security headers, unless the origin sets them. */
const SECURITY: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Headers that reveal the origin's software. */
const SERVER_HEADERS = ['server', 'x-powered-by', 'x-aspnet-version'];

/** What is known about a response on its way back. */
export interface Sent {
  /** A cookie for a new visitor. */
  readonly cookie?: string;
  /** Whether it depends on the caller: on a variant, a flag, a cookie. */
  readonly personal: boolean;
  /** Redirect target as seen by clients. */
  readonly location?: string;
}

/** The response for the client. */
export function transformed(
  response: Response,
  { headers, cors }: GatewayConfig,
  sent: Sent,
  request: Request,
): Response {
  // A WebSocket cannot be moved into a new response.
  if (response.webSocket) return response;
  const answer = new Response(response.body, response);
  for (const name of [...SERVER_HEADERS, ...headers.remove]) answer.headers.delete(name);
  for (const [name, value] of Object.entries(SECURITY)) {
    if (!answer.headers.has(name) && !headers.remove.includes(name)) answer.headers.set(name, value);
  }
  for (const [name, value] of Object.entries(headers.set)) answer.headers.set(name, value);
  if (sent.location !== undefined) answer.headers.set('location', sent.location);
  if (sent.cookie !== undefined) answer.headers.append('set-cookie', sent.cookie);
  if (cors) withCors(answer.headers, cors, request);
  if (sent.personal) asPrivate(answer.headers);
  return answer;
}

/** Keeps shared caches from storing it. */
function asPrivate(headers: Headers): void {
  if (/no-store/i.test(headers.get('cache-control') ?? '')) return;
  for (const name of ['cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control']) headers.delete(name);
  headers.set('cache-control', 'private, no-cache');
}
