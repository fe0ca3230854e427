import { AwsError } from '../../kernel/aws-errors';
import type { HttpRequest } from '../../kernel/call';
import { chunksOf, trailersOf } from '../../kernel/chunks';
import type { S3Request } from './request';

/** A decoded body. */
export interface Payload {
  readonly body: Buffer;
  /** Trailing headers, by lower-case name. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Minimum size of every chunk but the last, in bytes. */
const MIN_CHUNK = 8192;
const INCOMPLETE = 'You did not provide the number of bytes specified by the Content-Length HTTP header';

/**
 * The bytes of a request. SDKs stream bodies `aws-chunked`, with checksums in trailers.
 * @throws AwsError when a chunk is truncated or too small, or the length differs from the announced one
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function payloadOf({ value, http }: S3Request): Payload {
  const chunked = value('x-amz-content-sha256')?.startsWith('STREAMING-') === true;
  if (!chunked) return { body: http.body, trailers: new Map() };
  const payload = decoded(http);
  const length = value('x-amz-decoded-content-length');
  if (length === undefined) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
  }
  if (Number(length) !== payload.body.length) throw new AwsError('IncompleteBody', INCOMPLETE, 400);
  return payload;
}

function decoded({ body }: HttpRequest): Payload {
  const sent = chunksOf(body);
  if (!sent) throw new AwsError('IncompleteBody', INCOMPLETE, 400);
  const chunks = sent.chunks.map(({ data }) => data);
  // The final chunk is empty, and the one before it may be short.
  const short = chunks.slice(0, -2).findIndex(({ length }) => length < MIN_CHUNK);
  if (short >= 0) {
    const message = `Only the last chunk is allowed to have a size less than ${MIN_CHUNK} bytes`;
    const fields = { Chunk: String(short + 2), BadChunkSize: String(chunks[short]!.length) };
    throw new AwsError('InvalidChunkSizeError', message, 403, fields);
  }
  return { body: Buffer.concat(chunks), trailers: new Map(trailersOf(sent)) };
}

/** The content encoding to store, without `aws-chunked`. */
export function contentEncoding(encoding: string | undefined): string | undefined {
  const kept = encoding
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '');
  return kept && kept.length > 0 ? kept.join(',') : undefined;
}
