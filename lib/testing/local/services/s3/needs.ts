import type { Need } from '../../kernel/judge';
import { copySource } from './copy-object';
import type { S3Request } from './request';

/** IAM actions of bucket operations that are named differently. */
const ON_BUCKET: Readonly<Record<string, string>> = {
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketLocation: 'GetBucketLocation',
  GetBucketVersioning: 'GetBucketVersioning',
};

/** IAM actions of object operations that are named differently. */
const ON_OBJECT: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
};

/**
 * The permissions a call needs. Versions have separate actions, as do tags and ACLs set by a write,
 * and a condition on the existing ETag requires read permission.
 * @param tagsOf the tags of an existing object
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function s3Needs(request: S3Request, tagsOf: TagsOf): readonly Need[] {
  const { operation, bucket, key, value, query } = request;
  const onBucket = `arn:aws:s3:::${bucket}`;
  const need = (name: string, resource = `${onBucket}/${key}`, context?: Need['context']): Need => ({
    action: `s3:${name}`,
    resource,
    ...(context && { context }),
  });
  if (operation === 'ListBuckets') return [need('ListAllMyBuckets', '*')];
  // Each key is authorized separately; rejected ones are listed in the response.
  if (operation === 'DeleteObjects') return [];
  const action = ON_BUCKET[operation];
  if (action !== undefined) {
    const lists = operation.startsWith('ListObject');
    return [need(action, onBucket, lists ? { 's3:prefix': query.get('prefix') ?? '' } : undefined)];
  }
  const main = actionOn(ON_OBJECT[operation] ?? operation, query.has('versionId'));
  const reads = READS_TAGS.test(main);
  const conditions = {
    ...contextOf(request),
    ...(reads && existingTags(tagsOf(bucket, key, query.get('versionId') ?? undefined))),
  };
  if (main !== 'PutObject') return [need(main, undefined, conditions), ...besidesReading(request, need)];
  const grants = [
    'x-amz-acl',
    ...['read', 'write', 'read-acp', 'write-acp', 'full-control'].map((one) => `x-amz-grant-${one}`),
  ];
  return [
    need('PutObject', undefined, conditions),
    ...(value('x-amz-tagging') ? [need('PutObjectTagging')] : []),
    ...(grants.some((name) => value(name) !== undefined) ? [need('PutObjectAcl')] : []),
    ...(value('if-match') !== undefined ? [need('GetObject')] : []),
    ...sourceNeeds(request, tagsOf),
  ];
}

/** The action on a version of an object: `GetObjectVersion`, `GetObjectVersionTagging`. */
export function actionOn(action: string, version: boolean): string {
  if (!version || action === 'PutObject') return action;
  return action.replace(/^(Get|Put|Delete)Object/, '$1ObjectVersion');
}

function besidesReading({ operation, value }: S3Request, need: (name: string) => Need): readonly Need[] {
  if (operation === 'GetObjectAttributes') return [need('GetObject')];
  const match = operation === 'DeleteObject' ? value('if-match') : undefined;
  return match !== undefined && match !== '*' ? [need('GetObject')] : [];
}

function sourceNeeds(request: S3Request, tagsOf: TagsOf): readonly Need[] {
  if (request.value('x-amz-copy-source') === undefined) return [];
  const { bucket, key, versionId } = copySource(request);
  const action = `s3:${actionOn('GetObject', versionId !== undefined)}`;
  const context = existingTags(tagsOf(bucket, key, versionId));
  return [{ action, resource: `arn:aws:s3:::${bucket}/${key}`, context }];
}

/** The tags of an object; of its latest version by default. */
export type TagsOf = (bucket: string, key: string, version: string | undefined) => Readonly<Record<string, string>>;

/** Actions that may depend on an existing object's tags. */
const READS_TAGS = /^(GetObject(Version)?|(Get|Put|Delete)Object(Version)?(Acl|Tagging))$/;

function existingTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]));
}

/** The condition keys of a request. */
function contextOf({ value, query }: S3Request): Need['context'] {
  const keys = {
    's3:x-amz-server-side-encryption': value('x-amz-server-side-encryption'),
    's3:x-amz-server-side-encryption-aws-kms-key-id': value('x-amz-server-side-encryption-aws-kms-key-id'),
    's3:x-amz-acl': value('x-amz-acl'),
    's3:x-amz-storage-class': value('x-amz-storage-class'),
    's3:x-amz-metadata-directive': value('x-amz-metadata-directive'),
    's3:x-amz-copy-source': value('x-amz-copy-source'),
    's3:if-match': value('if-match'),
    's3:if-none-match': value('if-none-match'),
    's3:VersionId': query.get('versionId') ?? undefined,
    ...requestTags(value('x-amz-tagging')),
  };
  return Object.fromEntries(Object.entries(keys).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function requestTags(tagging: string | undefined): Readonly<Record<string, string>> {
  const tags = [...new URLSearchParams(tagging ?? '')];
  return Object.fromEntries(tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]));
}
