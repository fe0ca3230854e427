import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { BillingMode } from 'aws-cdk-lib/aws-dynamodb';
import type { Check } from '../../core/check/check';
import { nearest } from '../../core/nearest';
import { type EntityTableProps, replicaOf, type TableReplicaProps } from '../entity-table-props';
import { keyChecks } from './keys';
import { mayBeRegion, partitionOf, regionMeant } from './regions';
import { strongChecks } from './strong';

/**
 * Checks of a table's replicas, one by one and together.
 * @param region of the table's stack
 */
export function replicaChecks(props: EntityTableProps, region: string): Check[] {
  const { stream, multiRegionConsistency } = props;
  // Every table is judged, and few are in several regions: rows are made for those only.
  if ([props.replicas, multiRegionConsistency, props.witnessRegion].every((prop) => prop === undefined)) {
    return keyChecks(props, region, []);
  }
  const { replicas = [] } = props;
  const strong = multiRegionConsistency === 'STRONG';
  const all = replicas.map((replica) => replicaOf(replica));
  return [
    {
      prop: 'replicas',
      value: replicas,
      valid: () => (replicas.length === 0 && !strong) || !Token.isUnresolved(region),
      rule: 'must be on a table whose region is known at synthesis',
      remedy: "give its stack a region: env: { region: 'eu-west-1' }",
    },
    {
      prop: 'stream',
      value: stream,
      valid: () => stream === undefined || stream === 'NEW_AND_OLD_IMAGES' || replicas.length === 0 || strong,
      rule: "must be 'NEW_AND_OLD_IMAGES' with 'replicas', which replicate through it",
      remedy: 'write StreamViewType.NEW_AND_OLD_IMAGES, or leave it out',
    },
    ...all.flatMap((replica, index) => [
      ...regionChecks(replica.region, `replicas.${index}`, region),
      {
        prop: `replicas.${index}`,
        value: replica.region,
        valid: () => all.findIndex((other) => other.region === replica.region) === index,
        rule: 'must be in distinct regions',
        remedy: 'remove one of them',
      },
      ...settingChecks(replica, `replicas.${index}`, props),
    ]),
    ...keyChecks(props, region, all),
    ...strongChecks(props, region, all),
  ];
}

function regionChecks(value: string, prop: string, own: string): Check[] {
  const meant = typeof value === 'string' ? regionMeant(value) : undefined;
  return [
    {
      prop,
      value,
      reads: [own],
      valid: () => value !== own,
      rule: "must not be the stack's region, where the table itself is",
      remedy: 'remove it',
    },
    {
      prop,
      value,
      valid: () => mayBeRegion(value),
      rule: 'must be an AWS region',
      remedy: meant === undefined ? "write it as 'eu-central-1'" : `did you mean '${meant}'?`,
    },
    {
      prop,
      value,
      reads: [own],
      valid: () => !mayBeRegion(value) || partitionOf(value) === partitionOf(own),
      rule: `must be in the partition of ${own}, which replication cannot leave`,
      remedy: `choose a region of '${partitionOf(own)}'`,
    },
  ];
}

function settingChecks(replica: TableReplicaProps, prop: string, props: EntityTableProps): Check[] {
  const { removalPolicy, billing, indexes = {} } = props;
  const { region, deletionProtection, kinesisStream, readCapacity, globalSecondaryIndexOptions = {} } = replica;
  const { pointInTimeRecoverySpecification: recovery } = replica;
  return [
    {
      prop: `${prop}.deletionProtection`,
      value: deletionProtection,
      valid: () => deletionProtection !== true || removalPolicy !== RemovalPolicy.DESTROY,
      rule: "must not be true with 'removalPolicy' DESTROY, because deleting the stack would fail",
      remedy: 'remove one of them',
    },
    {
      prop: `${prop}.pointInTimeRecoverySpecification.recoveryPeriodInDays`,
      value: recovery?.recoveryPeriodInDays,
      reads: [recovery?.pointInTimeRecoveryEnabled],
      valid: () => recovery?.recoveryPeriodInDays === undefined || recovery.pointInTimeRecoveryEnabled,
      rule: "must not be given when 'pointInTimeRecoveryEnabled' is false",
      remedy: 'switch it on, or remove the period',
    },
    {
      prop: `${prop}.kinesisStream`,
      value: kinesisStream?.env.region,
      valid: () => kinesisStream === undefined || kinesisStream.env.region === region,
      rule: `must be a stream in ${region}, where the replica is`,
      remedy: 'give a stream in that region, or leave it out',
    },
    {
      prop: `${prop}.readCapacity`,
      value: readCapacity,
      valid: () => readCapacity === undefined || billing?.mode === BillingMode.PROVISIONED,
      rule: "must not be given without 'billing: Billing.provisioned(...)'",
      remedy: "remove it, or set 'maxReadRequestUnits'",
    },
    ...Object.keys(globalSecondaryIndexOptions).map((name): Check => {
      const meant = nearest(name, Object.keys(indexes));
      return {
        prop: `${prop}.globalSecondaryIndexOptions.${name}`,
        value: name,
        valid: () => name in indexes,
        rule: "must be one of 'indexes'",
        remedy: meant === undefined ? `add it to 'indexes'` : `did you mean '${meant}'?`,
      };
    }),
  ];
}
