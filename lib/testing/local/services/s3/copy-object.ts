import { AwsError } from '../../kernel/aws-errors';
import { checksumElements } from './checksums';
import { checkWrite, isNotModified, noSuchKey, preconditionFailed } from './conditions';
import { encryption, etagOf, type ObjectOperation, type ObjectsContext, versionOf } from './object-operation';
import { checkWritable, ENCRYPTION, encryptionHeaders, propertiesOf } from './properties';
import { checkAtHand } from './read-object';
import type { S3Request } from './request';
import type { ObjectVersion } from './store';
import { xmlResponse } from './xml';

/** `CopyObject`. */
export const copyObject: ObjectOperation = (request, bucket, { bucketOf, changed }) => {
  checkWritable(request, bucket);
  const source = sourceOf(request, bucketOf);
  checkWrite(request, bucket);
  const replaced = request.value('x-amz-metadata-directive') === 'REPLACE';
  const own = propertiesOf(request, bucket);
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
    metadata: replaced ? own.metadata : metadata,
    // A copy is encrypted per the request or its bucket, regardless of the source.
    headers: replaced ? own.headers : { ...withoutEncryption(headers), ...encryptionHeaders(request, bucket) },
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
 * The source object of a copy.
 * @throws AwsError when it does not exist or a precondition fails
 */
export function sourceOf(
  request: S3Request,
  bucketOf: ObjectsContext['bucketOf'],
): { readonly version: ObjectVersion; readonly headers: Readonly<Record<string, string>> } {
  const { bucket, key, versionId } = copySource(request);
  const from = bucketOf(bucket);
  const version = versionId === undefined ? from.current(key) : from.version(key, versionId);
  if (!version || version.marker) throw noSuchKey(key);
  checkAtHand(version);
  if (isNotModified(request, version, 'x-amz-copy-source-'))
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  const versioned = from.settings.versioning !== 'Off';
  return { version, headers: versioned ? { 'x-amz-copy-source-version-id': version.versionId } : {} };
}

/** Parses `x-amz-copy-source`. */
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

function withoutEncryption(headers: ObjectVersion['headers']): ObjectVersion['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(ENCRYPTION)));
}
