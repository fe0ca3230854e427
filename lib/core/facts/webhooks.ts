import type { Fact } from './fact';

/** How far the time of signing may lie from that of receipt, as Standard Webhooks, Stripe, Slack and others advise. */
export const tolerance: Fact<number> = {
  value: 300,
  unit: 'seconds',
  source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  read: '2026-11-30',
};

/** Shortest secret of Standard Webhooks, before it is written in base64. */
export const secretLength: Fact<number> = {
  value: 24,
  unit: 'bytes',
  source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  read: '2026-11-30',
};
