import { MultiRegionConsistency } from 'aws-cdk-lib/aws-dynamodb';
import type { Check } from '../../core/check/check';
import { strongRegions, strongRegionSets } from '../../core/facts/dynamodb';
import type { EntityTableProps, TableReplicaProps } from '../entity-table-props';

/**
 * What strong consistency between regions asks for, and what it leaves no room for.
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
    rule: "must not be with 'multiRegionConsistency' STRONG, which has none",
    remedy,
  });
  return [
    {
      prop: 'witnessRegion',
      value: witnessRegion,
      reads: [multiRegionConsistency],
      valid: () => witnessRegion === undefined || strong,
      rule: "must not be without 'multiRegionConsistency' STRONG",
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
    without('timeToLive', timeToLive, 'let a schedule delete what has ended, or give up strong consistency'),
    without('localSecondaryIndexes', localSecondaryIndexes, "write them as 'indexes'"),
    {
      prop: 'multiRegionConsistency',
      value: multiRegionConsistency,
      reads: all,
      valid: () => !strong || new Set(all).size === strongRegions.value,
      rule: `must have ${strongRegions.value} regions to be STRONG, that of the stack with it, of which one may be 'witnessRegion'`,
      remedy: `give it two 'replicas', or one and a 'witnessRegion'`,
    },
    {
      prop: 'multiRegionConsistency',
      value: multiRegionConsistency,
      reads: [region],
      valid: () => !strong || set !== undefined,
      rule: `must be in a region that can be STRONG, which ${region} is not`,
      remedy: `choose regions of ${strongRegionSets.value.map((one) => one.join(', ')).join('; or of ')}`,
    },
    ...[
      ...replicas.map((replica, index) => [`replicas.${index}`, replica.region]),
      ['witnessRegion', witnessRegion],
    ].map(([prop, value]): Check => ({
      prop: prop!,
      value,
      reads: [region],
      valid: () => !strong || value === undefined || set === undefined || set.includes(value),
      rule: `must be of the regions that can be STRONG together with ${region}`,
      remedy: `choose of ${set?.filter((one) => one !== region).join(', ')}`,
    })),
  ];
}
