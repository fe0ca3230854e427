import type { Check } from '../../core/check/check';
import { serverlessCapacity } from '../../core/facts/rds';
import { within } from '../../core/facts/fact';
import { readSqlFiles } from '../../core/sql-files';
import { administrationOf } from './administration';
import { capacityOf, databaseSubnets } from './cluster';
import { userChecks } from './connect-checks';
import { serverlessCapacityOf } from './connections';
import { migrationChecks } from './migration-files';
import type { Administration } from './migrations';
import type { PooledDatabaseProps } from './database-props';
import { attempt, databaseNameOf, isIamOff, isReplica, targetOf } from './target';

/** What only an own cluster has. */
const OWN = [
  'version',
  'capacity',
  'readers',
  'encryptionKey',
  'backupRetention',
  'insights',
  'logRetention',
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
    ...migrationRows(props),
    ...userRows(props),
    ...(props.cluster ? givenChecks(props) : [...ownChecks(props), ...capacityChecks(props)]),
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
  const selected = attempt(() => vpc.selectSubnets(vpcSubnets));
  const used = attempt(() => vpc.selectSubnets(databaseSubnets({ vpc, vpcSubnets })));
  const zones = new Set(used?.subnets.map((subnet) => attempt(() => subnet.availabilityZone) ?? subnet));
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
      prop: vpcSubnets === undefined ? 'vpc' : 'vpcSubnets',
      value: zones.size,
      valid: () => used === undefined || used.isPendingLookup === true || used.subnets.length === 0 || zones.size > 1,
      rule: 'must have private subnets in two zones, which RDS asks for',
      remedy: "add a subnet in another zone: 'maxAzs: 2' of the VPC",
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
  const needless = props.migrations === undefined && props.users === undefined;
  const made = family === undefined ? undefined : family === 'postgresql' ? 'postgres' : family;
  const administration = administrationOf(props, cluster);
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
      remedy:
        made === 'postgres' || made === 'mysql'
          ? `write '${made}'`
          : 'PooledDatabase supports PostgreSQL and MySQL only',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !isIamOff(cluster),
      rule: 'must take IAM authentication, by which the proxy logs in',
      remedy: "remove 'iamAuthentication: false' where it is made",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !isReplica(cluster),
      rule: 'must not be a read replica, which RDS puts no proxy before',
      remedy: 'give the instance that it follows',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => cluster.connections.securityGroups.length > 0,
      rule: 'must have security groups, without which no way leads from the proxy to it',
      remedy: "import it with 'securityGroups'",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => serverlessCapacityOf(cluster)?.min !== 0,
      rule: 'must not pause behind a proxy, whose connections keep it from doing so: it would be paid for all the same',
      remedy: "set its 'serverlessV2MinCapacity' to 0.5 or more, or use HttpDatabase, which has no proxy",
    },
    {
      prop: 'administrator',
      value: props.administrator,
      valid: () => needless || administration !== undefined,
      rule: "must be given with 'migrations' or 'users', where nobody knows how to come to 'cluster'",
      remedy: 'give { secret }, or { user } for one who comes by IAM',
    },
    {
      prop: 'administrator',
      value: undefined,
      sensitive: true,
      valid: () => !both(props.administrator),
      rule: "must be a 'user' who comes by IAM, or by a 'secret', which the Data API needs",
      remedy: "remove 'user', or 'secret' and 'dataApi'",
    },
    {
      prop: 'administrator.dataApi',
      value: true,
      valid: () => administration?.by !== 'data-api' || 'clusterEndpoint' in cluster,
      rule: 'must be of a cluster: RDS has no Data API for instances',
      remedy: 'leave it out, and give the VPC a way to Secrets Manager',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => administration?.by !== 'iam' || targetOf(cluster, props.engine).resourceId !== undefined,
      rule: "must tell its resource id, by which IAM knows it, to an 'administrator' who comes by IAM",
      remedy:
        'clusterIdentifier' in cluster
          ? "import it with 'clusterResourceIdentifier'"
          : "import it with 'instanceResourceId'",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !comesDirectly(administration) || targetOf(cluster, props.engine).host !== undefined,
      rule: "must tell its endpoint, to which an 'administrator' comes directly",
      remedy: "import it with 'clusterEndpointAddress' and 'port'",
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

/** No endpoint leads to the Data API. */
function comesDirectly(administration: Administration | undefined): boolean {
  return administration !== undefined && administration.by !== 'data-api';
}

function both(administrator: PooledDatabaseProps['administrator']): boolean {
  if (typeof administrator !== 'object' || administrator.user === undefined) return false;
  return administrator.secret !== undefined || administrator.dataApi === true;
}

/** What an own cluster knows by itself. */
const GIVEN = ['administrator', 'maxConnections'] as const;

function ownChecks(props: PooledDatabaseProps): Check[] {
  return GIVEN.map((prop) => ({
    prop,
    value: undefined,
    sensitive: true,
    valid: () => props[prop] === undefined,
    rule: "must not be given without 'cluster', since a new one tells it",
    remedy: 'leave it out',
  }));
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
