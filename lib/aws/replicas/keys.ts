import { TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Check } from '../../core/check/check';
import { partitionOf } from './regions';
import type { EntityTableProps, TableReplicaProps } from '../entity-table-props';

/**
 * A key serves one region: if the table has a customer-managed key, each replica needs one in its own region.
 * @param region of the table's stack
 */
export function keyChecks(
  { encryption }: EntityTableProps,
  region: string,
  replicas: readonly TableReplicaProps[],
): Check[] {
  if (encryption?.type !== TableEncryption.CUSTOMER_MANAGED) return [];
  const keys = encryption.replicaKeyArns ?? {};
  const given = Object.keys(keys);
  const there = encryption.tableKey?.env.region;
  return [
    {
      prop: 'encryption',
      value: encryption.tableKey,
      reads: [region, there],
      valid: () => there === undefined || there === region,
      rule: `must have a KMS key of ${region}, where the table is, as its first argument: it is in ${there}`,
      remedy: "create one there, or import it: Key.fromKeyArn(this, 'Key', ...)",
    },
    ...replicas.map((replica): Check => ({
      prop: 'encryption',
      value: given,
      valid: () => given.includes(replica.region),
      rule: `must have a key in ${replica.region}, where a replica is`,
      remedy: `write TableEncryptionV2.customerManagedKey(key, { '${replica.region}': 'arn:aws:kms:${replica.region}:...' })`,
    })),
    ...given.flatMap((name): Check[] => [
      {
        prop: 'encryption',
        value: name,
        reads: [region],
        valid: () => name !== region,
        rule: "must not name a key for the stack's own region, whose key is the first argument",
        remedy: 'remove it',
      },
      {
        prop: 'encryption',
        value: name,
        reads: [region],
        valid: () => name === region || replicas.some((replica) => replica.region === name),
        rule: 'must only name keys for regions with a replica',
        remedy: "remove it, or add the region to 'replicas'",
      },
      {
        prop: 'encryption',
        value: keys[name],
        valid: () => new RegExp(`^arn:${partitionOf(name)}:kms:${name}:[^:]*:key/.`).test(keys[name] ?? ''),
        rule: `must name the ARN of a key in ${name}`,
        remedy: `write it as 'arn:${partitionOf(name)}:kms:${name}:111111111111:key/...'`,
      },
    ]),
  ];
}
