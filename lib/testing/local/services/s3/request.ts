import { header, type HttpRequest } from '../../kernel/call';
import { BUCKET_OPERATIONS, OBJECT_OPERATIONS, operationName } from './operations';

/** A parsed S3 request. */
export interface S3Request {
  /** `PutObject`, `ListObjectsV2`, ... */
  readonly operation: string;
  /** The bucket; empty for the list of buckets. */
  readonly bucket: string;
  /** The object, decoded; empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** A header, or its query parameter in a presigned URL; undefined if neither was sent. */
  readonly value: (name: string) => string | undefined;
  /** The request as it came. */
  readonly http: HttpRequest;
}

/** Parses a path-style request; undefined for an unknown method. */
export function s3Request(http: HttpRequest): S3Request | undefined {
  const [, bucket = '', rawKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(http.path) ?? [];
  const key = decodeKey(rawKey);
  // In S3 URLs a plus sign is literal.
  const query = new URLSearchParams(http.query.replaceAll('+', '%2B'));
  const parameters = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  const value = (name: string) => header(http, name) ?? (name.startsWith('x-amz-') ? parameters.get(name) : undefined);
  const named =
    bucket === ''
      ? listBuckets(http)
      : operationName(key === '' ? BUCKET_OPERATIONS : OBJECT_OPERATIONS, http.method, query);
  if (named === undefined) return undefined;
  const copies = value('x-amz-copy-source') !== undefined;
  const copied: Readonly<Record<string, string>> = { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' };
  return { operation: (copies ? copied[named] : undefined) ?? named, bucket, key, query, value, http };
}

function listBuckets({ method, query }: HttpRequest): string | undefined {
  if (method !== 'GET') return undefined;
  return /(^|&)x-id=ListDirectoryBuckets(&|$)/.test(query) ? 'ListDirectoryBuckets' : 'ListBuckets';
}

function decodeKey(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
