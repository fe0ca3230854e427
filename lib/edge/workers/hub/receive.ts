import { admit, type Declared, MOST_BYTES } from '../../../runtime/edge/gate';
import type { CloudEvent } from '../../../runtime/events/cloud-event';
import { CLOUD_EVENT } from '../../../runtime/events/over-http';
import { keyBytes, signatureFault } from '../../../runtime/events/signature';

interface Env {
  readonly DECLARED: Declared;
  readonly QUEUE: Queue<CloudEvent>;
  readonly SECRET: string;
}

const STATUS = { AccessDenied: 403, Invalid: 400, Unavailable: 503 } as const;

/** Receives events from another cloud: only those signed with the key, and of the agreed types. */
export default {
  async fetch(request, { DECLARED, QUEUE, SECRET }) {
    if (keyBytes(SECRET) === undefined) {
      // A key known only at deployment could not be checked earlier; without a valid one no event can be accepted.
      console.error("the 'secret' of this address is not a key: it must be base64 of at least 24 bytes");
      return say(500, 'this address has no key that events could be signed with');
    }
    if (request.method !== 'POST') return say(405, 'events must be posted', { allow: 'POST' });
    if (!request.headers.get('content-type')?.startsWith(CLOUD_EVENT)) return say(415, `send ${CLOUD_EVENT}`);
    const body = await bodyOf(request);
    if (body === undefined) return say(413, `an event may have ${MOST_BYTES} bytes`);
    const fault = await signatureFault({ headers: request.headers, body, at: new Date() }, SECRET);
    if (fault !== undefined) {
      console.warn(`refused: ${fault}`);
      return say(401, 'not signed by the sender');
    }
    const [refused] = await admit([parsed(body)], DECLARED, QUEUE);
    if (refused === undefined) return new Response(null, { status: 202 });
    console.warn(`refused: ${refused.message}`);
    return say(STATUS[refused.code], refused.message);
  },
} satisfies ExportedHandler<Env>;

/** The body, unless it is larger than an event may be; reads no further than that. */
async function bodyOf(request: Request): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function say(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain', ...headers } });
}
