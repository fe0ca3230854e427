import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { grant } from '../../lib/aws/access/apply';
import type { Capability } from '../../lib/aws/access/capability';
import { DATABASE, databaseSubnets, ownCluster } from '../../lib/aws/database/cluster';
import { connection, userArn } from '../../lib/aws/database/connect';
import { connectChecks, databaseChecks } from '../../lib/aws/database/database-checks';
import type { PooledDatabaseProps } from '../../lib/aws/database/database-props';
import { pooledProxy } from '../../lib/aws/database/proxy';
import { databaseNameOf, type DatabaseTarget, switchOnIam, targetOf } from '../../lib/aws/database/target';
import { KEY, SUBNETS, TOPIC, VPC } from '../../lib/aws/resource-kinds';
import { check } from '../../lib/core/check/check';
import {
  duration,
  filled,
  having,
  known,
  needed,
  number,
  object,
  oneOf,
  text,
  whole,
} from '../../lib/core/check/kinds';
import { checkProps, type Shape } from '../../lib/core/check/shape';
import { enginePort, proxyMaxConnections } from '../../lib/core/facts/rds';

/** How a function connects. */
export interface ConnectOptions {
  /**
   * Connects to the readers, where nothing can be written and what was written a moment ago may not be there yet.
   * @default false - the writer, which the proxy's own endpoint always leads to
   */
  readonly readOnly?: boolean;
}

/**
 * Aurora Serverless v2 behind a proxy that bears more functions than the database has connections: whoever is in no transaction
 * takes none. By TLS and IAM from end to end, so that no password is anywhere.
 * @example
 * const reports = new PooledDatabase(this, 'Reports', { vpc, engine: 'postgres' });
 * new ServiceFunction(this, 'Monthly', { entry: 'src/monthly.ts', vpc, access: { DB: reports.connect('reporter') } });
 */
export class PooledDatabase extends Construct {
  /** The database: a new cluster, or the team's own cluster or instance. */
  readonly cluster: rds.IDatabaseCluster | rds.IDatabaseInstance;
  /** What functions connect to. */
  readonly proxy: rds.DatabaseProxy;

  private readonly target: DatabaseTarget;
  private readonly role: IRole;
  private readonly props: PooledDatabaseProps;
  private readonly users = new Set<string>();

  /** @throws PatternError when a setting contradicts another, or is outside the service's limits */
  constructor(scope: Construct, id: string, props: PooledDatabaseProps) {
    super(scope, id);
    checkProps(this, props, SHAPE, databaseChecks, NAMES);
    this.props = props;
    this.cluster = props.cluster ?? ownCluster(this, props);
    if (props.cluster) switchOnIam(this, props.cluster);
    this.target = targetOf(this.cluster, props.engine);
    const { proxy, role } = pooledProxy(this, props, this.target);
    this.proxy = proxy;
    this.role = role;
  }

  /**
   * Connects as one user, by IAM: on the proxy for the function, and on the database for the proxy. The function must be in the
   * VPC. Sets `<NAME>_HOST`, `_PORT`, `_NAME`, `_USER` and `_REGION`, which `postgres()` and `mysql()` of `lintel/runtime` read.
   * @param user of the database, who is made where there is none, and has no password
   * @throws PatternError for a user that nobody should be, or readers that there are not
   */
  connect(user: string, { readOnly = false }: ConnectOptions = {}): Capability {
    check(this, connectChecks(user, readOnly, this.target));
    const stack = Stack.of(this);
    const proxyId = stack.splitArn(this.proxy.dbProxyArn, ArnFormat.COLON_RESOURCE_NAME).resourceName!;
    return connection({
      host: readOnly ? this.readers().endpoint : this.proxy.endpoint,
      port: enginePort.value[this.props.engine],
      database: this.props.databaseName ?? databaseNameOf(this.cluster) ?? DATABASE,
      user,
      userArn: userArn(this, proxyId, user),
      region: stack.region,
      to: this.proxy,
      connect: () => this.admit(user),
    });
  }

  /** The other half of the grant: a proxy may log in as those who come to it, and as nobody else. */
  private admit(user: string): void {
    if (this.users.has(user)) return;
    this.users.add(user);
    grant(this.role, user, {
      actions: ['rds-db:connect'],
      resources: [userArn(this, this.target.resourceId!, user)],
    });
  }

  private readers(): rds.IDatabaseProxyEndpoint {
    const known = this.node.tryFindChild('Readers') as rds.DatabaseProxyEndpoint | undefined;
    return (
      known ??
      new rds.DatabaseProxyEndpoint(this, 'Readers', {
        dbProxy: this.proxy,
        vpc: this.props.vpc,
        vpcSubnets: databaseSubnets(this.props),
        securityGroups: this.proxy.connections.securityGroups,
        targetRole: rds.ProxyEndpointTargetRole.READ_ONLY,
      })
    );
  }
}

const SHAPE: Shape<PooledDatabaseProps> = {
  vpc: needed(VPC, "pass the VPC: new Vpc(this, 'Network'), or Vpc.fromLookup(...)"),
  engine: needed(known(oneOf('postgres', 'mysql')), "write 'postgres' or 'mysql'"),
  version: known(filled('17.7')),
  capacity: object<NonNullable<PooledDatabaseProps['capacity']>>({ min: number, max: number }, '{ min: 1, max: 4 }'),
  readers: known(whole({ min: 0, max: 15 })),
  cluster: having(
    'a cluster or an instance',
    ['clusterIdentifier', 'instanceIdentifier'],
    "pass it: a DatabaseCluster or a DatabaseInstance, or one of their from...() methods' results",
  ),
  databaseName: text('app'),
  vpcSubnets: SUBNETS,
  maxConnectionsPercent: whole(proxyMaxConnections.value),
  encryptionKey: KEY,
  backupRetention: duration({ min: 86_400, max: 35 * 86_400 }, 'choose 1 to 35 days'),
  insights: known(oneOf('standard', 'advanced')),
  removalPolicy: known(oneOf('retain', 'destroy', 'snapshot', 'retain-on-update-or-delete')),
  alarmTopic: TOPIC,
};

/** Names of the L2s, and what says the same here. */
const NAMES = {
  instance: "give it as 'cluster', which takes either",
  secret: 'leave it out: whoever connects has no password',
  credentials: 'leave it out: the first user comes by IAM',
  iamAuthentication: 'leave it out: it is always on',
  requireTLS: 'leave it out: TLS is always asked for',
  serverlessV2MinCapacity: "write 'capacity: { min }'",
  serverlessV2MaxCapacity: "write 'capacity: { max }'",
  defaultDatabaseName: "write 'databaseName'",
};
