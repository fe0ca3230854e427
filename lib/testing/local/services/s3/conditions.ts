import { AwsError } from '../../kernel/aws-errors';
import type { S3Request } from './request';
import type { Bucket, ObjectVersion } from './store';

/**
 * Whether the reader's copy is current, by ETag or time.
 * @param prefix the header prefix, for the source of a copy
 * @throws AwsError when a precondition fails
 */
export function isNotModified({ value }: S3Request, { etag, modified }: ObjectVersion, prefix = ''): boolean {
  const match = value(`${prefix}if-match`);
  const unmodifiedSince = timeOf(value(`${prefix}if-unmodified-since`));
  // ETags take precedence over times.
  if (
    match !== undefined ? !names(match, etag) : unmodifiedSince !== undefined && seconds(modified) > unmodifiedSince
  ) {
    throw preconditionFailed(match === undefined ? 'If-Unmodified-Since' : 'If-Match');
  }
  const noneMatch = value(`${prefix}if-none-match`);
  const modifiedSince = timeOf(value(`${prefix}if-modified-since`));
  return noneMatch !== undefined
    ? names(noneMatch, etag)
    : modifiedSince !== undefined && seconds(modified) <= modifiedSince;
}

/**
 * Checks the conditions of a write.
 * @throws AwsError when the condition does not hold
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite({ value, key }: S3Request, bucket: Bucket): void {
  const match = value('if-match');
  const noneMatch = value('if-none-match');
  const present = bucket.current(key);
  if (noneMatch !== undefined) {
    if (noneMatch.replaceAll('"', '') !== '*' || match !== undefined) {
      throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
        Header: 'If-None-Match',
      });
    }
    if (present) throw preconditionFailed('If-None-Match');
  }
  if (match === undefined) return;
  if (!present) throw noSuchKey(key);
  if (!names(match, present.etag)) throw preconditionFailed('If-Match');
}

/** Checks the condition of a deletion, against the latest version. */
export function checkDelete(match: string | undefined, present: ObjectVersion | undefined): void {
  if (match === undefined) return;
  if (!present || !names(match, present.etag)) throw preconditionFailed('If-Match');
}

/** The error for a missing key. */
export function noSuchKey(key: string): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

/** The error for a failed precondition. */
export function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition });
}

/** Whether a list of ETags contains one; quotation marks are optional. */
function names(list: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '').replaceAll('"', '');
  return list
    .split(',')
    .map(plain)
    .some((one) => one === '*' || one === plain(etag));
}

function timeOf(header: string | undefined): number | undefined {
  const time = header === undefined ? NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : seconds(new Date(time));
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
