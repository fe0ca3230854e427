import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a payload may be made of. */
export const PLACEHOLDERS = ['body', 'timestamp', 'id', 'url', 'params'] as const;

/** How a sender signs its requests. */
export interface SignatureScheme {
  /** The header that holds the signatures: bare, as `sha256=...`, or in a list such as `t=...,v1=...` or `v1,... v1,...`. */
  readonly header: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** How the signature is written. */
  readonly encoding: 'hex' | 'base64';
  /** What is signed, with placeholders. */
  readonly payload: string;
  /** How the secret is written: as the text that is the key, or in base64, with or without the prefix `whsec_`. */
  readonly secretEncoding: 'text' | 'base64';
  /** The header that holds the time of signing, where it is not `t=` of the signature's header. */
  readonly timestampHeader?: string;
  /** The header that holds `{id}`. */
  readonly idHeader?: string;
  /** What `{url}` stands for, where it is not the address that was called. */
  readonly url?: string;
  /** Seconds by which the time of signing may differ from that of the receipt; absent where no time is signed. */
  readonly tolerance?: number;
}

/** A request as it was received. */
export interface SignedRequest {
  /** Value of the signature's header. */
  readonly signature?: string;
  /** Value of the timestamp's header. */
  readonly timestamp?: string;
  /** Value of the id's header. */
  readonly id?: string;
  /** The address that was called, without its query. */
  readonly url?: string;
  /** The body, to the byte. */
  readonly body: string;
  /** When it was received, in seconds since the epoch. */
  readonly receivedAt: number;
}

/** Why a request is not what its sender signed; undefined where it is. Signatures are compared in constant time. */
export function signatureFault(scheme: SignatureScheme, secret: string, request: SignedRequest): string | undefined {
  if (!request.signature) return 'it has no signature';
  const parts = partsOf(request.signature);
  const timestamp = request.timestamp ?? parts.find(({ key }) => key === 't' || key === 'ts')?.value;
  if (scheme.tolerance !== undefined) {
    if (timestamp === undefined || !/^\d{1,15}$/.test(timestamp)) return 'it has no time of signing';
    // Some senders count milliseconds.
    const signedAt = timestamp.length > 11 ? Number(timestamp) / 1000 : Number(timestamp);
    // Not `>`: a time of receipt that is no number must not pass.
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

/** The fields of a form, sorted, each name followed by its value. */
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
 * `sha256=abc`, `t=1,v1=abc,v1=def`, `ts=1;h1=abc` and `v1,abc v1,def` alike. The `=` that pads base64 is no separator.
 */
function partsOf(header: string): { key: string; value: string }[] {
  return header.split(/[\s,;]+/).map((part) => {
    const [, key = '', value = part] = /^(\w{1,10})=(?!=*$)(.+)$/.exec(part) ?? [];
    return { key, value };
  });
}
