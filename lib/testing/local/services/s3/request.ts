import { header, type HttpRequest } from '../../kernel/call';

/** What a request to S3 is about. */
export interface S3Request {
  /** `PutObject`, `ListObjectsV2`, ... */
  readonly operation: string;
  /** The bucket; empty for the list of buckets. */
  readonly bucket: string;
  /** The object, decoded; empty for the bucket itself. */
  readonly key: string;
}

/** The operation of a request with the bucket in its path; undefined for one that is not served. */
export function s3Request(request: HttpRequest): S3Request | undefined {
  const [, bucket = '', rawKey = ''] = /^\/([^/]*)\/?(.*)$/.exec(request.path) ?? [];
  const key = decodeURIComponent(rawKey);
  const query = new URLSearchParams(request.query);
  const operation = key === '' ? onBucket(request.method, bucket, query) : onObject(request, query);
  return operation === undefined ? undefined : { operation, bucket, key };
}

function onBucket(method: string, bucket: string, query: URLSearchParams): string | undefined {
  if (bucket === '') return method === 'GET' ? 'ListBuckets' : undefined;
  if (method === 'HEAD') return 'HeadBucket';
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  if (method !== 'GET') return undefined;
  if (query.has('location')) return 'GetBucketLocation';
  if (query.has('uploads')) return 'ListMultipartUploads';
  const known = ['list-type', 'prefix', 'delimiter', 'max-keys', 'marker', 'encoding-type', 'x-id'];
  const plain = [...query.keys()].every(
    (name) => known.includes(name) || /^(start-after|continuation-token|fetch-owner)$/.test(name),
  );
  return plain ? (query.has('list-type') ? 'ListObjectsV2' : 'ListObjects') : undefined;
}

function onObject(request: HttpRequest, query: URLSearchParams): string | undefined {
  const upload = query.has('uploadId');
  if (['tagging', 'acl', 'retention', 'legal-hold', 'attributes', 'torrent'].some((name) => query.has(name)))
    return undefined;
  switch (request.method) {
    case 'GET':
      return upload ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (upload) return header(request, 'x-amz-copy-source') === undefined ? 'UploadPart' : 'UploadPartCopy';
      return header(request, 'x-amz-copy-source') === undefined ? 'PutObject' : 'CopyObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return upload ? 'CompleteMultipartUpload' : undefined;
    case 'DELETE':
      return upload ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return undefined;
  }
}
