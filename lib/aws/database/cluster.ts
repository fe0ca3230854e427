import { Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { advisedCapacity, type DatabaseEngine, identifierLength } from '../../core/facts/rds';
import { acknowledge } from '../acknowledge';
import { patternLogGroup } from '../pattern-log-group';
import type { DatabaseCapacity, PooledDatabaseProps } from './database-props';

/** Master user of a new cluster, which runs the migrations. */
export const MIGRATION_USER = 'lintel';

/** The default database of a new cluster. */
export const DATABASE = 'app';

const VERSIONS = { postgres: '17.7', mysql: '8.0.mysql_aurora.3.10.3' };

/** The default maximum capacity. */
const MOST_CAPACITY = 4;

/** A new cluster's capacity, with defaults filled in. */
export function capacityOf({ capacity = {}, insights }: Pick<PooledDatabaseProps, 'capacity' | 'insights'>) {
  const { iam, insights: watched } = advisedCapacity.value;
  const { min = insights === undefined ? iam : watched } = capacity;
  return { min, max: capacity.max ?? Math.max(MOST_CAPACITY, min) } satisfies DatabaseCapacity;
}

/** Aurora Serverless v2: encrypted, TLS only, and IAM instead of passwords. */
export function ownCluster(scope: Construct, props: PooledDatabaseProps): rds.DatabaseCluster {
  const { vpc, engine: family, readers = 0, insights, encryptionKey, removalPolicy } = props;
  const { min, max } = capacityOf(props);
  const engine = engineOf(family, props.version ?? VERSIONS[family]);
  const clusterIdentifier = Names.uniqueResourceName(scope, { maxLength: NAME_LENGTH }).toLowerCase();
  const logs = logGroups(scope, clusterIdentifier, props);
  // The cluster's setting applies to its instances; CDK warns unless both have it.
  const watched = insights && { enablePerformanceInsights: true };
  const cluster = new rds.DatabaseCluster(scope, 'Cluster', {
    engine,
    // Names the log groups in advance, before RDS creates them without retention.
    clusterIdentifier,
    vpc,
    vpcSubnets: databaseSubnets(props),
    securityGroups: [
      new ec2.SecurityGroup(scope, 'ClusterSecurityGroup', {
        vpc,
        description: 'Database: inbound from its proxy and its migrations',
        allowAllOutbound: false,
      }),
    ],
    writer: rds.ClusterInstance.serverlessV2('Writer', watched),
    // A tier-1 reader scales with the writer, so that it can take over at any time.
    readers: Array.from({ length: readers }, (_, index) =>
      rds.ClusterInstance.serverlessV2(`Reader${index + 1}`, { scaleWithWriter: index === 0, ...watched }),
    ),
    serverlessV2MinCapacity: min,
    serverlessV2MaxCapacity: max,
    defaultDatabaseName: props.databaseName ?? DATABASE,
    manageMasterUserPassword: true,
    credentials: rds.Credentials.fromUsername(MIGRATION_USER),
    iamAuthentication: true,
    // MySQL's master user has a secret; this way its migrations need no route out of the VPC.
    enableDataApi: family === 'mysql',
    parameterGroup: new rds.ParameterGroup(scope, 'Parameters', {
      engine,
      description: 'Refuses connections without TLS, and writes the logs that are exported',
      parameters: PARAMETERS[family],
    }),
    storageEncrypted: true,
    storageEncryptionKey: encryptionKey,
    backup: { retention: props.backupRetention ?? Duration.days(7) },
    cloudwatchLogsExports: LOGS[family],
    ...(insights && insightsOf(insights)),
    removalPolicy: removalPolicy ?? RemovalPolicy.SNAPSHOT,
    deletionProtection: removalPolicy === undefined || removalPolicy === RemovalPolicy.RETAIN,
  });
  const definition = cluster.node.defaultChild as rds.CfnDBCluster;
  if (family === 'postgres') {
    // No password to leak or to rotate. MySQL's master user cannot do without one.
    definition.manageMasterUserPassword = undefined;
    definition.masterUserAuthenticationType = 'iam-db-auth';
  }
  for (const group of logs) definition.node.addDependency(group);
  acknowledge(definition, NO_FINDINGS[family]);
  return cluster;
}

/** Subnets of the database and its proxy: isolated ones, if there are any. */
export function databaseSubnets({
  vpc,
  vpcSubnets,
}: Pick<PooledDatabaseProps, 'vpc' | 'vpcSubnets'>): ec2.SubnetSelection {
  if (isSelective(vpcSubnets)) return vpcSubnets;
  return vpc.isolatedSubnets.length > 0
    ? { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }
    : { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
}

/** Whether a selection says which subnets: an empty one says nothing. */
export function isSelective(selection: ec2.SubnetSelection | undefined): selection is ec2.SubnetSelection {
  return Object.values(selection ?? {}).some((value) => value !== undefined);
}

function engineOf(family: DatabaseEngine, version: string): rds.IClusterEngine {
  return family === 'postgres'
    ? rds.DatabaseClusterEngine.auroraPostgres({
        version: rds.AuroraPostgresEngineVersion.of(version, version.split('.')[0]!),
      })
    : rds.DatabaseClusterEngine.auroraMysql({
        version: rds.AuroraMysqlEngineVersion.of(version, version.split('.').slice(0, 2).join('.')),
      });
}

function insightsOf(mode: 'standard' | 'advanced') {
  return mode === 'standard'
    ? { enablePerformanceInsights: true, databaseInsightsMode: rds.DatabaseInsightsMode.STANDARD }
    : {
        databaseInsightsMode: rds.DatabaseInsightsMode.ADVANCED,
        performanceInsightRetention: rds.PerformanceInsightRetention.MONTHS_15,
      };
}

/** Created before the cluster: RDS uses existing groups, but retains those it creates forever. */
function logGroups(scope: Construct, cluster: string, { engine, logRetention }: PooledDatabaseProps): LogGroup[] {
  return LOGS[engine].map((log) =>
    patternLogGroup(scope, `${log[0]!.toUpperCase()}${log.slice(1)}Logs`, {
      logGroupName: `/aws/rds/cluster/${cluster}/${log}`,
      retention: logRetention,
    }),
  );
}

/** TLS only; and for MySQL what its exported logs would otherwise be empty of: connections, DDL and grants, and statements slower than a second. */
const PARAMETERS: Readonly<Record<DatabaseEngine, Record<string, string>>> = {
  postgres: { 'rds.force_ssl': '1' },
  mysql: {
    require_secure_transport: 'ON',
    server_audit_logging: '1',
    server_audit_events: 'CONNECT,QUERY_DCL,QUERY_DDL',
    slow_query_log: '1',
    long_query_time: '1',
    log_output: 'FILE',
  },
};

const LOGS: Readonly<Record<DatabaseEngine, string[]>> = {
  postgres: ['postgresql'],
  mysql: ['audit', 'error', 'slowquery'],
};

/** Characters of an identifier, leaving room for suffixes. */
const NAME_LENGTH = identifierLength.value - 3;

const NO_FINDINGS: Readonly<Record<DatabaseEngine, Record<string, string>>> = {
  postgres: {},
  mysql: {
    'AwsSolutions::AwsSolutions-RDS11':
      'Security groups let in the proxy and the migrations alone, and a proxy listens on the default port whatever the database does',
    'AwsSolutions::AwsSolutions-RDS14':
      'Backups go back to any second, into a new cluster; a backtrack would take back the whole cluster in place, with all that was written since',
  },
};
