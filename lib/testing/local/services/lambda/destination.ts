import { parseArn } from '../../../../core/arn';

/** Whether a destination is a bucket: Lambda writes an object there, with a generated key. */
export function isBucketArn(arn: string): boolean {
  return parseArn(arn)?.service === 's3';
}

/** Whether a destination is an event bus, which gets an event. */
export function isBusArn(arn: string): boolean {
  return parseArn(arn)?.service === 'events';
}
