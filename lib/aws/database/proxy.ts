import { Names } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { identifierLength } from '../../core/facts/rds';
import { databaseSubnets } from './cluster';
import type { PooledDatabaseProps } from './database-props';
import { openWay } from './open-way';
import { type DatabaseTarget, madeBefore } from './target';

/** A proxy with its role, to which users are added. */
export interface PooledProxy {
  readonly proxy: rds.DatabaseProxy;
  readonly role: iam.Role;
}

/** Default share of the database's connections. */
export const SHARE = 90;

/** Idle connections a proxy keeps: RDS's default, but never more than it may open. */
const IDLE_SHARE = 50;

/** Characters of a name, leaving room for the endpoint's `-r`. */
const NAME_LENGTH = identifierLength.value - 3;

/**
 * A proxy with TLS and IAM end to end: it connects to the database as the same user as its client, so no secret is stored. It
 * may log in as no one until a function connects.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
 */
export function pooledProxy(scope: Construct, props: PooledDatabaseProps, target: DatabaseTarget): PooledProxy {
  const { vpc, maxConnectionsPercent = SHARE } = props;
  const group = new ec2.SecurityGroup(scope, 'ProxySecurityGroup', {
    vpc,
    description: 'Database proxy: inbound from its clients',
    allowAllOutbound: false,
  });
  const role = new iam.Role(scope, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
  const proxy = new rds.DatabaseProxy(scope, 'Proxy', {
    // The default name is the id, which two constructs may share if CDK's feature flag is off.
    dbProxyName: Names.uniqueResourceName(scope, { maxLength: NAME_LENGTH }),
    proxyTarget: withoutGroups(scope, target),
    vpc,
    vpcSubnets: databaseSubnets(props),
    securityGroups: [group],
    role,
    defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
    requireTLS: true,
    maxConnectionsPercent,
    maxIdleConnectionsPercent: Math.min(IDLE_SHARE, maxConnectionsPercent),
  });
  const targets = proxy.node.findChild('ProxyTargetGroup') as rds.CfnDBProxyTargetGroup;
  for (const resource of madeBefore(scope, target.construct)) targets.node.addDependency(resource);
  // Declared on the proxy's side: a cluster in another stack need not depend on it.
  const way = { from: group, to: target.construct, port: target.port, description: 'The proxy of the database' };
  openWay(way, scope, 'cluster');
  return { proxy, role };
}

/** An endpoint for the readers, on the proxy's own port and security group. */
export function readersEndpoint(
  scope: Construct,
  props: PooledDatabaseProps,
  proxy: rds.DatabaseProxy,
): rds.DatabaseProxyEndpoint {
  return new rds.DatabaseProxyEndpoint(scope, 'Readers', {
    dbProxy: proxy,
    dbProxyEndpointName: Names.uniqueResourceName(scope, { maxLength: NAME_LENGTH }) + '-r',
    vpc: props.vpc,
    vpcSubnets: databaseSubnets(props),
    securityGroups: proxy.connections.securityGroups,
    targetRole: rds.ProxyEndpointTargetRole.READ_ONLY,
  });
}

/** The database without its security groups, or the L2 would admit the proxy in the database's stack: a dependency cycle. */
function withoutGroups(scope: Construct, { engine, clustered, identifier, port }: DatabaseTarget): rds.ProxyTarget {
  const postgres = engine === 'postgres';
  if (clustered) {
    const family = postgres ? rds.DatabaseClusterEngine.AURORA_POSTGRESQL : rds.DatabaseClusterEngine.AURORA_MYSQL;
    const target = { clusterIdentifier: identifier, port, engine: family };
    return rds.ProxyTarget.fromCluster(rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Target', target));
  }
  const family = postgres ? rds.DatabaseInstanceEngine.POSTGRES : rds.DatabaseInstanceEngine.MYSQL;
  return rds.ProxyTarget.fromInstance(
    rds.DatabaseInstance.fromDatabaseInstanceAttributes(scope, 'Target', {
      instanceIdentifier: identifier,
      instanceEndpointAddress: '',
      port,
      securityGroups: [],
      engine: family,
    }),
  );
}
