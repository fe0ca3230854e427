import type { KeyUse } from '../../kernel/encryption-key';
import { copySource } from './copy-object';
import { encryptionHeaders, ENCRYPTION_KEY } from './properties';
import type { S3Request } from './request';
import type { Bucket } from './store';

/** Operations that continue a multipart upload and so also decrypt. */
const CONTINUED = ['UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload'];
/** `HeadObject` is absent: it returns no encrypted data. */
const READS = ['GetObject', 'GetObjectAttributes'];

/** The ARN in the encryption context: the object's, or the bucket's if it uses a bucket key. */
function arnFor({ settings: { name, encryption } }: Bucket, key: string): string {
  return `arn:aws:s3:::${name}${encryption.bucketKey ? '' : `/${key}`}`;
}

/**
 * The KMS key usage of an operation on the objects it reads and writes. An object keeps the key it was written
 * with.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export function objectKeys(request: S3Request, bucketOf: (name: string) => Bucket | undefined): readonly KeyUse[] {
  const { operation, key, query } = request;
  const bucket = bucketOf(request.bucket);
  if (!bucket) return [];
  if (READS.includes(operation))
    return uses(stored(bucket, key, query.get('versionId') ?? undefined), ['kms:Decrypt'], arnFor(bucket, key));
  const copied = operation === 'CopyObject' || operation === 'UploadPartCopy' ? read(request, bucketOf) : [];
  if (CONTINUED.includes(operation)) {
    const upload = bucket.uploads.get(query.get('uploadId') ?? '');
    return [...copied, ...uses(upload?.object.headers, ['kms:Decrypt'], arnFor(bucket, key))];
  }
  if (!['PutObject', 'CopyObject', 'CreateMultipartUpload'].includes(operation)) return [];
  return [...copied, ...uses(encryptionHeaders(request, bucket), ['kms:GenerateDataKey'], arnFor(bucket, key))];
}

function read(request: S3Request, bucketOf: (name: string) => Bucket | undefined): readonly KeyUse[] {
  const { bucket, key, versionId } = copySource(request);
  const from = bucketOf(bucket);
  return from ? uses(stored(from, key, versionId), ['kms:Decrypt'], arnFor(from, key)) : [];
}

function stored(bucket: Bucket, key: string, versionId: string | undefined): Headers | undefined {
  return (versionId === undefined ? bucket.latest(key) : bucket.version(key, versionId))?.headers;
}

type Headers = Readonly<Record<string, string>>;

function uses(headers: Headers | undefined, actions: readonly string[], arn: string): readonly KeyUse[] {
  const key = headers?.[ENCRYPTION_KEY];
  return key === undefined
    ? []
    : [{ key, actions, service: 's3', of: 'object', encryptionContext: { 'aws:s3:arn': arn } }];
}
