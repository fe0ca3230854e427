import { AwsError } from '../../kernel/aws-errors';
import { contentEncoding } from './body';
import type { S3Request } from './request';
import type { Bucket, NewObject } from './store';
import { checkXml, element, elements } from './xml';

/** The encryption algorithm header. */
export const ENCRYPTION = 'x-amz-server-side-encryption';
/** The KMS key header. */
export const ENCRYPTION_KEY = `${ENCRYPTION}-aws-kms-key-id`;

/** Headers stored with an object and returned on reads. */
const KEPT = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-website-redirect-location',
  'x-amz-storage-class',
];
/** Maximum size of user metadata, names and values, in bytes. */
const MAX_METADATA = 2048;
const MAX_KEY = 1024;
const MAX_TAGS = 10;

/** The headers, metadata and tags in a write request. */
export function propertiesOf(request: S3Request, bucket: Bucket): Pick<NewObject, 'headers' | 'metadata' | 'tags'> {
  return {
    headers: { ...headersOf(request), ...encryptionHeaders(request, bucket) },
    metadata: metadataOf(request),
    tags: tagsOfHeader(request.value('x-amz-tagging')),
  };
}

/** The encryption of a new object: per request, otherwise the bucket's default. */
export function encryptionHeaders(
  { value }: Pick<S3Request, 'value'>,
  { settings: { encryption } }: Bucket,
): Readonly<Record<string, string>> {
  const algorithm = value(ENCRYPTION) ?? encryption.algorithm;
  const own = value(ENCRYPTION_KEY) ?? (algorithm === encryption.algorithm ? encryption.key : undefined);
  return { [ENCRYPTION]: algorithm, ...(own !== undefined && algorithm !== 'AES256' && { [ENCRYPTION_KEY]: own }) };
}

function headersOf({ value }: S3Request): Readonly<Record<string, string>> {
  const kept = KEPT.map((name) => [name, value(name)] as const);
  const encoding = contentEncoding(value('content-encoding'));
  const all = [...kept, ['content-encoding', encoding] as const];
  const given = all.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(given.filter(([name, one]) => name !== 'x-amz-storage-class' || one !== 'STANDARD')),
  };
}

function metadataOf({ http, query }: S3Request): Readonly<Record<string, string>> {
  const prefix = 'x-amz-meta-';
  const all = [...[...query].map(([name, value]) => [name.toLowerCase(), value] as const), ...http.headers];
  const own = all
    .filter(([name]) => name.startsWith(prefix))
    // Node.js reads headers as Latin-1; senders write UTF-8.
    .map(([name, value]) => [name.slice(prefix.length), Buffer.from(value, 'latin1').toString()] as const);
  const size = own.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size <= MAX_METADATA) return Object.fromEntries(own);
  throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
    Size: String(size),
    MaxSizeAllowed: String(MAX_METADATA),
  });
}

/** Parses the tagging header, a query string. */
export function tagsOfHeader(tagging: string | undefined): Readonly<Record<string, string>> {
  return checkedTags([...new URLSearchParams(tagging ?? '')]);
}

/** Parses the body of `PutObjectTagging`. */
export function tagsOfBody(body: string): Readonly<Record<string, string>> {
  const tags = elements(checkXml(body, 'Tagging'), 'Tag');
  return checkedTags(tags.map((tag) => [element(tag, 'Key') ?? '', element(tag, 'Value') ?? '']));
}

function checkedTags(tags: readonly (readonly [key: string, value: string])[]): Readonly<Record<string, string>> {
  if (tags.length > MAX_TAGS) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10', 400);
  const names = tags.map(([key]) => key);
  if (new Set(names).size < names.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key', 400);
  }
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  for (const [key, value] of tags) {
    if (key === '' || key.length > 128 || !allowed.test(key)) {
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', 400);
    }
    if (value.length > 256 || !allowed.test(value)) {
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', 400);
    }
  }
  return Object.fromEntries(tags);
}

/**
 * Rejects what this bucket would reject, and what is not supported.
 * @throws AwsError worded like S3; 501 for what the local run does not support
 */
export function checkWritable({ key, value }: S3Request, { settings }: Bucket): void {
  if (Buffer.byteLength(key) > MAX_KEY) {
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { MaxSizeAllowed: String(MAX_KEY) });
  }
  const acl = value('x-amz-acl');
  const grants = ['read', 'write', 'read-acp', 'write-acp', 'full-control'].map((name) => value(`x-amz-grant-${name}`));
  if (
    !settings.acls &&
    ((acl !== undefined && acl !== 'bucket-owner-full-control') || grants.some((one) => one !== undefined))
  ) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
  }
  const asked = [
    'x-amz-server-side-encryption-customer-algorithm',
    'x-amz-object-lock-mode',
    'x-amz-object-lock-legal-hold',
    'x-amz-write-offset-bytes',
  ].find((name) => value(name) !== undefined);
  if (asked === undefined) return;
  throw new AwsError('LocalRunUnsupported', `The local run does not support the header '${asked}'.`, 501);
}
