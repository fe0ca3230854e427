import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ArnFormat, Duration, Fn, type Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  AuroraMysqlEngineVersion,
  AuroraPostgresEngineVersion,
  type CfnDBCluster,
  CfnDBProxyEndpoint,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DatabaseProxy,
  DatabaseSecret,
  DefaultAuthScheme,
  type IClusterEngine,
  ParameterGroup,
  ProxyTarget,
} from 'aws-cdk-lib/aws-rds';
import { buildSync } from 'esbuild';

const ISOLATED = { subnetType: SubnetType.PRIVATE_ISOLATED };

/** The directory of a handler, with what it imports. */
function bundled(name: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'lintel-rds-handler-'));
  buildSync({
    entryPoints: [path.join(__dirname, '../../handlers', name, 'index.ts')],
    outfile: path.join(directory, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['@aws-sdk/*', 'pg-native'],
    alias: { 'lintel/runtime': path.join(__dirname, '../../../../../lib/runtime/index.ts') },
  });
  return directory;
}

/** PostgreSQL 18, for which there is an engine, behind a proxy with IAM from end to end, and functions on every way to it. */
export function databaseStack(stack: Stack): void {
  const vpc = new Vpc(stack, 'Vpc', {
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  const group = (id: string) => new SecurityGroup(stack, id, { vpc, allowAllOutbound: false });
  const groups = {
    cluster: group('OfCluster'),
    proxy: group('OfProxy'),
    inside: group('Inside'),
    owner: group('OfOwner'),
  };
  groups.inside.connections.allowTo(groups.proxy, Port.tcp(5432));
  groups.proxy.connections.allowTo(groups.cluster, Port.tcp(5432));
  groups.owner.connections.allowTo(groups.cluster, Port.tcp(5432));

  const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.of('18.4', '18') });
  const cluster = clusterOf(stack, 'Reports', { vpc, engine, group: groups.cluster, reader: true });
  const definition = cluster.node.defaultChild as CfnDBCluster;
  definition.masterUserAuthenticationType = 'iam-db-auth';
  definition.masterUserPassword = undefined;

  const connect = (id: string, ...users: readonly string[]) => {
    const named = { service: 'rds-db', resource: 'dbuser', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
    const resources = users.map((user) => stack.formatArn({ ...named, resourceName: `${id}/${user}` }));
    return new PolicyStatement({ actions: ['rds-db:connect'], resources });
  };
  const role = new Role(stack, 'ProxyRole', { assumedBy: new ServicePrincipal('rds.amazonaws.com') });
  role.addToPolicy(connect(cluster.clusterResourceIdentifier, 'app_user', 'no_iam', 'missing'));
  const proxy = new DatabaseProxy(stack, 'Proxy', {
    proxyTarget: ProxyTarget.fromCluster(cluster),
    vpc,
    role,
    defaultAuthScheme: DefaultAuthScheme.IAM_AUTH,
    securityGroups: [groups.proxy],
    maxConnectionsPercent: 10,
    borrowTimeout: Duration.seconds(1),
    idleClientTimeout: Duration.seconds(1),
    initQuery: "SET work_mem = '5MB'",
  });

  const code = Code.fromAsset(bundled('rds'));
  const add = (
    id: string,
    user: string,
    securityGroup: SecurityGroup,
    host: string,
    more: Record<string, string> = {},
  ) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code,
      timeout: Duration.seconds(20),
      memorySize: 256,
      vpc,
      vpcSubnets: ISOLATED,
      securityGroups: [securityGroup],
      environment: { DB_HOST: host, DB_PORT: '5432', DB_NAME: 'app', DB_USER: user, DB_REGION: stack.region, ...more },
    });
  const proxyId = Fn.select(6, Fn.split(':', proxy.dbProxyArn));
  for (const [id, user] of Object.entries({
    App: 'app_user',
    HalfGrant: 'half',
    NoIam: 'no_iam',
    Missing: 'missing',
  })) {
    add(id, user, groups.inside, proxy.endpoint).addToRolePolicy(connect(proxyId, user));
  }
  add('NoGrant', 'app_user', groups.inside, proxy.endpoint);
  add('Outsider', 'app_user', group('Outside'), proxy.endpoint).addToRolePolicy(connect(proxyId, 'app_user'));
  const [ofWriter, ofReader] = cluster.instanceEndpoints;
  for (const [id, { hostname }] of Object.entries({
    Owner: cluster.clusterEndpoint,
    OwnerAtWriter: ofWriter!,
    OwnerAtReaders: cluster.clusterReadEndpoint,
    OwnerAtReader: ofReader!,
  })) {
    const fn = add(id, 'owner', groups.owner, hostname, { DB_DIRECT: '1' });
    fn.addToRolePolicy(connect(cluster.clusterResourceIdentifier, 'owner'));
  }
  const readOnly = new CfnDBProxyEndpoint(stack, 'ReadOnly', {
    dbProxyName: proxy.dbProxyName,
    dbProxyEndpointName: 'read-only',
    targetRole: 'READ_ONLY',
    vpcSubnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    vpcSecurityGroupIds: [groups.proxy.securityGroupId],
  });
  add('AppAtReaders', 'app_user', groups.inside, readOnly.attrEndpoint).addToRolePolicy(connect(proxyId, 'app_user'));

  const secret = new DatabaseSecret(stack, 'LegacySecret', { username: 'legacy' });
  const bySecret = new DatabaseProxy(stack, 'BySecretProxy', {
    proxyTarget: ProxyTarget.fromCluster(cluster),
    vpc,
    secrets: [secret],
    requireTLS: false,
    securityGroups: [groups.proxy],
  });
  add('BySecret', 'legacy', groups.inside, bySecret.endpoint);

  const mysql = DatabaseClusterEngine.auroraMysql({ version: AuroraMysqlEngineVersion.VER_3_08_0 });
  clusterOf(stack, 'Legacy', { vpc, engine: mysql, group: groups.cluster });
  const old = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.of('15.12', '15') });
  clusterOf(stack, 'Old', { vpc, engine: old, group: groups.cluster });
}

interface ClusterSettings {
  readonly vpc: Vpc;
  readonly engine: IClusterEngine;
  readonly group: SecurityGroup;
  readonly reader?: boolean;
}

function clusterOf(stack: Stack, id: string, { vpc, engine, group, reader = false }: ClusterSettings): DatabaseCluster {
  return new DatabaseCluster(stack, id, {
    engine,
    vpc,
    vpcSubnets: ISOLATED,
    writer: ClusterInstance.serverlessV2('Writer'),
    readers: reader ? [ClusterInstance.serverlessV2('Reader')] : [],
    serverlessV2MinCapacity: 1,
    serverlessV2MaxCapacity: 1,
    securityGroups: [group],
    defaultDatabaseName: 'app',
    credentials: Credentials.fromUsername('owner'),
    iamAuthentication: true,
    parameterGroup: new ParameterGroup(stack, `${id}Parameters`, { engine, parameters: { max_connections: '40' } }),
  });
}
