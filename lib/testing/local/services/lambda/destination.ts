/** Whether a destination is a bucket: into one, Lambda writes an object, with a key that it makes. */
export function isBucketArn(arn: string): boolean {
  return arn.split(':')[2] === 's3';
}
