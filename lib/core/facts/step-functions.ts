import type { Fact } from './fact';

const QUOTAS = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const READ = '2026-11-21';

/** Input or output of a state. */
export const payloadSize: Fact<number> = { value: 262_144, unit: 'bytes', source: QUOTAS, read: READ };

/** Events in the history of a Standard execution. */
export const historyEvents: Fact<number> = { value: 25_000, unit: 'events', source: QUOTAS, read: READ };

/** Duration of an Express execution. */
export const expressDuration: Fact<number> = { value: 300, unit: 'seconds', source: QUOTAS, read: READ };

/** Iterations of an inline map that run at once. */
export const inlineMapConcurrency: Fact<number> = {
  value: 40,
  unit: 'iterations',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html',
  read: READ,
};

/** Errors that `States.ALL` does not catch. */
export const notCaughtByAll: Fact<readonly string[]> = {
  value: ['States.DataLimitExceeded', 'States.Runtime'],
  unit: 'errors',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  read: READ,
};

/** Duration of a Standard execution. */
export const standardDuration: Fact<number> = {
  value: 31_536_000,
  unit: 'seconds',
  source: QUOTAS,
  read: '2026-11-29',
};

/** Upper bound of `MaxDelaySeconds` in a `Retry`; the value must be below it. Not confirmed against the page on that day. */
export const maxDelay: Fact<number> = {
  value: 31_622_400,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
  read: '2026-11-30',
};

/** How long the history of a Standard execution that ended is kept, and its name is taken. */
export const historyRetention: Fact<number> = { value: 90, unit: 'days', source: QUOTAS, read: '2026-11-30' };

/** Longest name of an execution. */
export const executionName: Fact<number> = {
  value: 80,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html',
  read: '2026-11-30',
};

/** Longest name of a state. */
export const stateName: Fact<number> = {
  value: 80,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  read: '2026-11-30',
};

/** How long after its end an execution can be redriven. */
export const redrivePeriod: Fact<number> = {
  value: 14,
  unit: 'days',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html',
  read: '2026-11-30',
};

/** Longest name of a variable. */
export const variableNameLength: Fact<number> = {
  value: 80,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html',
  read: '2026-11-30',
};

/** Child executions of a distributed map at once. */
export const distributedMapConcurrency: Fact<number> = {
  value: 10_000,
  unit: 'executions',
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html',
  read: '2026-11-30',
};
