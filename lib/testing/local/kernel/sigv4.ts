import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { header, type HttpRequest } from './call';
import { decode } from '../services/api-gateway/route-match';

/** A signature is refused when its time is further off than this, in milliseconds. */
const MAX_SKEW = 5 * 60 * 1000;

/** What stands in the `Authorization` header of a signed request. */
export interface Signature {
  /** Who signed. */
  readonly accessKeyId: string;
  /** The day, region, service and `aws4_request`. */
  readonly scope: string;
  /** The names of the headers that are signed. */
  readonly signedHeaders: readonly string[];
  /** In hexadecimal. */
  readonly signature: string;
}

/** The signature of a request; undefined where it has none. */
export function readSignature(request: HttpRequest): Signature | undefined {
  const found =
    /^AWS4-HMAC-SHA256\s+Credential=([^/]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
      header(request, 'authorization') ?? '',
    );
  if (!found) return undefined;
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = found;
  return { accessKeyId, scope, signedHeaders: signedHeaders.split(';'), signature };
}

/**
 * Whether a request was signed with a secret, within the last minutes.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function isSignedBy(request: HttpRequest, signature: Signature, secretAccessKey: string): boolean {
  const date = header(request, 'x-amz-date') ?? '';
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(Date.now() - time) <= MAX_SKEW)) return false;
  const text = ['AWS4-HMAC-SHA256', date, signature.scope, sha256(canonical(request, signature))].join('\n');
  const key = signature.scope
    .split('/')
    .reduce<Buffer>((secret, part) => hmac(secret, part), Buffer.from(`AWS4${secretAccessKey}`));
  const expected = hmac(key, text);
  const given = Buffer.from(signature.signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function canonical(request: HttpRequest, { signedHeaders }: Signature): string {
  const query = request.query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return [encode(decode(name)), encode(decode(value.join('=')))] as const;
    })
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join('='));
  const headers = signedHeaders.map((name) => {
    const values = request.headers.filter(([other]) => other === name).map(([, value]) => value);
    return `${name}:${values.map((value) => value.trim().replace(/\s+/g, ' ')).join(',')}\n`;
  });
  return [
    request.method,
    // Every service but S3 encodes the path once more.
    request.path.split('/').map(encode).join('/'),
    query.join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    header(request, 'x-amz-content-sha256') ?? sha256(request.body),
  ].join('\n');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
