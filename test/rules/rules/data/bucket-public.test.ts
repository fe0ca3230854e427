import { bucketPublic } from '../../../../lib/rules/rules/data/bucket-public';
import { describeFaults, OPEN } from '../faults';
import { bucketWithFunction } from '../events/templates';

describeFaults(bucketPublic, bucketWithFunction, [
  {
    mistake: 'a bucket that lets public policies in',
    change: { 'Bucket.PublicAccessBlockConfiguration': { BlockPublicAcls: true, IgnorePublicAcls: true } },
    message: 'does not turn on BlockPublicPolicy, RestrictPublicBuckets',
    open: { 'Bucket.PublicAccessBlockConfiguration': OPEN },
  },
  {
    mistake: 'a bucket that everybody may read',
    change: { 'Bucket.AccessControl': 'PublicRead' },
    message: 'has the ACL PublicRead',
  },
  {
    mistake: 'an access point that lets public policies in',
    change: {
      Point: {
        Type: 'AWS::S3::AccessPoint',
        Properties: { Bucket: { Ref: 'Bucket' }, PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
      },
    },
    message: 'does not turn on BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets',
  },
]);
