import type { Need } from '../../kernel/judge';
import { header, type HttpRequest } from '../../kernel/call';
import type { S3Request } from './request';

/**
 * What a call takes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export function s3Needs({ operation, bucket, key }: S3Request, request: HttpRequest): readonly Need[] {
  const onBucket = `arn:aws:s3:::${bucket}`;
  const need = (name: string, resource = `${onBucket}/${key}`): Need => ({ action: `s3:${name}`, resource });
  switch (operation) {
    case 'ListBuckets':
      return [need('ListAllMyBuckets', '*')];
    case 'HeadBucket':
      return [need('ListBucket', onBucket)];
    case 'ListObjects':
    case 'ListObjectsV2': {
      const prefix = new URLSearchParams(request.query).get('prefix');
      return [{ ...need('ListBucket', onBucket), context: { 's3:prefix': prefix ?? '' } }];
    }
    case 'GetBucketLocation':
      return [need('GetBucketLocation', onBucket)];
    case 'ListMultipartUploads':
      return [need('ListBucketMultipartUploads', onBucket)];
    case 'DeleteObjects':
      return deletedKeys(request).map((one) => need('DeleteObject', `${onBucket}/${one}`));
    case 'GetObject':
    case 'HeadObject':
      return [need('GetObject')];
    case 'ListParts':
      return [need('ListMultipartUploadParts')];
    case 'AbortMultipartUpload':
    case 'DeleteObject':
      return [need(operation)];
    case 'CopyObject':
    case 'UploadPartCopy':
      return [need('PutObject'), need('GetObject', `arn:aws:s3:::${copySource(request)}`)];
    default:
      return [need('PutObject')];
  }
}

/** The keys that a `DeleteObjects` names. */
export function deletedKeys({ body }: HttpRequest): readonly string[] {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) =>
    key.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole),
  );
}

function copySource(request: HttpRequest): string {
  const source = decodeURIComponent(header(request, 'x-amz-copy-source') ?? '');
  return source.replace(/^\//, '').replace(/\?versionId=.*$/, '');
}
