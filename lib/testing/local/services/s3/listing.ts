import { AwsError } from '../../kernel/aws-errors';
import type { HttpResponse } from '../../kernel/call';
import type { ObjectOperation } from './object-operation';
import type { S3Request } from './request';
import type { Bucket, ObjectVersion } from './store';
import { type XmlValue, xmlResponse } from './xml';

const MAX_KEYS = 1000;

interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last: string;
}

/** A page of keys with a prefix, after a given key; keys with a common prefix up to the delimiter count as one. */
function pageOf(keys: readonly string[], { query }: S3Request, after: string): Page {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const max = maxKeys(query.get('max-keys'));
  const found: string[] = [];
  const prefixes: string[] = [];
  let last = '';
  for (const key of keys) {
    if (!key.startsWith(prefix) || Buffer.compare(Buffer.from(key), Buffer.from(after)) <= 0) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (common !== undefined && (common === prefixes.at(-1) || common === after)) continue;
    if (found.length + prefixes.length >= max) return { keys: found, prefixes, truncated: max > 0, last };
    if (common === undefined) found.push(key);
    else prefixes.push(common);
    last = common ?? key;
  }
  return { keys: found, prefixes, truncated: false, last };
}

/** @throws AwsError for a non-number */
function maxKeys(given: string | null): number {
  if (given === null || given === '') return MAX_KEYS;
  if (/^\d+$/.test(given)) return Math.min(Number(given), MAX_KEYS);
  throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', 400, {
    ArgumentName: 'max-keys',
    ArgumentValue: given,
  });
}

/** `ListObjectsV2`. */
export const listObjectsV2: ObjectOperation = (request, bucket) => {
  const { query } = request;
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  if (token !== null && !/^[\w-]+$/.test(token)) {
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400);
  }
  const page = pageOf(
    present(bucket),
    request,
    token === null ? startAfter : Buffer.from(token, 'base64url').toString(),
  );
  return result('ListBucketResult', request, bucket, page, {
    ...(token !== null && { ContinuationToken: token }),
    ...(page.truncated && { NextContinuationToken: Buffer.from(page.last).toString('base64url') }),
    ...(startAfter !== '' && { StartAfter: startAfter }),
    KeyCount: page.keys.length + page.prefixes.length,
    Contents: page.keys.map((key) => contents(request, bucket.current(key)!, query.get('fetch-owner') === 'true')),
  });
};

/** `ListObjects`. */
export const listObjects: ObjectOperation = (request, bucket) => {
  const marker = request.query.get('marker') ?? '';
  const page = pageOf(present(bucket), request, marker);
  return result('ListBucketResult', request, bucket, page, {
    Marker: marker,
    ...(page.truncated && { NextMarker: encoded(request, page.last) }),
    Contents: page.keys.map((key) => contents(request, bucket.current(key)!, true)),
  });
};

/** `ListObjectVersions`. A page ends with all versions of its last key. */
export const listObjectVersions: ObjectOperation = (request, bucket) => {
  const marker = request.query.get('key-marker') ?? '';
  const page = pageOf(bucket.keys(), request, marker);
  const versions = page.keys.flatMap((key) =>
    bucket.versions(key).map((version, index) => [version, index === 0] as const),
  );
  const described = (marked: boolean) =>
    versions
      .filter(([version]) => (version.marker === true) === marked)
      .map(([version, latest]) => ({
        Key: encoded(request, version.key),
        VersionId: version.versionId,
        IsLatest: latest,
        LastModified: version.modified.toISOString(),
        ...(!marked && { ETag: version.etag, Size: version.body.length, StorageClass: 'STANDARD' }),
        Owner: OWNER,
      }));
  return result('ListVersionsResult', request, bucket, page, {
    KeyMarker: marker,
    ...(page.truncated && { NextKeyMarker: encoded(request, page.last), NextVersionIdMarker: 'null' }),
    Version: described(false),
    DeleteMarker: described(true),
  });
};

/** `ListBuckets`. */
export function listBuckets(buckets: Iterable<Bucket>): HttpResponse {
  const Bucket = [...buckets].map(({ settings, created }) => ({
    Name: settings.name,
    CreationDate: created.toISOString(),
    BucketRegion: settings.region,
  }));
  return xmlResponse('ListAllMyBucketsResult', { Buckets: { Bucket }, Owner: OWNER });
}

const OWNER = { ID: 'local-run' };

function present(bucket: Bucket): readonly string[] {
  return bucket.keys().filter((key) => bucket.current(key) !== undefined);
}

function contents(
  request: S3Request,
  { key, etag, body, modified, checksum, headers }: ObjectVersion,
  owner: boolean,
): XmlValue {
  return {
    Key: encoded(request, key),
    LastModified: modified.toISOString(),
    ETag: etag,
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm.toUpperCase(), ChecksumType: checksum.type }),
    Size: body.length,
    StorageClass: headers['x-amz-storage-class'] ?? 'STANDARD',
    ...(owner && { Owner: OWNER }),
  };
}

function result(
  root: string,
  request: S3Request,
  { settings }: Bucket,
  { prefixes, truncated }: Page,
  content: { readonly [name: string]: XmlValue },
): HttpResponse {
  const { query } = request;
  const encoding = query.get('encoding-type');
  const delimiter = query.get('delimiter');
  return xmlResponse(root, {
    Name: settings.name,
    Prefix: encoded(request, query.get('prefix') ?? ''),
    ...(delimiter !== null && { Delimiter: encoded(request, delimiter) }),
    MaxKeys: maxKeys(query.get('max-keys')),
    ...(encoding !== null && { EncodingType: encoding }),
    IsTruncated: truncated,
    ...content,
    CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encoded(request, prefix) })),
  });
}

/** A key as the reader requested it: URL-encoded except slashes with `encoding-type=url`. */
function encoded({ query }: S3Request, key: string): string {
  return query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key;
}
