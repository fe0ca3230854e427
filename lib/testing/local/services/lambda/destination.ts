import { parseArn } from '../../../../core/arn';
/** Whether a destination is a bucket: into one, Lambda writes an object, with a key that it makes. */
export function isBucketArn(arn: string): boolean {
  return parseArn(arn)?.service === 's3';
}
