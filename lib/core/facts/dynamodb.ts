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

/** Regions of a table with strong consistency between regions: all replicas, or two and a witness. */
export const strongRegions: Fact<number> = {
  value: 3,
  unit: 'regions',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html',
  read: '2026-11-30',
};

/** Regions that can keep a table strongly consistent with each other; no set mixes with another. */
export const strongRegionSets: Fact<readonly (readonly string[])[]> = {
  value: [
    ['us-east-1', 'us-east-2', 'us-west-2'],
    ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
    ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ],
  unit: 'regions',
  source:
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-globaltable-globaltablewitness.html',
  read: '2026-11-30',
};

/** Operands with which `IN` compares. */
export const inOperands: Fact<number> = {
  value: 100,
  unit: 'operands',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html',
  read: '2026-11-30',
};

/** Items of one transaction together. */
export const transactionSize: Fact<number> = {
  value: 4 * 1024 * 1024,
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html',
  read: '2026-11-30',
};

/** Items of one transaction. */
export const transactionItems: Fact<number> = {
  value: 100,
  unit: 'items',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html',
  read: '2026-11-30',
};

/** Value of a partition key. */
export const partitionKeyLength: Fact<Range> = {
  value: { min: 1, max: 2048 },
  unit: 'bytes',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html',
  read: '2026-11-30',
};

/** Length of the name of a key attribute. */
export const attributeNameLength: Fact<Range> = {
  value: { min: 1, max: 255 },
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html',
  read: '2026-11-30',
};

/** Length of the name of a table or index. */
export const tableNameLength: Fact<Range> = {
  value: { min: 3, max: 255 },
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html',
  read: '2026-11-30',
};
