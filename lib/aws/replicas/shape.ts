import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import {
  anything,
  either,
  filled,
  flag,
  known,
  list,
  needed,
  object,
  oneOf,
  record,
  whole,
} from '../../core/check/kinds';
import { recoveryPeriod } from '../../core/facts/dynamodb';
import type { TableReplicaProps } from '../entity-table-props';

const EXAMPLE = "'eu-central-1', or { region: 'eu-central-1' }";

/** How far back a table can be restored. */
export const RECOVERY = object<dynamodb.PointInTimeRecoverySpecification>(
  {
    pointInTimeRecoveryEnabled: needed(flag, 'write true'),
    recoveryPeriodInDays: whole(recoveryPeriod.value),
  },
  '{ pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 14 }',
);

/** Whether CloudWatch tracks the most requested keys. */
export const INSIGHTS = object<dynamodb.ContributorInsightsSpecification>(
  {
    enabled: needed(flag, 'write true'),
    mode: oneOf('ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'),
  },
  '{ enabled: true }',
);

export const TABLE_CLASS = oneOf('STANDARD', 'STANDARD_INFREQUENT_ACCESS');

export const TAGS = list(anything, "[{ key: 'team', value: 'shop' }]");

/** A replica: its region, or its props. CDK requires regions known at synthesis. */
export const REPLICA = known(
  either(
    'must be a region, or an object with one',
    () => `write ${EXAMPLE}`,
    filled('eu-central-1'),
    object<TableReplicaProps>(
      {
        region: needed(known(filled('eu-central-1')), `write ${EXAMPLE}`),
        deletionProtection: flag,
        pointInTimeRecoverySpecification: RECOVERY,
        contributorInsightsSpecification: INSIGHTS,
        tableClass: TABLE_CLASS,
        kinesisStream: anything,
        tags: TAGS,
        resourcePolicy: anything,
        streamResourcePolicy: anything,
        readCapacity: anything,
        maxReadRequestUnits: anything,
        globalSecondaryIndexOptions: record(anything, '{ byCustomer: { maxReadRequestUnits: 100 } }'),
      },
      "{ region: 'eu-central-1' }",
      {
        regionName: "write 'region'",
        pointInTimeRecovery: "leave it out: it is the table's; 'pointInTimeRecoverySpecification' overrides it",
        contributorInsights: "write 'contributorInsightsSpecification'",
        encryption: "give the table's 'encryption' a key per region",
        kmsKey: "give the table's 'encryption' a key per region",
        removalPolicy: "leave it out: it is the table's",
      },
    ),
  ),
);
