import { createHmac, timingSafeEqual } from 'node:crypto';

/** Placeholders in a payload template. */
export const PLACEHOLDERS = ['body', 'timestamp', 'id', 'url', 'params'] as const;

/** A sender's signature scheme. */
export interface SignatureScheme {
  /** The header that holds the signatures: bare, as `sha256=...`, or in a list such as `t=...,v1=...` or `v1,... v1,...`. */
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** Encoding of the signature. */
  readonly encoding: 'hex' | 'base64';
  /** The signed payload, as a template. */
  readonly payload: string;
  /** Encoding of the secret: the key as text, or base64, with or without the prefix `whsec_`. */
  readonly secretEncoding: 'text' | 'base64';
  /** The header with the time of signing, unless it is `t=` in the signature's header. */
  readonly timestampHeader?: string;
  /** The header with `{id}`. */
  readonly idHeader?: string;
  /** Value of `{url}`, unless it is the URL that was called. */
  readonly url?: string;
  /** Largest difference in seconds between signing and receipt; absent if no time is signed. */
  readonly tolerance?: number;
}

/** A request as received. */
export interface SignedRequest {
  /** Value of the signature header. */
  readonly signature?: string;
  /** Value of the timestamp header. */
  readonly timestamp?: string;
  /** Value of the id header. */
  readonly id?: string;
  /** The URL that was called, without its query. */
  readonly url?: string;
  /** The body, byte for byte. */
  readonly body: string;
  /** When it was received, in seconds since the epoch. */
  readonly receivedAt: number;
}

/** Why a signature is not valid; undefined if it is. Signatures are compared in constant time. */
export function signatureFault(scheme: SignatureScheme, secret: string, request: SignedRequest): string | undefined {
  if (!request.signature) return 'it has no signature';
  const parts = partsOf(request.signature);
  const timestamp = request.timestamp ?? parts.find(({ key }) => key === 't' || key === 'ts')?.value;
  if (scheme.tolerance !== undefined) {
    if (timestamp === undefined || !/^\d{1,15}$/.test(timestamp)) return 'it has no time of signing';
    // Some senders use milliseconds.
    const signedAt = timestamp.length > 11 ? Number(timestamp) / 1000 : Number(timestamp);
    // Not `>`: NaN as time of receipt must not pass.
    if (!(Math.abs(request.receivedAt - signedAt) <= scheme.tolerance))
      return 'it was signed too long ago, or in the future';
  }
  if (scheme.payload.includes('{id}') && !request.id) return 'it has no id';
  const signed = { ...request, timestamp: timestamp ?? '', url: scheme.url ?? request.url };
  const expected = createHmac(scheme.algorithm, keyOf(scheme, secret)).update(payloadOf(scheme, signed)).digest();
  const candidates = parts.map(({ value }) => Buffer.from(value, scheme.encoding));
  const matches = candidates.filter(
    (candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected),
  );
  return matches.length > 0 ? undefined : 'its signature is wrong';
}

function keyOf({ secretEncoding }: SignatureScheme, secret: string): string | Buffer {
  return secretEncoding === 'text' ? secret : Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

function payloadOf({ payload }: SignatureScheme, { body, timestamp = '', id = '', url = '' }: SignedRequest): string {
  return payload.replace(/\{(\w+)\}/g, (unknown, name) => {
    switch (name as (typeof PLACEHOLDERS)[number]) {
      case 'body':
        return body;
      case 'timestamp':
        return timestamp;
      case 'id':
        return id;
      case 'url':
        return url;
      case 'params':
        return paramsOf(body);
      default:
        return unknown;
    }
  });
}

/** The sorted fields of a form, each name followed by its value. */
function paramsOf(body: string): string {
  const fields = [...new URLSearchParams(body)].sort(([a, left], [b, right]) =>
    a === b ? compare(left, right) : compare(a, b),
  );
  return fields.flat().join('');
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Parses `sha256=abc`, `t=1,v1=abc,v1=def`, `ts=1;h1=abc` and `v1,abc v1,def`. A `=` that pads base64 is not a separator.
 */
function partsOf(header: string): { key: string; value: string }[] {
  return header.split(/[\s,;]+/).map((part) => {
    const [, key = '', value = part] = /^(\w{1,10})=(?!=*$)(.+)$/.exec(part) ?? [];
    return { key, value };
  });
}
