import { at, eachBranch, inWords, isUnknown, toBoolean, toText } from '../../../core/model/select';
import { each, openAmong, type Rule } from '../../rule';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A bucket blocks public access. S3 does so by default for new buckets. */
export const bucketPublic: Rule = {
  id: 'BucketPublic',
  severity: 'error',
  title: 'A bucket blocks public access',
  why: 'Anyone can read its objects, or could after one wrong policy or ACL.',
  fix: 'set all of PublicAccessBlockConfiguration, use no public ACL, and serve files through CloudFront',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  check: each(['AWS::S3::Bucket', 'AWS::S3::AccessPoint'], function* (bucket) {
    const acl = toText(at(bucket, 'AccessControl'));
    const granted = openAmong(bucket, 'AccessControl');
    if (granted) yield granted;
    if (acl?.startsWith('PublicRead')) {
      yield { resource: bucket, property: 'AccessControl', message: `has the ACL ${acl}`, detail: 'AccessControl' };
    }
    for (const { value, when } of eachBranch(at(bucket, 'PublicAccessBlockConfiguration'))) {
      const property = 'PublicAccessBlockConfiguration';
      if (isUnknown(value)) yield { resource: bucket, property, reason: value.reason };
      if (value === undefined || isUnknown(value)) continue;
      const unsaid = openAmong(bucket, ...BLOCKS.map((name) => `${property}.${name}`));
      if (unsaid) {
        yield unsaid;
        continue;
      }
      const open = BLOCKS.filter((name) => toBoolean(at(value, name)) !== true);
      if (open.length === 0) continue;
      yield {
        resource: bucket,
        property,
        message: `does not turn on ${open.join(', ')}${inWords(when)}`,
        detail: property,
      };
    }
  }),
};
