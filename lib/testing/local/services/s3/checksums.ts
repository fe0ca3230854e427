import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import { header } from '../../kernel/call';
import { type Checksum, crc32, crc32c, crc64nvme } from '../../kernel/crc';
import type { S3Request } from './request';

/** A checksum of an object. */
export interface ObjectChecksum {
  /** As in headers: `crc32`, `sha256`. */
  readonly algorithm: string;
  /** In base64; for a composite checksum, with the number of parts. */
  readonly value: string;
  /** Over the bytes, or over the parts' checksums. */
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** The algorithms, by their name in headers. */
export const ALGORITHMS: Readonly<Record<string, Checksum>> = {
  crc32,
  crc32c,
  crc64nvme,
  sha1: (data) => createHash('sha1').update(data).digest(),
  sha256: (data) => createHash('sha256').update(data).digest(),
};

/** The name of an algorithm in XML: `ChecksumCRC32C`. */
export function elementOf(algorithm: string): string {
  return `Checksum${algorithm.toUpperCase()}`;
}

/** The header of a checksum: `x-amz-checksum-crc32c`. */
export function headerOf(algorithm: string): string {
  return `x-amz-checksum-${algorithm}`;
}

/** A checksum in base64. */
export function checksumOf(algorithm: string, data: Buffer): string {
  return ALGORITHMS[algorithm]!(data).toString('base64');
}

/**
 * The verified checksum sent with a body. One in the query of a presigned URL is ignored, as on AWS:
 * SDKs put that of an empty body there.
 * @param trailers the trailing headers, by name
 * @throws AwsError when the body does not match the checksum
 */
export function verifiedChecksum(
  { value, http }: S3Request,
  body: Buffer,
  trailers: ReadonlyMap<string, string>,
): ObjectChecksum | undefined {
  checkMd5(value('content-md5'), body);
  const hash = value('x-amz-content-sha256') ?? '';
  if (/^[\da-f]{64}$/.test(hash) && createHash('sha256').update(http.body).digest('hex') !== hash) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new AwsError('XAmzContentSHA256Mismatch', message, 400);
  }
  const announced = (value('x-amz-trailer') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const given = Object.keys(ALGORITHMS)
    .map((algorithm) => [algorithm, header(http, headerOf(algorithm)) ?? trailers.get(headerOf(algorithm))] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  if (announced.some((name) => name.startsWith('x-amz-checksum-') && !trailers.has(name))) {
    throw new AwsError('MalformedTrailerError', 'The request contained trailing data that was not well-formed', 400);
  }
  if (given.length > 1) {
    const message = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
    throw new AwsError('InvalidRequest', message, 400);
  }
  const [algorithm, expected] = given[0] ?? [];
  if (algorithm === undefined || expected === undefined) return undefined;
  const length = ALGORITHMS[algorithm]!(Buffer.alloc(0)).length;
  if (Buffer.from(expected, 'base64').length !== length) {
    throw new AwsError('InvalidRequest', `Value for ${headerOf(algorithm)} header is invalid.`, 400);
  }
  if (checksumOf(algorithm, body) !== expected) {
    const message = `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`;
    throw new AwsError('BadDigest', message, 400);
  }
  return { algorithm, value: expected, type: 'FULL_OBJECT' };
}

function checkMd5(expected: string | undefined, body: Buffer): void {
  if (expected === undefined) return;
  if (Buffer.from(expected, 'base64').length !== 16) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
  }
  if (createHash('md5').update(body).digest('base64') !== expected) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
  }
}

/** The checksum headers; empty if not requested, or for a partial read. */
export function checksumHeaders(checksum: ObjectChecksum | undefined): Readonly<Record<string, string>> {
  return checksum ? { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

export function checksumElements(checksum: ObjectChecksum | undefined): Readonly<Record<string, string>> {
  return checksum ? { [elementOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {};
}
