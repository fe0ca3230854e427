import type { Fact, Range } from './fact';

const READ = '2026-11-21';

/** Size of an item with its attribute names. From memory; the page is the place to check it. */
export const itemSize: Fact<number> = {
  value: 409_600,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html',
  read: READ,
};

/** How far back a table can be restored, once point-in-time recovery is on; it is off by default. */
export const recoveryPeriod: Fact<Range> = {
  value: { min: 1, max: 35 },
  unit: 'days',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html',
  read: READ,
};

/** Dimensions of a vector index; it needs an on-demand table. */
export const vectorDimensions: Fact<Range> = {
  value: { min: 1, max: 4096 },
  unit: 'dimensions',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  read: READ,
};

/** Global secondary indexes of one table. */
export const globalIndexes: Fact<number> = {
  value: 20,
  unit: 'indexes',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  read: '2026-11-29',
};

/** Vector indexes of one table. */
export const vectorIndexes: Fact<number> = {
  value: 5,
  unit: 'indexes',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
  read: READ,
};
