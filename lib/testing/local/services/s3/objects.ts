import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import { payloadOf } from './body';
import { checksumElements, checksumHeaders, verifiedChecksum } from './checksums';
import { checkDelete, checkWrite, isNotModified, noSuchKey, preconditionFailed } from './conditions';
import { checkWritable, propertiesOf, tagsOfBody, tagsOfHeader } from './properties';
import type { S3Request } from './request';
import type { Bucket, NewObject, ObjectVersion } from './store';
import { checkXml, element, elements, requestId, xmlResponse } from './xml';

/** What operations on objects work with. */
export interface ObjectsContext {
  /** A bucket by its name. @throws AwsError when there is none */
  readonly bucketOf: (name: string) => Bucket;
  /** Tells of something that happened to an object: `ObjectCreated:Put`. */
  readonly changed: (
    name: string,
    bucket: Bucket,
    version: Pick<ObjectVersion, 'key'> & Partial<ObjectVersion>,
  ) => void;
}

/** An operation on an object. */
export type ObjectOperation = (request: S3Request, bucket: Bucket, context: ObjectsContext) => HttpResponse;

/** `PutObject`. */
export const putObject: ObjectOperation = (request, bucket, { changed }) => {
  checkWritable(request, bucket);
  const { body, trailers } = payloadOf(request);
  const checksum = verifiedChecksum(request, body, trailers);
  checkWrite(request, bucket);
  const object = { ...propertiesOf(request), body, etag: etagOf(body), ...(checksum && { checksum }) };
  const written = bucket.put(request.key, object);
  changed('ObjectCreated:Put', bucket, written);
  return answer(200, {
    etag: written.etag,
    ...versionOf(bucket, written),
    ...checksumHeaders(checksum),
    ...encryption(written),
  });
};

/** `CopyObject`. */
export const copyObject: ObjectOperation = (request, bucket, { bucketOf, changed }) => {
  checkWritable(request, bucket);
  const source = sourceOf(request, bucketOf);
  checkWrite(request, bucket);
  const replaced = request.value('x-amz-metadata-directive') === 'REPLACE';
  const own = propertiesOf(request);
  const itself = bucket.current(request.key) === source.version;
  if (
    itself &&
    !replaced &&
    own.headers['x-amz-storage-class'] === undefined &&
    request.value('x-amz-server-side-encryption') === undefined
  ) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new AwsError('InvalidRequest', message, 400);
  }
  const { body, etag, headers, metadata, tags, checksum } = source.version;
  const written = bucket.put(request.key, {
    body,
    etag: source.version.parts ? etagOf(body) : etag,
    ...(replaced ? { headers: own.headers, metadata: own.metadata } : { headers, metadata }),
    tags: request.value('x-amz-tagging-directive') === 'REPLACE' ? own.tags : tags,
    ...(checksum?.type === 'FULL_OBJECT' && { checksum }),
  });
  changed('ObjectCreated:Copy', bucket, written);
  return xmlResponse(
    'CopyObjectResult',
    { LastModified: written.modified.toISOString(), ETag: written.etag, ...checksumElements(written.checksum) },
    { ...versionOf(bucket, written), ...source.headers, ...encryption(written) },
  );
};

/**
 * The object that a copy is made of.
 * @throws AwsError when it is not there, or not what the request is meant for
 */
export function sourceOf(
  request: S3Request,
  bucketOf: ObjectsContext['bucketOf'],
): { readonly version: ObjectVersion; readonly headers: Readonly<Record<string, string>> } {
  const { bucket, key, versionId } = copySource(request);
  const from = bucketOf(bucket);
  const version = versionId === undefined ? from.current(key) : from.version(key, versionId);
  if (!version || version.marker) throw noSuchKey(key);
  if (isNotModified(request, version, 'x-amz-copy-source-'))
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  const versioned = from.settings.versioning !== 'Off';
  return { version, headers: versioned ? { 'x-amz-copy-source-version-id': version.versionId } : {} };
}

/** What the header of a copy names. */
export function copySource({ value }: S3Request): {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
} {
  const [path = '', query] = (value('x-amz-copy-source') ?? '').split('?');
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.*)$/s.exec(decodeURIComponent(path)) ?? [];
  const versionId = new URLSearchParams(query).get('versionId');
  return { bucket, key, ...(versionId !== null && { versionId }) };
}

/** `GetObject`. */
export const getObject: ObjectOperation = (request, bucket) => read(request, bucket, true);

/** `HeadObject`. */
export const headObject: ObjectOperation = (request, bucket) => read(request, bucket, false);

function read(request: S3Request, bucket: Bucket, withBody: boolean): HttpResponse {
  const version = readable(request, bucket);
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

/** @throws AwsError when there is nothing to read */
function readable({ key, query }: S3Request, bucket: Bucket): ObjectVersion {
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

/** What a reader wants in place of the object's own headers: `response-content-disposition`. */
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

/** `DeleteObject`. */
export const deleteObject: ObjectOperation = (request, bucket, context) => {
  checkDelete(request.value('if-match'), bucket.current(request.key));
  const { marker, versionId } = remove(request.key, request.query.get('versionId') ?? undefined, bucket, context);
  return answer(204, {
    ...(marker && { 'x-amz-delete-marker': 'true' }),
    ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
  });
};

/**
 * `DeleteObjects`.
 * @param refused why one key may not be deleted; undefined where it may
 */
export function deleteObjects(
  request: S3Request,
  bucket: Bucket,
  context: ObjectsContext,
  refused: (key: string, versionId: string | undefined) => AwsError | undefined,
): HttpResponse {
  const { body, trailers } = payloadOf(request);
  const checksum = verifiedChecksum(request, body, trailers);
  if (!checksum && request.value('content-md5') === undefined) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: Content-MD5', 400);
  }
  const source = checkXml(body.toString(), 'Delete');
  const asked = elements(source, 'Object');
  if (asked.length === 0 || asked.length > 1000) checkXml('', 'Delete');
  const quiet = element(source, 'Quiet') === 'true';
  const results = asked.map((one) => {
    const key = element(one, 'Key') ?? '';
    const versionId = element(one, 'VersionId');
    const named = { Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
    try {
      const refusal = refused(key, versionId);
      if (refusal) throw refusal;
      checkDelete(element(one, 'ETag'), bucket.current(key));
      const { marker, versionId: made } = remove(key, versionId, bucket, context);
      const Deleted = {
        ...named,
        ...(marker && { DeleteMarker: true, ...(made !== undefined && { DeleteMarkerVersionId: made }) }),
      };
      return quiet ? {} : { Deleted };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { Error: { ...named, Code: error.code, Message: error.message } };
    }
  });
  return xmlResponse('DeleteResult', results);
}

function remove(
  key: string,
  versionId: string | undefined,
  bucket: Bucket,
  { changed }: ObjectsContext,
): { readonly marker: boolean; readonly versionId?: string } {
  if (versionId !== undefined) {
    const removed = bucket.removeVersion(key, versionId);
    if (removed) changed('ObjectRemoved:Delete', bucket, { key, versionId });
    return { marker: removed?.marker === true, versionId };
  }
  const marker = bucket.remove(key);
  if (!marker) {
    changed('ObjectRemoved:Delete', bucket, { key });
    return { marker: false };
  }
  changed('ObjectRemoved:DeleteMarkerCreated', bucket, { key, versionId: marker.versionId });
  return { marker: true, versionId: marker.versionId };
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

/** `GetObjectTagging`. */
export const getObjectTagging: ObjectOperation = (request, bucket) => {
  const version = readable(request, bucket);
  const Tag = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return xmlResponse('Tagging', { TagSet: { Tag } }, versionOf(bucket, version));
};

/** `PutObjectTagging`. */
export const putObjectTagging: ObjectOperation = (request, bucket, { changed }) => {
  const version = readable(request, bucket);
  const { body, trailers } = payloadOf(request);
  verifiedChecksum(request, body, trailers);
  bucket.tag(version, tagsOfBody(body.toString()));
  changed('ObjectTagging:Put', bucket, version);
  return answer(200, versionOf(bucket, version));
};

/** `DeleteObjectTagging`. */
export const deleteObjectTagging: ObjectOperation = (request, bucket, { changed }) => {
  const version = readable(request, bucket);
  bucket.tag(version, tagsOfHeader(undefined));
  changed('ObjectTagging:Delete', bucket, version);
  return answer(204, versionOf(bucket, version));
};

/** The tag of some bytes. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** An answer without a body. */
export function answer(status: number, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status, headers: { ...headers, 'x-amz-request-id': requestId() } };
}

/** The header with a version, where the bucket keeps them. */
export function versionOf(
  { settings }: Bucket,
  { versionId }: Pick<ObjectVersion, 'versionId'>,
): Readonly<Record<string, string>> {
  return settings.versioning === 'Off' ? {} : { 'x-amz-version-id': versionId };
}

/** The header with the encryption. */
export function encryption({ headers }: Pick<NewObject, 'headers'>): Readonly<Record<string, string>> {
  const name = 'x-amz-server-side-encryption';
  return { [name]: headers[name] ?? 'AES256' };
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
