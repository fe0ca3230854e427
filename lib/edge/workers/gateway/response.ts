import type { GatewayConfig } from '../../gateway-config';

/** Headers that make a browser careful, where the origin does not say otherwise. */
const SECURITY: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
};

/** Headers that tell strangers what runs behind. */
const TELLTALE = ['server', 'x-powered-by', 'x-aspnet-version'];

/** The response as the client gets it. */
export function transformed(response: Response, { headers }: GatewayConfig, cookie: string | undefined): Response {
  // The other end of a WebSocket cannot be put into a new response.
  if (response.webSocket) return response;
  const answer = new Response(response.body, response);
  for (const name of [...TELLTALE, ...headers.remove]) answer.headers.delete(name);
  for (const [name, value] of Object.entries(SECURITY)) {
    if (!answer.headers.has(name) && !headers.remove.includes(name)) answer.headers.set(name, value);
  }
  for (const [name, value] of Object.entries(headers.set)) answer.headers.set(name, value);
  if (cookie !== undefined) answer.headers.append('set-cookie', cookie);
  return answer;
}
