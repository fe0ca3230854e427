import { parseArn } from '../../../../core/arn';
/** Whether a destination is a bucket: Lambda writes an object there, with a generated key. */
export function isBucketArn(arn: string): boolean {
  return parseArn(arn)?.service === 's3';
}
