import { ArnFormat, Aspects, AspectPriority, Stack } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { PatternConstruct } from '../../lib/aws/pattern-construct';
import { placeOf } from '../../lib/aws/concurrency/holdings';
import { grant } from '../../lib/aws/access/apply';
import type { Capability } from '../../lib/aws/access/capability';
import { patternAlarms } from '../../lib/aws/alarms/pattern-alarms';
import { databaseMigrations } from '../../lib/aws/database/administration';
import { proxyAlarms, proxyMetric } from '../../lib/aws/database/alarms';
import { type Connector, joinPools, warnOfUnbounded } from '../../lib/aws/database/budget';
import { DATABASE, ownCluster } from '../../lib/aws/database/cluster';
import { connection, connectTo, userArn } from '../../lib/aws/database/connect';
import { checkConnection } from '../../lib/aws/database/connect-checks';
import { connectionsOf, usableBy } from '../../lib/aws/database/connections';
import { databaseChecks } from '../../lib/aws/database/database-checks';
import type { ConnectOptions, PooledDatabaseProps } from '../../lib/aws/database/database-props';
import { NAMES, SHAPE } from '../../lib/aws/database/database-shape';
import type { DatabaseMigrations } from '../../lib/aws/database/migrations';
import { pooledProxy, readersEndpoint, SHARE } from '../../lib/aws/database/proxy';
import {
  databaseNameOf,
  type DatabaseTarget,
  definitionOf,
  switchOnIam,
  targetOf,
} from '../../lib/aws/database/target';
import type { ServiceFunction } from '../../lib/aws/service-function';
import { checkPlacedProps } from '../../lib/aws/placed-props';
import { enginePort } from '../../lib/core/facts/rds';

/**
 * Aurora Serverless v2 behind a proxy that serves more functions than the database has connections: a function holds a
 * connection only during a transaction. TLS and IAM end to end, so there are no passwords.
 * @example
 * const reports = new PooledDatabase(this, 'Reports', { vpc, engine: 'postgres' });
 * new ServiceFunction(this, 'Monthly', { entry: 'src/monthly.ts', vpc, access: { DB: reports.connect('reporter') } });
 */
export class PooledDatabase extends PatternConstruct {
  /** The database: a new cluster, or the team's own cluster or instance. */
  readonly cluster: rds.IDatabaseCluster | rds.IDatabaseInstance;
  /** The endpoint that functions connect to. */
  readonly proxy: rds.DatabaseProxy;
  /** The proxy's alarms. */
  readonly alarms: readonly cloudwatch.Alarm[];

  private readonly target: DatabaseTarget;
  private readonly role: IRole;
  private readonly props: PooledDatabaseProps;
  private readonly database: string;
  private readonly connectors: Connector[] = [];

  /** @throws PatternError when a setting contradicts another, or is outside the service's limits */
  constructor(scope: Construct, id: string, props: PooledDatabaseProps) {
    super(scope, id);
    checkPlacedProps(this, props, SHAPE, (given) => databaseChecks(given, Stack.of(this)), NAMES);
    this.props = props;
    this.cluster = props.cluster ?? ownCluster(this, props);
    if (props.cluster) switchOnIam(this, props.cluster);
    this.database = props.databaseName ?? databaseNameOf(this.cluster) ?? DATABASE;
    this.target = targetOf(this.cluster, props.engine);
    const { proxy, role } = pooledProxy(this, props, this.target);
    this.proxy = proxy;
    this.role = role;

    const { maxConnectionsPercent: percent = SHARE, alarmTopic, alarms: settings } = props;
    const connections = connectionsOf(this.cluster, props.engine, props.maxConnections);
    const alarms = patternAlarms(this, { topic: alarmTopic, settings });
    this.alarms = proxyAlarms(alarms, proxy, connections && usableBy(connections, percent));
    this.share(percent);
    if (props.migrations !== undefined || props.users !== undefined) this.migrations();
  }

  /** Creates users and applies migrations, connecting without the proxy; defined once `connect()` is called. */
  get migrationHandler(): ServiceFunction | undefined {
    return (this.node.tryFindChild('Migrations') as DatabaseMigrations | undefined)?.handler;
  }

  /**
   * Connects as one user by IAM, from function to proxy and from proxy to database. The function must be in the VPC, and its
   * update waits for the migrations. Sets `<NAME>_HOST`, `_PORT`, `_NAME`, `_USER` and `_REGION`, which `postgres()` and
   * `mysql()` of `lintel/runtime` read.
   * @param user database user; created if missing, without a password
   * @throws PatternError for a user that applications must not use, or for readers that do not exist
   */
  connect(user: string, options: ConnectOptions = {}): Capability {
    const { readOnly = false, busy = 100, pinned = false } = options;
    checkConnection(this, user, options, this.target);
    const stack = Stack.of(this);
    const proxyId = stack.splitArn(this.proxy.dbProxyArn, ArnFormat.COLON_RESOURCE_NAME).resourceName!;
    return connection({
      host: readOnly ? this.readers().endpoint : this.proxy.endpoint,
      port: enginePort.value[this.props.engine],
      database: this.database,
      user,
      statements: [connectTo(userArn(this, proxyId, user))],
      region: stack.region,
      account: stack.account,
      to: this.proxy,
      connect: (fn) => {
        this.admit(user);
        this.connectors.push({ fn, user, readOnly, busy: pinned ? 100 : busy });
        const migrations = this.migrations();
        // A function in another stack deploys only after this one is complete.
        if (migrations && Stack.of(fn) === stack) fn.node.addDependency(migrations.resource);
      },
    });
  }

  /** Connections from functions to the proxy, maximum. */
  metricClientConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return proxyMetric(this.proxy, 'ClientConnections', { statistic: 'Maximum', ...options });
  }

  /** Connections from the proxy to the database, maximum. */
  metricConnections(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return proxyMetric(this.proxy, 'DatabaseConnections', { statistic: 'Maximum', ...options });
  }

  /** Connections pinned to a session, maximum. */
  metricPinned(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return proxyMetric(this.proxy, 'DatabaseConnectionsCurrentlySessionPinned', { statistic: 'Maximum', ...options });
  }

  /** Microseconds that functions waited for a connection, on average. */
  metricBorrowing(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return proxyMetric(this.proxy, 'DatabaseConnectionsBorrowLatency', options);
  }

  /** The other half of the grant: a proxy may log in only as the users that connect through it. */
  private admit(user: string): void {
    if (this.connectors.some((connector) => connector.user === user)) return;
    grant(this.role, user, connectTo(userArn(this, this.target.resourceId!, user)));
  }

  private readers(): rds.IDatabaseProxyEndpoint {
    const known = this.node.tryFindChild('Readers') as rds.DatabaseProxyEndpoint | undefined;
    return known ?? readersEndpoint(this, this.props, this.proxy);
  }

  private migrations(): DatabaseMigrations | undefined {
    const known = this.node.tryFindChild('Migrations') as DatabaseMigrations | undefined;
    return known ?? databaseMigrations(this, this.props, this.target, this.database, this.connectors);
  }

  /** Counts against the other proxies of the database, wherever they are. */
  private share(percent: number): void {
    const { cluster, props, connectors } = this;
    const member = {
      construct: this,
      database: definitionOf(cluster) ?? importedAs(this, this.target),
      connections: () => connectionsOf(cluster, props.engine, props.maxConnections),
      percent,
      readers: this.target.readers,
      connectors,
      within: {
        name: this.database,
        migrates: props.migrations !== undefined,
        users: Object.keys(props.users ?? {}),
      },
    };
    joinPools(member);
    Aspects.of(this).add(
      { visit: (node) => node === this && warnOfUnbounded(member) },
      { priority: AspectPriority.READONLY },
    );
  }
}

/** Identifies an imported cluster or instance: an identifier is unique per account and region. */
function importedAs(user: Construct, { clustered, identifier }: DatabaseTarget): string {
  return `${placeOf(user)}/${clustered ? 'cluster' : 'instance'}/${identifier}`;
}
