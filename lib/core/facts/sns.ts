import type { Fact } from './fact';

/** Size of a published message with its attributes. */
export const messageSize: Fact<number> = {
  value: 262_144,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-publishing.html',
  read: '2026-11-21',
};
