import { MultiRegionConsistency } from 'aws-cdk-lib/aws-dynamodb';
import type { Check } from '../../core/check/check';
import { strongRegions, strongRegionSets } from '../../core/facts/dynamodb';
import type { EntityTableProps, TableReplicaProps } from '../entity-table-props';

/**
 * What multi-region strong consistency requires and excludes.
 * @param region of the table's stack
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export function strongChecks(
  { multiRegionConsistency, witnessRegion, timeToLive, localSecondaryIndexes }: EntityTableProps,
  region: string,
  replicas: readonly TableReplicaProps[],
): Check[] {
  const strong = multiRegionConsistency === MultiRegionConsistency.STRONG;
  const full = [region, ...replicas.map((replica) => replica.region)];
  const all = witnessRegion === undefined ? full : [...full, witnessRegion];
  const set = strongRegionSets.value.find((one) => one.includes(region));
  const without = (prop: string, value: unknown, remedy: string): Check => ({
    prop,
    value,
    reads: [multiRegionConsistency],
    valid: () => !strong || value === undefined || (Array.isArray(value) && value.length === 0),
    rule: "must not be given with 'multiRegionConsistency' STRONG, which does not support it",
    remedy,
  });
  return [
    {
      prop: 'witnessRegion',
      value: witnessRegion,
      reads: [multiRegionConsistency],
      valid: () => witnessRegion === undefined || strong,
      rule: "must not be given without 'multiRegionConsistency' STRONG",
      remedy: "add it, or write the region in 'replicas'",
    },
    {
      prop: 'witnessRegion',
      value: witnessRegion,
      reads: full,
      valid: () => witnessRegion === undefined || !full.includes(witnessRegion),
      rule: 'must be a region without the table',
      remedy: 'choose another one',
    },
    without('timeToLive', timeToLive, 'let a schedule delete expired items, or give up strong consistency'),
    without('localSecondaryIndexes', localSecondaryIndexes, "write them as 'indexes'"),
    {
      prop: 'multiRegionConsistency',
      value: multiRegionConsistency,
      reads: all,
      valid: () => !strong || new Set(all).size === strongRegions.value,
      rule: `must have ${strongRegions.value} regions to be STRONG, including the stack's, and one may be 'witnessRegion'`,
      remedy: `give it two 'replicas', or one and a 'witnessRegion'`,
    },
    {
      prop: 'multiRegionConsistency',
      value: multiRegionConsistency,
      reads: [region],
      valid: () => !strong || set !== undefined,
      rule: `must be in a region that supports STRONG, which ${region} does not`,
      remedy: `choose regions among ${strongRegionSets.value.map((one) => one.join(', ')).join('; or among ')}`,
    },
    ...[
      ...replicas.map((replica, index) => [`replicas.${index}`, replica.region]),
      ['witnessRegion', witnessRegion],
    ].map(([prop, value]): Check => ({
      prop: prop!,
      value,
      reads: [region],
      valid: () => !strong || value === undefined || set === undefined || set.includes(value),
      rule: `must be a region that supports STRONG together with ${region}`,
      remedy: `choose among ${set?.filter((one) => one !== region).join(', ')}`,
    })),
  ];
}
