import type { Fact, Range } from './fact';

/** Dimensions of an index of S3 Vectors. */
export const vectorDimensions: Fact<Range> = {
  value: { min: 1, max: 4096 },
  unit: 'dimensions',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-s3vectors-index.html',
  read: '2026-11-21',
};
