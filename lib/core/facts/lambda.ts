import type { Fact, Range } from './fact';

const LIMITS = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';

/** Timeout of a function. The service's own default is 3 seconds. */
export const functionTimeout: Fact<Range> = {
  value: { min: 1, max: 900 },
  unit: 'seconds',
  source: LIMITS,
  read: '2026-11-21',
};

/** Memory of a function; its share of CPU follows. */
export const functionMemory: Fact<Range> = {
  value: { min: 128, max: 10_240 },
  unit: 'MB',
  source: LIMITS,
  read: '2026-11-21',
};

/** All environment variables together, names and values. */
export const environmentSize: Fact<number> = { value: 4096, unit: 'bytes', source: LIMITS, read: '2026-11-21' };

/** The part of an account's concurrency that no reservation may take. */
export const unreservedConcurrency: Fact<number> = {
  value: 100,
  unit: 'concurrent executions',
  source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html',
  read: '2026-11-21',
};
