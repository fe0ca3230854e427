import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { header, type HttpRequest } from './call';
import { decode } from '../services/api-gateway/route-match';

/** A Signature Version 4, in the `Authorization` header or the query of a presigned URL. */
export interface Signature {
  readonly accessKeyId: string;
  /** The day, region, service and `aws4_request`. */
  readonly scope: string;
  /** The service's signing name: `dynamodb`. */
  readonly service: string;
  /** The names of the headers that are signed. */
  readonly signedHeaders: readonly string[];
  /** When it was made: `20260101T120000Z`. */
  readonly date: string;
  /** In hexadecimal. */
  readonly signature: string;
  /** The session token, if the keys belong to a session. */
  readonly sessionToken?: string;
  /** A presigned URL's validity in seconds, as written; absent for a signature in the header. */
  readonly expires?: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The host's pseudo-header in HTTP/2. */
export const AUTHORITY = ':authority';

/** The signature of a request; undefined if it has none, or a different kind. */
export function readSignature(request: HttpRequest): Signature | undefined {
  return inHeader(request) ?? inQuery(request);
}

function inHeader(request: HttpRequest): Signature | undefined {
  const authorization = header(request, 'authorization') ?? '';
  if (!/^AWS4-HMAC-SHA256\s/.test(authorization)) return undefined;
  const parts = authorization
    .slice(ALGORITHM.length)
    .split(',')
    .map((one) => one.trim());
  const part = (name: string) => parts.find((one) => one.startsWith(name))?.slice(name.length) ?? '';
  return signatureOf(part('Credential='), {
    signedHeaders: part('SignedHeaders=').split(';'),
    signature: part('Signature='),
    date: header(request, 'x-amz-date') ?? '',
    sessionToken: header(request, 'x-amz-security-token'),
  });
}

function inQuery({ query }: HttpRequest): Signature | undefined {
  if (!/(^|&)X-Amz-Algorithm=AWS4-HMAC-SHA256(&|$)/.test(query)) return undefined;
  const values = new Map(pairsOf(query));
  return signatureOf(values.get('X-Amz-Credential') ?? '', {
    signedHeaders: (values.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: values.get('X-Amz-Signature') ?? '',
    date: values.get('X-Amz-Date') ?? '',
    sessionToken: values.get('X-Amz-Security-Token'),
    expires: values.get('X-Amz-Expires') ?? '',
  });
}

/** The key id and scope in a signature's credential. */
export function credentialOf(credential: string): Pick<Signature, 'accessKeyId' | 'scope' | 'service'> {
  const [accessKeyId = '', ...scope] = credential.split('/');
  return { accessKeyId, scope: scope.join('/'), service: scope[2] ?? '' };
}

function signatureOf(
  credential: string,
  rest: Omit<Signature, 'accessKeyId' | 'scope' | 'service' | 'sessionToken' | 'expires'> & {
    readonly sessionToken: string | undefined;
    readonly expires?: string;
  },
): Signature {
  const { sessionToken, ...others } = rest;
  return { ...credentialOf(credential), ...others, ...(sessionToken !== undefined && { sessionToken }) };
}

/** A signature's date as a timestamp; NaN if it is invalid. */
export function momentOf(date: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/**
 * Whether a signature was made with a secret, for exactly this request. Does not check its age.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedBy(request: HttpRequest, signature: Signature, secretAccessKey: string): boolean {
  if (!signature.scope.startsWith(`${signature.date.slice(0, 8)}/`)) return false;
  const text = [ALGORITHM, signature.date, signature.scope, sha256(canonical(request, signature))].join('\n');
  return matches(signature.signature, hmac(signingKey(secretAccessKey, signature.scope), text));
}

const signingKeys = new Map<string, Buffer>();
const MAX_KEYS = 1000;

/** The signing key for a day, region and service. It is valid for a day, and cached. */
export function signingKey(secretAccessKey: string, scope: string): Buffer {
  const name = `${secretAccessKey} ${scope}`;
  const known = signingKeys.get(name);
  if (known) return known;
  const first = Buffer.from(`AWS4${secretAccessKey}`);
  const key = scope.split('/').reduce<Buffer>((secret, part) => hmac(secret, part), first);
  // Clients choose the scope.
  if (signingKeys.size >= MAX_KEYS) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

/** Compares a hexadecimal signature with the expected one in constant time. */
export function matches(given: string, expected: Buffer): boolean {
  const bytes = Buffer.from(given, 'hex');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

function canonical(request: HttpRequest, { signedHeaders, service, expires }: Signature): string {
  const query = pairsOf(request.query)
    .filter(([name]) => expires === undefined || name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map((pair) => pair.join('='));
  const sent = valuesByName(request.headers);
  const headers = signedHeaders.map((name) => `${name}:${sent.get(name === AUTHORITY ? 'host' : name) ?? ''}\n`);
  return [
    request.method,
    pathFor(service, request.path),
    query.join('&'),
    headers.join(''),
    signedHeaders.join(';'),
    payloadOf(request, service, expires !== undefined),
  ].join('\n');
}

/** The values of each header, as signed. */
function valuesByName(headers: HttpRequest['headers']): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const plain = value.trim().replace(/\s+/g, ' ');
    const first = values.get(name);
    values.set(name, first === undefined ? plain : `${first},${plain}`);
  }
  return values;
}

/** S3 signs the path as it is; all others normalize it and encode it once more. */
function pathFor(service: string, path: string): string {
  if (path === '/') return path;
  const encoded = (text: string) => text.split('/').map(encode).join('/');
  if (service === 's3')
    return path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/');
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return encoded(`/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`);
}

/** Only S3 uses the sender's body hash, and verifies it itself; all others hash the received body. */
function payloadOf(request: HttpRequest, service: string, presigned: boolean): string {
  if (service !== 's3') return sha256(request.body);
  const said = header(request, 'x-amz-content-sha256') ?? new Map(pairsOf(request.query)).get('X-Amz-Content-Sha256');
  return said ?? (presigned ? 'UNSIGNED-PAYLOAD' : sha256(request.body));
}

function pairsOf(query: string): readonly (readonly [name: string, value: string])[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', ...value] = part.split('=');
      return [decode(name), decode(value.join('='))];
    });
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

/** In hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A keyed hash. */
export function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
