import type { Fact } from './fact';

/** Size of a published message with its attributes. */
export const messageSize: Fact<number> = {
  value: 262_144,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-publishing.html',
  read: '2026-11-21',
};

/** Keys at the root of a filter policy. */
export const filterKeys: Fact<number> = {
  value: 5,
  unit: 'keys',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html',
  read: '2026-11-29',
};

/** Combinations of values in a filter policy: the values of its keys multiplied, each by the depth of its key. */
export const filterCombinations: Fact<number> = {
  value: 150,
  unit: 'combinations',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html',
  read: '2026-11-29',
};

/** Messages in one request of PublishBatch. */
export const batchEntries: Fact<number> = {
  value: 10,
  unit: 'entries',
  source: 'https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html',
  read: '2026-11-29',
};

/** Attempts to deliver to a queue or function, the first included. */
export const managedAttempts: Fact<number> = {
  value: 100_015,
  unit: 'attempts',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
  read: '2026-11-29',
};

/** For which a FIFO topic knows what was published before. */
export const deduplicationInterval: Fact<number> = {
  value: 300,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html',
  read: '2026-11-29',
};

/** Longest name of a topic. */
export const topicNameLength: Fact<number> = {
  value: 256,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html',
  read: '2026-11-30',
};
