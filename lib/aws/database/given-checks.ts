import { Token } from 'aws-cdk-lib';
import type { Check } from '../../core/check/check';
import { elsewhere, nameOf, type Place } from '../access/place';
import { offOf } from '../alarms/settings';
import { isStandIn } from '../looked-up';
import { administrationOf } from './administration';
import { networkOf } from './connect';
import { connectionsOf, serverlessCapacityOf } from './connections';
import type { PooledDatabaseProps } from './database-props';
import type { Administration } from './migrations';
import { databaseNameOf, isIamOff, isReplica, targetOf } from './target';

/** Props for a new cluster only. */
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

/** Whether the security groups of this app's database are in a different VPC. */
function isElsewhere({ vpc, cluster }: PooledDatabaseProps): boolean {
  const network = networkOf(cluster!);
  if (network === undefined || Token.isUnresolved(network) !== Token.isUnresolved(vpc.vpcId)) return false;
  return network !== vpc.vpcId;
}

/**
 * Checks of the team's own database, and of the settings around it.
 * @param here where the proxy is
 */
export function givenChecks(props: PooledDatabaseProps, here: Place): Check[] {
  const cluster = props.cluster!;
  const family = cluster.engine?.engineFamily?.toLowerCase();
  const needless = props.migrations === undefined && props.users === undefined;
  const made = family === undefined ? undefined : family === 'postgresql' ? 'postgres' : family;
  const administration = administrationOf(props, cluster);
  const others = OWN.map((prop) => ({
    prop,
    value: props[prop],
    valid: () => props[prop] === undefined,
    rule: "must not be given with 'cluster', which has its own",
    remedy: 'set it where the cluster or instance is created',
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
      valid: () => !elsewhere(here, cluster.env),
      rule: `must be in the account and region of its proxy (${nameOf(here)}): it is in ${nameOf(cluster.env)}`,
      remedy: 'put the PooledDatabase there, or pass a cluster that is here',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !isIamOff(cluster),
      rule: 'must accept IAM authentication, which the proxy uses to log in',
      remedy: "remove 'iamAuthentication: false' where it is created",
    },
    {
      prop: 'vpc',
      value: props.vpc,
      valid: () => !isElsewhere(props),
      rule: "must be that of 'cluster', since a proxy is in the VPC of its database",
      remedy: "give the cluster's VPC",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !isReplica(cluster),
      rule: 'must not be a read replica, for which RDS supports no proxy',
      remedy: 'give the instance it replicates',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => cluster.connections.securityGroups.length > 0 || isStandIn(cluster),
      rule: 'must have security groups, without which the proxy cannot reach it',
      remedy: "import it with 'securityGroups'",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => serverlessCapacityOf(cluster)?.min !== 0,
      rule: 'must not pause behind a proxy, whose connections keep it from doing so: it would be billed anyway',
      remedy: "set its 'serverlessV2MinCapacity' to 0.5 or more, or use HttpDatabase, which has no proxy",
    },
    {
      prop: 'alarms.connections',
      value: props.alarms?.connections,
      valid: () =>
        props.alarms?.connections === undefined ||
        offOf(props.alarms.connections) !== undefined ||
        connectionsOf(cluster, props.engine, props.maxConnections) !== undefined,
      rule: "must not be given when the connections of 'cluster' are unknown: there is no such alarm",
      remedy: "set 'maxConnections' to what 'SHOW max_connections' says, or remove it",
    },
    {
      prop: 'administrator',
      value: props.administrator,
      valid: () => needless || administration !== undefined,
      rule: "must be given with 'migrations' or 'users' when it is unknown how to log in to 'cluster'",
      remedy: 'give { secret }, or { user } for IAM authentication',
    },
    {
      prop: 'administrator',
      value: undefined,
      sensitive: true,
      valid: () => !both(props.administrator),
      rule: "must be either a 'user' with IAM authentication, or a 'secret', which the Data API needs",
      remedy: "remove 'user', or 'secret' and 'dataApi'",
    },
    {
      prop: 'administrator.dataApi',
      value: true,
      valid: () => administration?.by !== 'data-api' || 'clusterEndpoint' in cluster,
      rule: 'must be of a cluster: RDS has no Data API for instances',
      remedy: 'leave it out, and give the VPC a route to Secrets Manager',
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => administration?.by !== 'iam' || targetOf(cluster, props.engine).resourceId !== undefined,
      rule: "must have a known resource id for an 'administrator' with IAM authentication",
      remedy:
        'clusterIdentifier' in cluster
          ? "import it with 'clusterResourceIdentifier'"
          : "import it with 'instanceResourceId'",
    },
    {
      prop: 'cluster',
      value: cluster,
      valid: () => !comesDirectly(administration) || targetOf(cluster, props.engine).host !== undefined,
      rule: "must have a known endpoint, which an 'administrator' connects to directly",
      remedy: "import it with 'clusterEndpointAddress' and 'port'",
    },
    {
      prop: 'databaseName',
      value: props.databaseName,
      valid: () => props.databaseName !== undefined || databaseNameOf(cluster) !== undefined,
      rule: "must be given when 'cluster' does not have it",
      remedy: 'give the name of the database in the cluster',
    },
  ];
}

/** The Data API needs no endpoint of the database. */
function comesDirectly(administration: Administration | undefined): boolean {
  return administration !== undefined && administration.by !== 'data-api';
}

function both(administrator: PooledDatabaseProps['administrator']): boolean {
  if (typeof administrator !== 'object' || administrator.user === undefined) return false;
  return administrator.secret !== undefined || administrator.dataApi === true;
}
