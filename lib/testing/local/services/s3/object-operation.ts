import { createHash } from 'node:crypto';
import type { HttpResponse } from '../../kernel/call';
import type { S3Request } from './request';
import type { Bucket, NewObject, ObjectVersion } from './store';
import { ENCRYPTION } from './properties';
import { requestId } from './xml';

/** Dependencies of object operations. */
export interface ObjectsContext {
  /** The bucket with a name. @throws AwsError when there is none */
  readonly bucketOf: (name: string) => Bucket;
  /** Reports an event of an object: `ObjectCreated:Put`. */
  readonly changed: (
    name: string,
    bucket: Bucket,
    version: Pick<ObjectVersion, 'key'> & Partial<ObjectVersion>,
  ) => void;
}

/** An operation on an object. */
export type ObjectOperation = (request: S3Request, bucket: Bucket, context: ObjectsContext) => HttpResponse;

/** The ETag of some bytes. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** A response without a body. */
export function answer(status: number, headers: Readonly<Record<string, string>>): HttpResponse {
  return { status, headers: { ...headers, 'x-amz-request-id': requestId() } };
}

/** The version id header, if the bucket is versioned. */
export function versionOf(
  { settings }: Bucket,
  { versionId }: Pick<ObjectVersion, 'versionId'>,
): Readonly<Record<string, string>> {
  return settings.versioning === 'Off' ? {} : { 'x-amz-version-id': versionId };
}

/** The encryption headers. */
export function encryption({ headers }: Pick<NewObject, 'headers'>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith(ENCRYPTION)));
}
