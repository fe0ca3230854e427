import { Token } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { offOf } from '../alarms/settings';
import { administrationOf } from './administration';
import { networkOf } from './connect';
import { connectionsOf, serverlessCapacityOf } from './connections';
import type { PooledDatabaseProps } from './database-props';
import type { Administration } from './migrations';
import { databaseNameOf, isIamOff, isReplica, targetOf } from './target';

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

/** Whether the groups of a database of this app are in another VPC of this app. */
function isElsewhere({ vpc, cluster }: PooledDatabaseProps): boolean {
  const network = networkOf(cluster!);
  if (network === undefined || Token.isUnresolved(network) !== Token.isUnresolved(vpc.vpcId)) return false;
  return network !== vpc.vpcId;
}

/** What must hold for the team's own database, and the settings around it. */
export function givenChecks(props: PooledDatabaseProps): Check[] {
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
      prop: 'vpc',
      value: props.vpc,
      valid: () => !isElsewhere(props),
      rule: "must be that of 'cluster', since a proxy is in the VPC of its database",
      remedy: 'give the VPC in which the cluster is',
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
      prop: 'alarms.connections',
      value: props.alarms?.connections,
      valid: () =>
        props.alarms?.connections === undefined ||
        offOf(props.alarms.connections) !== undefined ||
        connectionsOf(cluster, props.engine, props.maxConnections) !== undefined,
      rule: "must not be given where nobody knows the connections of 'cluster': there is no such alarm",
      remedy: "say in 'maxConnections' what 'SHOW max_connections' says, or remove it",
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
