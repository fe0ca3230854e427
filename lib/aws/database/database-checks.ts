import { CfnVPC, DefaultInstanceTenancy, type IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Check } from '../../core/check/check';
import { type DatabaseEngine, databaseNameLength, serverlessCapacity } from '../../core/facts/rds';
import { within } from '../../core/facts/fact';
import { readSqlFiles } from '../../core/sql-files';
import { capacityOf, databaseSubnets, isSelective } from './cluster';
import type { Place } from '../access/place';
import { userChecks } from './connect-checks';
import { migrationChecks } from './migration-files';
import type { PooledDatabaseProps } from './database-props';
import { givenChecks } from './given-checks';
import { attempt } from './target';

/**
 * Checks across a database's settings.
 * @param here where the proxy is
 */
export function databaseChecks(props: PooledDatabaseProps, here: Place): Check[] {
  return [
    {
      prop: 'databaseName',
      value: props.databaseName,
      valid: () => props.databaseName === undefined || isDatabaseName(props.databaseName),
      rule: 'must be a letter followed by letters, digits and underscores',
      remedy: "write it as 'app'",
    },
    ...networkChecks(props),
    ...migrationRows(props),
    ...userRows(props),
    ...(props.cluster
      ? givenChecks(props, here)
      : [...ownChecks(props), ...newChecks(props), ...capacityChecks(props)]),
  ];
}

function migrationRows({ migrations, engine }: PooledDatabaseProps): Check[] {
  if (migrations === undefined) return [];
  const directory = typeof migrations === 'string' ? migrations : migrations.directory;
  return migrationChecks(engine, directory, readSqlFiles(directory));
}

function userRows({ users = {}, engine }: PooledDatabaseProps): Check[] {
  const given = (user: string, right: 'read' | 'write') =>
    (users[user]?.[right] ?? []).map((table, index) => ({
      prop: `users.${user}.${right}.${index}`,
      value: table,
      valid: () => TABLE.test(table),
      rule: "must name a table: 'orders', 'billing.invoices', or '*' for all of them",
      remedy: 'write its name without quotes',
    }));
  return Object.keys(users).flatMap((user) => [
    ...userChecks(`users.${user}`, user, engine),
    ...given(user, 'read'),
    ...given(user, 'write'),
  ]);
}

const TABLE = /^(\*|[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?)$/;

function networkChecks({ vpc, vpcSubnets }: PooledDatabaseProps): Check[] {
  const { isolatedSubnets = [], privateSubnets = [] } = vpc;
  const selected = attempt(() => vpc.selectSubnets(isSelective(vpcSubnets) ? vpcSubnets : undefined));
  const used = attempt(() => vpc.selectSubnets(databaseSubnets({ vpc, vpcSubnets })));
  const zones = new Set(used?.subnets.map((subnet) => attempt(() => subnet.availabilityZone) ?? subnet));
  return [
    {
      prop: 'vpcSubnets',
      value: vpcSubnets,
      reads: [vpc],
      valid: () => selected !== undefined,
      rule: "must select subnets that 'vpc' has",
      remedy: 'choose another type or name, or leave it out',
    },
    {
      prop: 'vpc',
      value: vpc,
      valid: () => isSelective(vpcSubnets) || isolatedSubnets.length > 0 || privateSubnets.length > 0,
      rule: 'must have private subnets, since a database in a public one would have a public address',
      remedy: 'add subnets of type PRIVATE_ISOLATED, which are free',
    },
    {
      prop: isSelective(vpcSubnets) ? 'vpcSubnets' : 'vpc',
      value: zones.size,
      valid: () => used === undefined || used.isPendingLookup === true || used.subnets.length === 0 || zones.size > 1,
      rule: 'must have private subnets in two zones, which RDS requires',
      remedy: "add a subnet in another zone: 'maxAzs: 2' on the VPC",
    },
    {
      prop: 'vpc',
      value: vpc,
      valid: () => !isDedicated(vpc),
      rule: 'must not have dedicated tenancy, which RDS proxies do not support',
      remedy: 'use a VPC with default tenancy',
    },
    {
      prop: 'vpcSubnets',
      value: undefined,
      sensitive: true,
      valid: () => !isSelective(vpcSubnets) || selected?.hasPublic !== true,
      rule: 'must be private, since a database in a public one would have a public address',
      remedy: 'choose subnets of type PRIVATE_ISOLATED or PRIVATE_WITH_EGRESS',
    },
  ];
}

function isDedicated(vpc: IVpc): boolean {
  const definition = vpc.node?.defaultChild;
  return CfnVPC.isCfnVPC(definition) && definition.instanceTenancy === DefaultInstanceTenancy.DEDICATED;
}

/** Props that a new cluster determines itself. */
const GIVEN = ['administrator', 'maxConnections'] as const;

function ownChecks(props: PooledDatabaseProps): Check[] {
  return GIVEN.map((prop) => ({
    prop,
    value: undefined,
    sensitive: true,
    valid: () => props[prop] === undefined,
    rule: "must not be given without 'cluster', since a new cluster determines it",
    remedy: 'leave it out',
  }));
}

/** Supported versions of a new cluster, by engine. */
const NEW: Readonly<
  Record<DatabaseEngine, { readonly version: RegExp; readonly such: string; readonly taken: readonly string[] }>
> = {
  postgres: {
    version: /^(1[3-9]|[2-9]\d)\.\d+$/,
    such: "PostgreSQL 13 or later, such as '17.7'",
    taken: ['postgres', 'rdsadmin', 'template0', 'template1'],
  },
  mysql: {
    version: /^8\.\d\.mysql_aurora\.[3-9]\.\d+\.\d+$/,
    such: "Aurora MySQL 3 or later, such as '8.0.mysql_aurora.3.10.3'",
    taken: ['mysql', 'sys', 'information_schema', 'performance_schema', 'rdsadmin'],
  },
};

function newChecks({ engine, version, databaseName }: PooledDatabaseProps): Check[] {
  const { version: form, such, taken } = NEW[engine];
  return [
    {
      prop: 'version',
      value: version,
      valid: () => version === undefined || form.test(version),
      rule: `must be one that Aurora Serverless v2 supports: ${such}`,
      remedy: 'write it like that, or leave it out',
    },
    {
      prop: 'databaseName',
      value: databaseName,
      valid: () => databaseName === undefined || !taken.includes(databaseName.toLowerCase()),
      rule: "must not be one of the engine's own databases",
      remedy: "choose another name, such as 'app'",
    },
  ];
}

function capacityChecks(props: PooledDatabaseProps): Check[] {
  const { min, max } = capacityOf(props);
  const range = serverlessCapacity.value;
  const step = (value: number) => Number.isInteger(value * 2);
  return [
    {
      prop: 'capacity.min',
      value: min,
      valid: () => min !== 0,
      rule: 'must be at least 0.5 behind a proxy, whose connections keep the database from pausing: it would be billed anyway',
      remedy: 'set it to 1, or use HttpDatabase, which has no proxy',
    },
    {
      prop: 'capacity.min',
      value: min,
      valid: () => within(range, min) && step(min),
      rule: `must be 0.5 to ${range.max}, in steps of 0.5`,
      remedy: 'set it to 1',
    },
    {
      prop: 'capacity.max',
      value: max,
      valid: () => within({ min: 1, max: range.max }, max) && step(max),
      rule: `must be 1 to ${range.max}, in steps of 0.5`,
      remedy: 'set it to 4',
    },
    {
      prop: 'capacity.max',
      value: max,
      reads: [min],
      valid: () => max >= min,
      rule: `must be at least 'capacity.min' (${min})`,
      remedy: 'raise it',
    },
  ];
}

const isDatabaseName = (name: string) => /^[A-Za-z]\w*$/.test(name) && name.length <= databaseNameLength.value;
