import { WEBHOOK_SECRET_BYTES, WEBHOOK_TOLERANCE } from '../limits';
/** Headers of Standard Webhooks that accompany a signed body. */
export interface SignedHeaders {
  /** Identifies the message; the same for each attempt to send it. */
  readonly 'webhook-id': string;
  /** When it was signed, in seconds since the epoch. */
  readonly 'webhook-timestamp': string;
  /** Signatures, each with its version, separated by spaces. */
  readonly 'webhook-signature': string;
}

const VERSION = 'v1,';

/**
 * Signs a body as in Standard Webhooks: HMAC-SHA256 over id, time and body.
 * @param secret the key in base64, with or without the prefix `whsec_`
 * @throws TypeError for a secret that is not base64
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function sign(
  { id, body, at }: { readonly id: string; readonly body: string; readonly at: Date },
  secret: string,
): Promise<SignedHeaders> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = await crypto.subtle.sign('HMAC', await keyOf(secret, 'sign'), bytesOf(id, timestamp, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `${VERSION}${base64(new Uint8Array(signature))}`,
  };
}

/**
 * Why a body's signature is not valid; undefined if it is. WebCrypto compares in constant time.
 * @param headers of the request, by lower-case name
 */
export async function signatureFault(
  { headers, body, at }: { readonly headers: Headers; readonly body: string; readonly at: Date },
  secret: string,
): Promise<string | undefined> {
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers.get(`webhook-${name}`));
  if (!id || !timestamp || !signatures) return 'it is not signed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'it has no time of signing';
  if (Math.abs(at.getTime() / 1000 - Number(timestamp)) > WEBHOOK_TOLERANCE)
    return 'it was signed too long ago, or in the future';
  const key = await keyOf(secret, 'verify');
  const signed = bytesOf(id, timestamp, body);
  // A sender that rotates its key signs with both.
  for (const signature of signatures.split(' ').filter((each) => each.startsWith(VERSION))) {
    const given = bytes(signature.slice(VERSION.length));
    if (given && (await crypto.subtle.verify('HMAC', key, given, signed))) return undefined;
  }
  return 'its signature is wrong';
}

interface Headers {
  get(name: string): string | null;
}

/** The bytes of a secret; undefined if it is not a Standard Webhooks key: not base64, or too short. */
export function keyBytes(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const raw = bytes(secret.trim().replace(/^whsec_/, ''));
  return raw && raw.length >= WEBHOOK_SECRET_BYTES ? raw : undefined;
}

function keyOf(secret: string, usage: 'sign' | 'verify') {
  const raw = keyBytes(secret);
  if (raw === undefined) {
    throw new TypeError(
      `The secret must be base64 of at least ${WEBHOOK_SECRET_BYTES} bytes, with or without the prefix 'whsec_'`,
    );
  }
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, [usage]);
}

function bytesOf(id: string, timestamp: string, body: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${id}.${timestamp}.${body}`));
}

function bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64(all: Uint8Array): string {
  return btoa(String.fromCharCode(...all));
}
