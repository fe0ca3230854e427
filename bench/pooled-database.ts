import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { PooledDatabase } from 'lintel/aws';
import type { Result } from './measure';
import { againstTypes } from './synthesis';

const network = (scope: Construct): IVpc =>
  Vpc.fromVpcAttributes(scope, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    isolatedSubnetIds: ['subnet-1', 'subnet-2'],
  });

function byHand(scope: Construct): void {
  const vpc = network(Stack.of(scope));
  const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
  const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 });
  const group = (id: string) => new SecurityGroup(scope, id, { vpc, allowAllOutbound: false });
  const [ofCluster, ofProxy] = [group('ClusterGroup'), group('ProxyGroup')];
  const clusterIdentifier = Names.uniqueResourceName(scope, { maxLength: 50 }).toLowerCase();
  const logs = new LogGroup(scope, 'Logs', {
    logGroupName: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const cluster = new rds.DatabaseCluster(scope, 'Cluster', {
    engine,
    clusterIdentifier,
    vpc,
    vpcSubnets,
    securityGroups: [ofCluster],
    writer: rds.ClusterInstance.serverlessV2('Writer'),
    serverlessV2MinCapacity: 1,
    serverlessV2MaxCapacity: 4,
    defaultDatabaseName: 'app',
    manageMasterUserPassword: true,
    iamAuthentication: true,
    parameterGroup: new rds.ParameterGroup(scope, 'Parameters', { engine, parameters: { 'rds.force_ssl': '1' } }),
    storageEncrypted: true,
    backup: { retention: Duration.days(7) },
    cloudwatchLogsExports: ['postgresql'],
    removalPolicy: RemovalPolicy.SNAPSHOT,
    deletionProtection: true,
  });
  cluster.node.defaultChild!.node.addDependency(logs);
  const proxy = new rds.DatabaseProxy(scope, 'Proxy', {
    dbProxyName: Names.uniqueResourceName(scope, { maxLength: 60 }),
    proxyTarget: rds.ProxyTarget.fromCluster(cluster),
    vpc,
    vpcSubnets,
    securityGroups: [ofProxy],
    role: new Role(scope, 'ProxyRole', { assumedBy: new ServicePrincipal('rds.amazonaws.com') }),
    defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH,
    maxConnectionsPercent: 90,
    maxIdleConnectionsPercent: 50,
  });
  const metric = (metricName: string, statistic: string): Metric =>
    new Metric({ namespace: 'AWS/RDS', metricName, statistic, dimensionsMap: { ProxyName: proxy.dbProxyName } });
  alarm(scope, 'Pinned', metric('DatabaseConnectionsCurrentlySessionPinned', 'Maximum'));
  alarm(scope, 'Borrow', metric('DatabaseConnectionsBorrowLatency', 'Average'));
  const most = metric('MaxDatabaseConnectionsAllowed', 'Minimum');
  alarm(scope, 'Fewer', new MathExpression({ expression: '734 - most', usingMetrics: { most } }));
}

function alarm(scope: Construct, id: string, metric: IMetric): void {
  new Alarm(scope, id, {
    metric,
    threshold: 0,
    evaluationPeriods: 3,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** A database with its proxy against the same resources by hand. */
export function run(): Result[] {
  const ours = (stack: Stack) => new PooledDatabase(stack, 'Reports', { vpc: network(stack), engine: 'postgres' });
  return againstTypes('PooledDatabase', ours, byHand);
}
