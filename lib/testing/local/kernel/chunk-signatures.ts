import { header, type HttpRequest } from './call';
import { chunksOf, trailersOf } from './chunks';
import { hmac, matches, sha256, type Signature, signingKey } from './sigv4';

const CHUNKED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const TRAILED = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/**
 * Verifies a body that is signed in chunks: each signature includes the previous one, beginning with the head's. Other
 * bodies have no chunk signatures.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function areChunksSigned(request: HttpRequest, signature: Signature, secretAccessKey: string): boolean {
  const kind = header(request, 'x-amz-content-sha256') ?? '';
  if (kind !== CHUNKED && kind !== TRAILED) return true;
  const body = chunksOf(request.body);
  // A truncated body is a different error, which the service reports.
  if (!body) return true;
  const key = signingKey(secretAccessKey, signature.scope);
  const sign = (algorithm: string, previous: string, ...hashes: readonly string[]) =>
    hmac(key, [algorithm, signature.date, signature.scope, previous, ...hashes].join('\n'));
  let previous = signature.signature;
  for (const { data, signature: given = '' } of body.chunks) {
    if (!matches(given, sign('AWS4-HMAC-SHA256-PAYLOAD', previous, sha256(''), sha256(data)))) return false;
    previous = given;
  }
  if (kind === CHUNKED) return true;
  const trailers = trailersOf(body);
  const signed = trailers.filter(([name]) => name !== TRAILER_SIGNATURE).map(([name, value]) => `${name}:${value}\n`);
  const given = trailers.find(([name]) => name === TRAILER_SIGNATURE)?.[1] ?? '';
  return matches(given, sign('AWS4-HMAC-SHA256-TRAILER', previous, sha256(signed.join(''))));
}
