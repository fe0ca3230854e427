import { AwsError } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import { checksumElements, checksumHeaders } from './checksums';
import { isNotModified, noSuchKey } from './conditions';
import { answer, type ObjectOperation, versionOf } from './object-operation';
import type { S3Request } from './request';
import type { Bucket, ObjectVersion } from './store';
import { requestId, xmlResponse } from './xml';

/** `GetObject`. */
export const getObject: ObjectOperation = (request, bucket) => read(request, bucket, true);

/** `HeadObject`. */
export const headObject: ObjectOperation = (request, bucket) => read(request, bucket, false);

function read(request: S3Request, bucket: Bucket, withBody: boolean): HttpResponse {
  const version = readable(request, bucket);
  if (withBody) checkAtHand(version);
  if (isNotModified(request, version)) return answer(304, { etag: version.etag });
  const range = rangeOf(request, version);
  const { body, etag, headers, metadata, parts, tags, modified } = version;
  const whole = range.length === body.length;
  const count = Object.keys(tags).length;
  const asked = request.value('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && whole;
  return {
    status: range.partial ? 206 : 200,
    headers: {
      'accept-ranges': 'bytes',
      'last-modified': modified.toUTCString(),
      etag,
      ...headers,
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, latin1(value)])),
      ...(count > 0 && { 'x-amz-tagging-count': String(count) }),
      ...(parts && request.query.has('partNumber') && { 'x-amz-mp-parts-count': String(parts.length) }),
      ...(range.partial && {
        'content-range': `bytes ${range.start}-${range.start + range.length - 1}/${body.length}`,
      }),
      ...(asked && checksumHeaders(version.checksum)),
      ...versionOf(bucket, version),
      ...overridesOf(request),
      'content-length': String(range.length),
      'x-amz-request-id': requestId(),
    },
    ...(withBody && { body: body.subarray(range.start, range.start + range.length) }),
  };
}

/**
 * The version that a request reads.
 * @throws AwsError when there is none
 */
export function readable({ key, query }: S3Request, bucket: Bucket): ObjectVersion {
  const versionId = query.get('versionId');
  const version = versionId === null ? bucket.latest(key) : bucket.version(key, versionId);
  if (version && !version.marker) return version;
  if (versionId === null) throw noSuchKey(key);
  if (!version) {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
      Key: key,
      VersionId: versionId,
    });
  }
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
}

/** Storage classes that require a restore before reading. */
const ARCHIVED = ['GLACIER', 'DEEP_ARCHIVE'];

/** @throws AwsError for an archived object */
export function checkAtHand({ headers }: ObjectVersion): void {
  const StorageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
  if (!ARCHIVED.includes(StorageClass)) return;
  const message = "The operation is not valid for the object's storage class";
  throw new AwsError('InvalidObjectState', message, 403, { StorageClass });
}

interface ByteRange {
  readonly start: number;
  readonly length: number;
  readonly partial: boolean;
}

/** @throws AwsError for a range outside the object */
function rangeOf({ value, query }: S3Request, { body, parts = [body.length] }: ObjectVersion): ByteRange {
  const part = query.get('partNumber');
  if (part !== null) {
    const number = Number(part);
    if (!parts[number - 1] && body.length > 0) {
      throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416);
    }
    const start = parts.slice(0, number - 1).reduce((sum, size) => sum + size, 0);
    return { start, length: parts[number - 1] ?? 0, partial: true };
  }
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(value('range') ?? '') ?? [];
  if (from === undefined || (from === '' && to === '')) return { start: 0, length: body.length, partial: false };
  const start = from === '' ? Math.max(0, body.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? body.length : Math.min(Number(to) + 1, body.length);
  if (start >= end) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      ActualObjectSize: String(body.length),
    });
  }
  return { start, length: end - start, partial: true };
}

/** Response header overrides, such as `response-content-disposition`. */
function overridesOf({ query }: S3Request): Readonly<Record<string, string>> {
  const names = [
    'content-type',
    'content-language',
    'expires',
    'cache-control',
    'content-disposition',
    'content-encoding',
  ];
  const given = names.map((name) => [name, query.get(`response-${name}`)] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** `GetObjectAttributes`. */
export const getObjectAttributes: ObjectOperation = (request, bucket) => {
  const version = readable(request, bucket);
  const asked = (request.value('x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  const { etag, checksum, body, parts, headers, modified } = version;
  return xmlResponse(
    'GetObjectAttributesResponse',
    {
      ...(asked.includes('ETag') && { ETag: etag.replaceAll('"', '') }),
      ...(asked.includes('Checksum') && checksum && { Checksum: checksumElements(checksum) }),
      ...(asked.includes('ObjectParts') && parts && { ObjectParts: { PartsCount: parts.length } }),
      ...(asked.includes('StorageClass') && { StorageClass: headers['x-amz-storage-class'] ?? 'STANDARD' }),
      ...(asked.includes('ObjectSize') && { ObjectSize: body.length }),
    },
    { 'last-modified': modified.toUTCString(), ...versionOf(bucket, version) },
  );
};

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
