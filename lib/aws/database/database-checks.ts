import { Token } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { type DatabaseEngine, serverlessCapacity } from '../../core/facts/rds';
import { within } from '../../core/facts/fact';
import { capacityOf } from './cluster';
import type { PooledDatabaseProps } from './database-props';
import { attempt, databaseNameOf, type DatabaseTarget, isIamOff } from './target';

/** What only an own cluster has. */
const OWN = [
  'version',
  'capacity',
  'readers',
  'encryptionKey',
  'backupRetention',
  'insights',
  'removalPolicy',
] as const;

/** What must hold for the settings of a database together. */
export function databaseChecks(props: PooledDatabaseProps): Check[] {
  return [
    {
      prop: 'databaseName',
      value: props.databaseName,
      valid: () => props.databaseName === undefined || DATABASE_NAME.test(props.databaseName),
      rule: 'must be a letter, and then letters, digits and underscores',
      remedy: "write it as 'app'",
    },
    ...networkChecks(props),
    ...(props.cluster ? givenChecks(props) : capacityChecks(props)),
  ];
}

function networkChecks({ vpc, vpcSubnets }: PooledDatabaseProps): Check[] {
  const { isolatedSubnets = [], privateSubnets = [] } = vpc;
  const selected = attempt(() => vpc.selectSubnets(vpcSubnets));
  return [
    {
      prop: 'vpcSubnets',
      value: vpcSubnets,
      valid: () => selected !== undefined,
      rule: "must select subnets that 'vpc' has",
      remedy: 'choose another type or name, or leave it out',
    },
    {
      prop: 'vpc',
      value: vpc,
      valid: () => vpcSubnets !== undefined || isolatedSubnets.length > 0 || privateSubnets.length > 0,
      rule: 'must have private subnets, since a database in a public one has an address on the internet',
      remedy: 'add subnets of the type PRIVATE_ISOLATED, which cost nothing',
    },
    {
      prop: 'vpcSubnets',
      value: undefined,
      sensitive: true,
      valid: () => selected?.hasPublic !== true,
      rule: 'must be private, since a database in a public one has an address on the internet',
      remedy: 'choose subnets of the type PRIVATE_ISOLATED or PRIVATE_WITH_EGRESS',
    },
  ];
}

function givenChecks(props: PooledDatabaseProps): Check[] {
  const cluster = props.cluster!;
  const family = cluster.engine?.engineFamily?.toLowerCase();
  const made = family === undefined ? undefined : family === 'postgresql' ? 'postgres' : family;
  const others = OWN.map((prop) => ({
    prop,
    value: props[prop],
    valid: () => props[prop] === undefined,
    rule: "must not be given with 'cluster', whose own matter it is",
    remedy: 'set it where the cluster or instance is made',
  }));
  return [
    ...others,
    {
      prop: 'engine',
      value: props.engine,
      valid: () => made === undefined || made === props.engine,
      rule: `must be that of 'cluster' (${made})`,
      remedy: made === 'postgres' || made === 'mysql' ? `write '${made}'` : 'a proxy of RDS for it is not built here',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !isIamOff(cluster),
      rule: 'must take IAM authentication, by which the proxy logs in',
      remedy: "remove 'iamAuthentication: false' where it is made",
    },
    {
      prop: 'databaseName',
      value: props.databaseName,
      valid: () => props.databaseName !== undefined || databaseNameOf(cluster) !== undefined,
      rule: "must be given where 'cluster' does not tell it",
      remedy: 'give the name of the database in it',
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
      rule: 'must be at least 0.5 behind a proxy, whose connections keep the database from pausing: it would be paid for all the same',
      remedy: 'set it to 1, or use HttpDatabase, which has no proxy',
    },
    {
      prop: 'capacity.min',
      value: min,
      valid: () => within(range, min) && step(min),
      rule: `must be 0.5 to ${range.max}, in halves`,
      remedy: 'set it to 1',
    },
    {
      prop: 'capacity.max',
      value: max,
      valid: () => within({ min: 1, max: range.max }, max) && step(max),
      rule: `must be 1 to ${range.max}, in halves`,
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

const DATABASE_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;

/** What an engine keeps for itself and for RDS. */
const KEPT: Readonly<Record<DatabaseEngine, readonly string[]>> = {
  postgres: ['postgres', 'rdsadmin', 'rdsproxyadmin', 'rds_superuser', 'rds_iam'],
  mysql: ['root', 'admin', 'rdsadmin', 'rdsproxyadmin', 'mysql.sys', 'mysql.session'],
};

/** Lengths of names. */
const LONGEST: Readonly<Record<DatabaseEngine, number>> = { postgres: 63, mysql: 32 };

/** What a user must be to connect, and how. */
export function connectChecks(user: string, readOnly: boolean, target: DatabaseTarget): Check[] {
  const { engine, resourceId, readers, clustered, construct } = target;
  return [
    {
      prop: 'connect',
      value: user,
      valid: () => Token.isUnresolved(user) || /^[a-z_][a-z0-9_]*$/.test(user),
      rule: 'must be the name of a user: lower-case letters, digits and underscores, no digit first',
      remedy: "write it as 'app_user'",
    },
    {
      prop: 'connect',
      value: user,
      valid: () => user.length <= LONGEST[engine],
      rule: `must have at most ${LONGEST[engine]} characters`,
      remedy: 'choose a shorter name',
    },
    {
      prop: 'connect',
      value: user,
      valid: () => !KEPT[engine].includes(user) && !user.startsWith('pg_'),
      rule: 'must not be a user of the engine or of RDS, who may do everything or cannot log in',
      remedy: "name a user of the application: 'app_user'",
    },
    {
      prop: 'cluster',
      value: construct,
      valid: () => resourceId !== undefined && resourceId !== '',
      rule: 'must tell its resource id, by which IAM knows it',
      remedy: clustered ? "import it with 'clusterResourceIdentifier'" : "import it with 'instanceResourceId'",
    },
    {
      prop: 'readOnly',
      value: readOnly,
      valid: () => !readOnly || (clustered && readers !== 0),
      rule: 'must not be true without a reader: a read-only endpoint leads nowhere then',
      remedy: clustered ? "set 'readers' to 1 or more, or leave it out" : 'leave it out',
    },
  ];
}
