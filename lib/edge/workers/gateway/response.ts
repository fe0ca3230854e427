import type { GatewayConfig } from '../../gateway-config';
import { withCors } from './cors';

/** Headers that make a browser careful, where the origin does not say otherwise. */
const SECURITY: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Headers that tell strangers what runs behind. */
const TELLTALE = ['server', 'x-powered-by', 'x-aspnet-version'];

/** What is known of an answer when it goes back. */
export interface Sent {
  /** A cookie for a new visitor. */
  readonly cookie?: string;
  /** Whether it depends on who asks: on a variant, a flag, a cookie. */
  readonly personal: boolean;
  /** Where the origin sends the client, as clients know it. */
  readonly location?: string;
}

/** The response as the client gets it. */
export function transformed(
  response: Response,
  { headers, cors }: GatewayConfig,
  sent: Sent,
  request: Request,
): Response {
  // The other end of a WebSocket cannot be put into a new response.
  if (response.webSocket) return response;
  const answer = new Response(response.body, response);
  for (const name of [...TELLTALE, ...headers.remove]) answer.headers.delete(name);
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

/** No cache between here and the client gives it to another one. */
function asPrivate(headers: Headers): void {
  if (/no-store/i.test(headers.get('cache-control') ?? '')) return;
  for (const name of ['cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control']) headers.delete(name);
  headers.set('cache-control', 'private, no-cache');
}
