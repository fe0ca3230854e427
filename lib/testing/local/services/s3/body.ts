import { AwsError } from '../../kernel/aws-errors';
import type { HttpRequest } from '../../kernel/call';
import type { S3Request } from './request';

/** A body as it is stored. */
export interface Payload {
  /** The bytes. */
  readonly body: Buffer;
  /** What came behind them, by name in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

const INCOMPLETE = 'You did not provide the number of bytes specified by the Content-Length HTTP header';

/**
 * The bytes of a request. SDKs send what they stream in chunks with a size each, and checksums behind the last one.
 * @throws AwsError when a chunk is cut off, or the length is not the one that was announced
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
  const chunks: Buffer[] = [];
  for (let offset = 0; ;) {
    const line = body.indexOf('\r\n', offset);
    const size = line < 0 ? NaN : parseInt(body.toString('latin1', offset, line), 16);
    if (Number.isNaN(size) || line + 2 + size > body.length) throw new AwsError('IncompleteBody', INCOMPLETE, 400);
    if (size === 0) return { body: Buffer.concat(chunks), trailers: trailersOf(body.toString('latin1', line + 2)) };
    chunks.push(body.subarray(line + 2, line + 2 + size));
    offset = line + 2 + size + 2;
  }
}

function trailersOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\r\n').map((line) => /^([^:]+):(.*)$/.exec(line));
  return new Map(
    lines.filter((line) => line !== null).map(([, name = '', value = '']) => [name.trim().toLowerCase(), value.trim()]),
  );
}

/** The encoding that an object keeps: without the one of the chunks. */
export function contentEncoding(encoding: string | undefined): string | undefined {
  const kept = encoding
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '');
  return kept && kept.length > 0 ? kept.join(',') : undefined;
}
