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

/** A proxy with its role, which the users are added to. */
export interface PooledProxy {
  readonly proxy: rds.DatabaseProxy;
  readonly role: iam.Role;
}

/** Share of the database's connections where none is given. */
export const SHARE = 90;

/** Idle connections that a proxy keeps: as RDS does by itself, and never more than it may open. */
const IDLE_SHARE = 50;

/** Characters of a name; some are left for the endpoint's `-r`. */
const NAME_LENGTH = identifierLength.value - 3;

/**
 * A proxy by TLS and IAM, to which clients come as the users as which it goes on to the database: no secret is kept anywhere. It
 * may log in as nobody until somebody connects.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html
 */
export function pooledProxy(scope: Construct, props: PooledDatabaseProps, target: DatabaseTarget): PooledProxy {
  const { vpc, maxConnectionsPercent = SHARE } = props;
  const group = new ec2.SecurityGroup(scope, 'ProxySecurityGroup', {
    vpc,
    description: 'The proxy of the database: lets in whoever connects',
    allowAllOutbound: false,
  });
  const role = new iam.Role(scope, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
  const proxy = new rds.DatabaseProxy(scope, 'Proxy', {
    // By default the name is the id, which two constructs may share where the feature flag of CDK is off.
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
  // Said by the side of the proxy: a cluster of another stack need not know it.
  const way = { from: group, to: target.construct, port: target.port, description: 'The proxy of the database' };
  openWay(way, scope, 'cluster');
  return { proxy, role };
}

/** Where the readers are reached, on the proxy's own port and by its group. */
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

/** The database as the L2 asks for it, which would let the proxy in from the side of the database's stack: a circle of stacks. */
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
