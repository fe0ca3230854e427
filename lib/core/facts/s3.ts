import type { Fact, Range } from './fact';

/** Dimensions of an index of S3 Vectors. */
export const vectorDimensions: Fact<Range> = {
  value: { min: 1, max: 4096 },
  unit: 'dimensions',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3vectors-index.html',
  read: '2026-11-21',
};

/** Notification configurations of a bucket; the page of `PutBucketNotificationConfiguration` refers to the quotas. */
export const notificationConfigurations: Fact<number> = {
  value: 100,
  unit: 'configurations',
  source: 'https://docs.aws.amazon.com/general/latest/gr/s3.html',
  read: '2026-11-30',
};

const LIFECYCLE =
  'https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html';

/**
 * Least age at which a rule moves an object to infrequent access. AWS's pages disagree: the user guide has always asked
 * for 30 days, the API reference of November 2026 (`Transition`) takes any number. The stricter one stands here.
 */
export const infrequentAccessAge: Fact<number> = { value: 30, unit: 'days', source: LIFECYCLE, read: '2026-11-30' };

/** Least time in infrequent access before the same rule moves an object on, by the user guide; billed in any case. */
export const infrequentAccessStay: Fact<number> = { value: 30, unit: 'days', source: LIFECYCLE, read: '2026-11-30' };

/** Longest name of a lifecycle rule. */
export const lifecycleRuleId: Fact<number> = {
  value: 255,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html',
  read: '2026-11-30',
};

/** Longest key of an object, in UTF-8. */
export const keyLength: Fact<number> = {
  value: 1024,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html',
  read: '2026-11-30',
};
