import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender signs its requests. */
export interface SignatureScheme {
  /** The header that holds the signature; it may be bare, `sha256=...`, or a list such as `t=...,v1=...`. */
  readonly header: string;
  /** Hash of the HMAC. */
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** How the signature is written. */
  readonly encoding: 'hex' | 'base64';
  /** What is signed, with `{timestamp}` and `{body}`. */
  readonly payload: string;
  /** The header that holds the time of signing, where it is not `t=` of the signature's header. */
  readonly timestampHeader?: string;
  /** Seconds by which the time of signing may differ from that of the receipt; absent where no time is signed. */
  readonly tolerance?: number;
}

/** A request as it was received. */
export interface SignedRequest {
  /** Value of the signature's header. */
  readonly signature?: string;
  /** Value of the timestamp's header. */
  readonly timestamp?: string;
  /** The body, to the byte. */
  readonly body: string;
  /** When it was received, in seconds since the epoch. */
  readonly receivedAt: number;
}

/** Why a request is not what its sender signed; undefined where it is. Signatures are compared in constant time. */
export function signatureFault(scheme: SignatureScheme, secret: string, request: SignedRequest): string | undefined {
  if (!request.signature) return 'it has no signature';
  const parts = partsOf(request.signature);
  const timestamp = request.timestamp ?? parts.find(({ key }) => key === 't')?.value;
  if (scheme.tolerance !== undefined) {
    if (timestamp === undefined || !/^\d{1,15}$/.test(timestamp)) return 'it has no time of signing';
    // Some senders count milliseconds.
    const signedAt = timestamp.length > 11 ? Number(timestamp) / 1000 : Number(timestamp);
    if (Math.abs(request.receivedAt - signedAt) > scheme.tolerance)
      return 'it was signed too long ago, or in the future';
  }
  const payload = scheme.payload.replace(/\{(timestamp|body)\}/g, (_, name) =>
    name === 'body' ? request.body : (timestamp ?? ''),
  );
  const expected = createHmac(scheme.algorithm, secret).update(payload).digest();
  const candidates = parts.filter(({ key }) => key !== 't').map(({ value }) => Buffer.from(value, scheme.encoding));
  const matches = candidates.filter(
    (candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected),
  );
  return matches.length > 0 ? undefined : 'its signature is wrong';
}

/** `sha256=abc`, `t=1,v1=abc,v1=def` and `abc` alike. The `=` that pads base64 is no separator. */
function partsOf(header: string): { key: string; value: string }[] {
  return header.split(',').map((part) => {
    const [, key = '', value = part.trim()] = /^\s*(\w{1,10})=(?!=*\s*$)(.+?)\s*$/.exec(part) ?? [];
    return { key, value };
  });
}
