import type { Fact } from './fact';

/** A template in a request; a larger one is read from a bucket. */
export const inlineTemplate: Fact<number> = {
  value: 51_200,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
  read: '2026-11-30',
};

/** The answer of a custom resource. */
export const customResourceAnswer: Fact<number> = {
  value: 4096,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html',
  read: '2026-11-30',
};

/** The name of a stack. */
export const stackNameLength: Fact<number> = {
  value: 128,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html',
  read: '2026-11-30',
};

/** Tags of a stack. */
export const stackTags: Fact<number> = {
  value: 50,
  unit: 'tags',
  source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html',
  read: '2026-11-30',
};
