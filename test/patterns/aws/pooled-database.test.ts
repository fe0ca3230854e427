import { App, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Alias, Code } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { judge, RULES } from 'lintel/rules';
import 'lintel/testing';
import { readTemplate } from '../../../lib/core/model/read-template';
import {
  ConcurrencyBudget,
  type ConnectOptions,
  PooledDatabase,
  type PooledDatabaseProps,
  ServiceFunction,
  type ServiceFunctionProps,
} from 'lintel/aws';

const newApp = () => new App({ builtinCloudFormationValidation: false });
const ENV: StackProps = { env: { account: '111122223333', region: 'eu-west-1' } };
const newStack = (name = 'Shop', app = newApp()) => new Stack(app, name, ENV);

function network(stack: Construct, subnetType = ec2.SubnetType.PRIVATE_ISOLATED): ec2.Vpc {
  return new ec2.Vpc(stack, 'Network', {
    natGateways: 0,
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [{ name: 'Data', subnetType }],
    gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
  });
}

function database(props: Partial<PooledDatabaseProps> = {}, stack = newStack()) {
  const vpc = props.vpc ?? network(stack);
  return { stack, vpc, reports: new PooledDatabase(stack, 'Reports', { engine: 'postgres', ...props, vpc }) };
}

const at = (reservedConcurrency: number): Partial<ServiceFunctionProps> => ({ reservedConcurrency });

interface Connecting extends ConnectOptions {
  readonly stack?: Stack;
  readonly id?: string;
  readonly user?: string;
  readonly settings?: Partial<ServiceFunctionProps>;
}

function connected(
  { stack, vpc, reports }: ReturnType<typeof database>,
  { stack: other, id = 'Monthly', user = 'reporter', settings, ...options }: Connecting = {},
) {
  return new ServiceFunction(other ?? stack, id, {
    code: Code.fromInline('exports.handler = async () => {};'),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    access: { DB: reports.connect(user, options) },
    ...settings,
  });
}

const dbUser = (id: object, user: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds-db:eu-west-1:111122223333:dbuser:', id, `/${user}`]],
});
const statements = (resource: unknown) =>
  Match.objectLike({
    PolicyDocument: { Statement: Match.arrayWith([{ Action: 'rds-db:connect', Effect: 'Allow', Resource: resource }]) },
  });

describe('a pooled database', () => {
  const shop = database();
  connected(shop);
  connected(shop, { id: 'Weekly' });
  const template = Template.fromStack(shop.stack);
  const idOf = (type: string) => Object.keys(template.findResources(type))[0]!;

  test('is one Aurora Serverless v2 cluster with a writer, behind one proxy', () => {
    for (const [type, count] of Object.entries({
      Cluster: 1,
      Instance: 1,
      Proxy: 1,
      ProxyTargetGroup: 1,
      ProxyEndpoint: 0,
    })) {
      template.resourceCountIs(`AWS::RDS::DB${type}`, count);
    }
    template.hasResourceProperties('AWS::RDS::DBProxyTargetGroup', {
      DBClusterIdentifiers: [{ Ref: idOf('AWS::RDS::DBCluster') }],
      ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 90, MaxIdleConnectionsPercent: 50 },
    });
  });

  test('is what it was: the whole template, as an alarm', () => {
    expect(database().stack).toMatchTemplateSnapshot();
  });

  test('is encrypted, backed up, protected, out of the internet, and a snapshot is kept of it', () => {
    template.hasResource('AWS::RDS::DBCluster', {
      DeletionPolicy: 'Snapshot',
      UpdateReplacePolicy: 'Snapshot',
      Properties: {
        StorageEncrypted: true,
        BackupRetentionPeriod: 7,
        DeletionProtection: true,
        CopyTagsToSnapshot: true,
        EnableCloudwatchLogsExports: ['postgresql'],
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
      },
    });
    template.hasResourceProperties('AWS::RDS::DBInstance', { PubliclyAccessible: false });
  });

  test('has no password anywhere: its first user, its users and the proxy come by IAM', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      EnableIAMDatabaseAuthentication: true,
      MasterUsername: 'lintel',
      MasterUserAuthenticationType: 'iam-db-auth',
      MasterUserPassword: Match.absent(),
      ManageMasterUserPassword: Match.absent(),
    });
    template.hasResourceProperties('AWS::RDS::DBProxy', { DefaultAuthScheme: 'IAM_AUTH', Auth: Match.absent() });
  });

  test('takes TLS alone, at the proxy and behind it', () => {
    template.hasResourceProperties('AWS::RDS::DBProxy', { RequireTLS: true });
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.force_ssl': '1' } });
  });

  test('lets a function be one user of this proxy, and the proxy be that user of the cluster, once', () => {
    const proxyId = {
      'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': [idOf('AWS::RDS::DBProxy'), 'DBProxyArn'] }] }],
    };
    const clusterId = { 'Fn::GetAtt': [idOf('AWS::RDS::DBCluster'), 'DBClusterResourceId'] };
    template.hasResourceProperties('AWS::IAM::Policy', statements(dbUser(proxyId, 'reporter')));
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('ProxyRole'),
      PolicyDocument: {
        Statement: [{ Action: 'rds-db:connect', Effect: 'Allow', Resource: dbUser(clusterId, 'reporter') }],
      },
    });
  });

  test('lets functions in to the proxy, and the proxy in to the cluster, on one port and by their groups', () => {
    const ingress = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')) as Rule[];
    const pairs = ingress.map(({ Properties: rule }) => [name(rule.SourceSecurityGroupId), name(rule.GroupId)]);
    expect(pairs.sort()).toEqual([
      ['MonthlySecurityGroup', 'ReportsProxySecurityGroup'],
      ['ReportsMigrationsMigrateSecurityGroup', 'ReportsClusterSecurityGroup'],
      ['ReportsProxySecurityGroup', 'ReportsClusterSecurityGroup'],
      ['WeeklySecurityGroup', 'ReportsProxySecurityGroup'],
    ]);
    for (const { Properties: rule } of ingress) {
      expect(rule).toMatchObject({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 });
      expect(rule).not.toHaveProperty('CidrIp');
    }
    const groups = Object.values(template.findResources('AWS::EC2::SecurityGroup')) as Rule[];
    expect(groups.filter(({ Properties: group }) => group.SecurityGroupIngress !== undefined)).toEqual([]);
  });

  test('tells a function where it is in five variables', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          DB_HOST: { 'Fn::GetAtt': [idOf('AWS::RDS::DBProxy'), 'Endpoint'] },
          DB_PORT: '5432',
          DB_NAME: 'app',
          DB_USER: 'reporter',
          DB_REGION: 'eu-west-1',
        },
      },
    });
  });

  test('an empty selection of subnets is none, and a misspelt one is refused', () => {
    const template = Template.fromStack(database({ vpcSubnets: {} }).stack);
    expect(template.toJSON()).toEqual(Template.fromStack(database().stack).toJSON());
    expect(() => database({ vpcSubnets: { subnettype: 'Isolated' } as ec2.SubnetSelection })).toThrow(
      "'vpcSubnets.subnettype' must not be given, since nothing reads it; did you mean 'subnetType'? (Shop/Reports)",
    );
  });

  test('names its proxy by its path, so that two of one id do not collide', () => {
    const names = ['East', 'West'].map((id) => {
      const { stack } = database({}, newStack(id));
      const [proxy] = Object.values(Template.fromStack(stack).findResources('AWS::RDS::DBProxy')) as Rule[];
      return proxy!.Properties.DBProxyName as string;
    });
    expect(new Set(names).size).toBe(2);
    for (const one of names) expect(one).toMatch(/^[A-Za-z][A-Za-z0-9]{0,59}$/);
  });
});

interface Rule {
  readonly Properties: Readonly<Record<string, unknown>>;
}
const name = (ref: unknown) => (ref as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0]!.replace(/[0-9A-F]{8}$/, '');

describe('where a function is', () => {
  const elsewhere = (stack: Stack) =>
    ec2.Vpc.fromVpcAttributes(stack, 'Other', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      isolatedSubnetIds: ['subnet-1', 'subnet-2'],
    });
  const warnings = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => String(entry.data))
      .filter((one) => !one.includes('routeTableId') && !one.includes('may run as concurrently'));

  test('another VPC is a warning, since it must be peered, and the same one is none, nor is a rule that CDK has no need of', () => {
    const shop = database();
    connected(shop);
    expect(warnings(shop.stack)).toEqual([]);
    const other = database();
    connected(other, { settings: { vpc: elsewhere(other.stack) } });
    expect(warnings(other.stack)).toEqual([
      expect.stringContaining('The function is in a different VPC from the database'),
    ]);
  });

  test('refuses another region', () => {
    const app = newApp();
    const shop = database({}, newStack('Data', app));
    const stack = new Stack(app, 'Work', { env: { account: '111122223333', region: 'us-east-1' } });
    expect(() => connected(shop, { stack, settings: { vpc: elsewhere(stack) } })).toThrow(
      "'access' must be to a database in the function's region: this one is in eu-west-1, and security groups admit none of another region, got 'us-east-1'",
    );
  });

  test('refuses another account', () => {
    const app = newApp();
    const shop = database({}, newStack('Data', app));
    const stack = new Stack(app, 'Work', { env: { account: '444455556666', region: 'eu-west-1' } });
    expect(() => connected(shop, { stack, settings: { vpc: elsewhere(stack) } })).toThrow(
      /'access' must be to a database in the function's account: this one is in account 111122223333, .*, got '444455556666'/,
    );
  });
});

describe('across stacks', () => {
  test('a function connects to the writer and to the readers, with one rule', () => {
    const app = newApp();
    const shop = database({ readers: 1 }, newStack('Data', app));
    const stack = newStack('Work', app);
    const access = { DB: shop.reports.connect('reporter'), READ: shop.reports.connect('reporter', { readOnly: true }) };
    connected(shop, { stack, settings: { access } });
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('a function of another stack connects without a circle, and its rules are in its own stack', () => {
    const app = newApp();
    const shop = database({}, newStack('Data', app));
    const stack = newStack('Work', app);
    connected(shop, { stack });
    const data = Template.fromStack(shop.stack);
    const work = Template.fromStack(stack);
    expect(stack.dependencies).toContain(shop.stack);
    expect(shop.stack.dependencies).toEqual([]);
    work.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    data.hasResourceProperties('AWS::IAM::Policy', { PolicyName: Match.stringLikeRegexp('ProxyRole') });
  });

  test('the team’s cluster of another stack gets a proxy without a circle, and IAM switched on', () => {
    const app = newApp();
    const data = newStack('Data', app);
    const vpc = network(data);
    const cluster = new rds.DatabaseCluster(data, 'Team', {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      writer: rds.ClusterInstance.serverlessV2('Writer'),
      serverlessV2MinCapacity: 1,
      defaultDatabaseName: 'shop',
      port: 5433,
    });
    const shop = database({ vpc, cluster }, newStack('Pool', app));
    connected(shop);
    const pool = Template.fromStack(shop.stack);
    expect(data.dependencies).toEqual([]);
    Template.fromStack(data).hasResourceProperties('AWS::RDS::DBCluster', { EnableIAMDatabaseAuthentication: true });
    pool.resourceCountIs('AWS::RDS::DBCluster', 0);
    pool.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5433, ToPort: 5433 });
    pool.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ DB_PORT: '5432', DB_NAME: 'shop' }) },
    });
  });
});

describe('the logs of an own cluster', () => {
  const groups = (stack: Stack) =>
    (Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')) as Rule[])
      .filter(({ Properties: { LogGroupName: name } }) => typeof name === 'string')
      .map(({ Properties: { LogGroupName: name, RetentionInDays: days } }) => [String(name).split('/').at(-1), days]);

  test('are kept for a month in groups that are there before it, by a name that both know', () => {
    const { stack } = database();
    const template = Template.fromStack(stack);
    const [[id, { Properties }]] = Object.entries(template.findResources('AWS::Logs::LogGroup')) as [[string, Rule]];
    template.hasResource('AWS::RDS::DBCluster', {
      DependsOn: [id],
      Properties: { DBClusterIdentifier: String(Properties.LogGroupName).split('/')[4] },
    });
    expect(groups(stack)).toEqual([['postgresql', 30]]);
    expect(groups(database({ logRetention: RetentionDays.ONE_YEAR }).stack)).toEqual([['postgresql', 365]]);
  });

  test('of MySQL have parameters by which there is something in them', () => {
    const { stack } = database({ engine: 'mysql' });
    expect(groups(stack)).toEqual([
      ['audit', 30],
      ['error', 30],
      ['slowquery', 30],
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: {
        require_secure_transport: 'ON',
        server_audit_logging: '1',
        server_audit_events: 'CONNECT,QUERY_DCL,QUERY_DDL',
        slow_query_log: '1',
        long_query_time: '1',
        log_output: 'FILE',
      },
    });
  });
});

describe('users and migrations', () => {
  const migrations = 'test/aws/database/migrations';
  const shop = database({ migrations, users: { reporter: { read: ['orders'] } } });
  connected(shop, { settings: { timeout: Duration.seconds(20) } });
  connected(shop, { id: 'Weekly', settings: { timeout: Duration.seconds(40) } });
  connected(shop, { id: 'Other', user: 'other' });
  const template = Template.fromStack(shop.stack);
  const [[custom, resource]] = Object.entries(template.findResources('Custom::DatabaseMigrations')) as [[string, Made]];

  test('are the properties of one custom resource, which nothing but its function answers', () => {
    expect(resource.Properties).toMatchObject({
      Engine: 'postgres',
      Own: 'yes',
      TimeoutSeconds: 900,
      ServiceTimeout: '960',
      Files: [
        { Name: '0001_orders.sql', Sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, Transaction: 'yes' },
        { Name: '0002_index.sql', Sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string, Transaction: 'no' },
      ],
      Users: [
        { Name: 'other', Authentication: 'iam', StatementTimeoutSeconds: 10 },
        { Name: 'reporter', Authentication: 'iam', Read: ['orders'], Write: [], StatementTimeoutSeconds: 40 },
      ],
    });
    // Of whom nothing is said, nothing is taken.
    expect(resource.Properties.Users).toHaveProperty('0', expect.not.objectContaining({ Read: [] }));
  });

  test('go directly to the writer, as a user that no function can be, and with its files beside the code', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Makes the users of the database and applies its migrations at deployment',
      Timeout: 900,
      Environment: {
        Variables: Match.objectLike({
          DB_HOST: { 'Fn::GetAtt': [Match.stringLikeRegexp('ReportsCluster'), 'Endpoint.Address'] },
          DB_PORT: '5432',
          DB_NAME: 'app',
          DB_USER: 'lintel',
          DB_DIRECT: '1',
        }),
      },
    });
    expect(() => shop.reports.connect('lintel')).toThrow("'connect' must not be a user of the engine or of RDS");
    expect(shop.reports.migrationHandler).toBeDefined();
  });

  test('are waited for by every function that connects, and wait for the writer', () => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function')) as [string, Made][];
    const waiting = functions.filter(([, { DependsOn = [] }]) => DependsOn.includes(custom)).map(([id]) => id);
    expect(waiting.map((id) => id.slice(0, -8)).sort()).toEqual(['Monthly', 'Other', 'Weekly']);
    expect(resource.DependsOn).toContain(Object.keys(template.findResources('AWS::RDS::DBInstance'))[0]);
  });

  test('are waited for by a function of another stack, which waits for the whole stack of the database', () => {
    const app = newApp();
    const data = database({}, newStack('Data', app));
    const stack = newStack('Work', app);
    connected(data, { stack });
    Template.fromStack(stack).resourceCountIs('Custom::DatabaseMigrations', 0);
    expect(stack.dependencies).toContain(data.stack);
  });

  test('may take a snapshot before, which is named by what is to be applied', () => {
    const { stack } = database({ migrations: { directory: migrations, snapshot: true }, routes: ['rds'] });
    Template.fromStack(stack).hasResourceProperties('Custom::DatabaseMigrations', {
      SnapshotIdentifier: Match.stringLikeRegexp('^shopreports.*-before-[0-9a-f]{12}$'),
    });
  });

  test('of MySQL come by the Data API, since its first user has a secret', () => {
    const mysql = database({ engine: 'mysql' });
    connected(mysql);
    const made = Template.fromStack(mysql.stack);
    made.hasResourceProperties('AWS::RDS::DBCluster', {
      EnableHttpEndpoint: true,
      ManageMasterUserPassword: true,
      MasterUserAuthenticationType: Match.absent(),
    });
    made.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: Match.absent(),
      Environment: { Variables: Match.objectLike({ DB_DATA_API: '1', DB_SECRET_ARN: Match.anyValue() }) },
    });
  });

  test('refuses a VPC from which CloudFormation is not answered, and says what opens the way', () => {
    const shut = database({ vpc: undefined }, newStack());
    const closed = newStack('Closed');
    const vpc = new ec2.Vpc(closed, 'Network', {
      natGateways: 0,
      availabilityZones: ['eu-west-1a', 'eu-west-1b'],
      subnetConfiguration: [{ name: 'Data', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
    });
    const reports = new PooledDatabase(closed, 'Reports', { vpc, engine: 'postgres' });
    connected({ stack: closed, vpc, reports }, { settings: { vpcSubnets: {} } });
    expect(() => Template.fromStack(closed)).toThrow(
      "'vpc' must have a route from the migrations to S3, which responses to CloudFormation go through, got isolated subnets; " +
        "add vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })",
    );
    expect(() => Template.fromStack(shut.stack)).not.toThrow();
  });
});

interface Made {
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}

describe('refused', () => {
  const given = (stack: Stack, more: Partial<rds.DatabaseClusterAttributes> = {}) =>
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Team', { clusterIdentifier: 'team', ...more });
  const groups = (stack: Stack) => [ec2.SecurityGroup.fromSecurityGroupId(stack, 'TeamGroup', 'sg-0123456789abcdef0')];
  const stack = newStack();
  const open = new ec2.Vpc(stack, 'Open', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }],
  });

  test.each<[string, (own: Stack) => Partial<PooledDatabaseProps>, string]>([
    ['a cluster that pauses', () => ({ capacity: { min: 0 } }), "'capacity.min' must be at least 0.5 behind a proxy"],
    [
      'a third of a unit',
      () => ({ capacity: { min: 0.3 } }),
      "'capacity.min' must be 0.5 to 256, in steps of 0.5, got 0.3",
    ],
    [
      'less than the minimum',
      () => ({ capacity: { min: 8, max: 4 } }),
      "'capacity.max' must be at least 'capacity.min' (8), got 4",
    ],
    [
      'settings of a cluster that is given',
      (own) => ({ cluster: given(own), readers: 1, databaseName: 'a' }),
      "'readers' must not be given with 'cluster'",
    ],
    [
      'a given cluster without security groups',
      (own) => ({ cluster: given(own), databaseName: 'a', administrator: 'none' }),
      "'cluster' must have security groups, without which the proxy cannot reach it, got 'Shop/Team'; import it with 'securityGroups'",
    ],
    [
      'a given cluster without a name',
      (own) => ({ cluster: given(own) }),
      "'databaseName' must be given when 'cluster' does not have it",
    ],
    [
      'an alarm of connections that nobody knows',
      (own) => ({ cluster: given(own), databaseName: 'a', alarms: { connections: 5 } }),
      "'alarms.connections' must not be given when the connections of 'cluster' are unknown: there is no such alarm, got 5; set 'maxConnections'",
    ],
    [
      'a given cluster that nobody administers',
      (own) => ({ cluster: given(own), databaseName: 'a', users: { app: {} } }),
      "'administrator' must be given with 'migrations' or 'users'",
    ],
    [
      'an administrator who comes by IAM to a cluster that IAM does not know',
      (own) => ({ cluster: given(own), databaseName: 'a', administrator: { user: 'boss' } }),
      "'cluster' must have a known resource id for an 'administrator' with IAM authentication, got 'Shop/Team'; import it with 'clusterResourceIdentifier'",
    ],
    [
      'an administrator who comes to a cluster whose endpoint nobody knows',
      (own) => ({ cluster: given(own), databaseName: 'a', administrator: { user: 'boss' } }),
      "'cluster' must have a known endpoint, which an 'administrator' connects to directly, got 'Shop/Team'; import it with 'clusterEndpointAddress' and 'port'",
    ],
    [
      'another engine',
      (own) => ({ cluster: given(own, { engine: rds.DatabaseClusterEngine.AURORA_MYSQL }), databaseName: 'a' }),
      "'engine' must be that of 'cluster' (mysql), got 'postgres'; write 'mysql'",
    ],
    [
      'an administrator of an own cluster',
      () => ({ administrator: { user: 'boss' } }),
      "'administrator' must not be given without 'cluster'",
    ],
    [
      'no migrations',
      () => ({ migrations: 'nowhere' }),
      "'migrations' must be a directory with SQL files, got 'nowhere'; create nowhere/0001_first.sql",
    ],
    ['subnets of the internet', () => ({ vpc: open }), "'vpc' must have private subnets"],
    [
      'subnets of one zone',
      (own) => ({
        vpc: ec2.Vpc.fromVpcAttributes(own, 'One', {
          vpcId: 'vpc-0123456789abcdef0',
          availabilityZones: ['eu-west-1a'],
          isolatedSubnetIds: ['subnet-1', 'subnet-2'],
        }),
      }),
      "'vpc' must have private subnets in two zones, which RDS requires, got 1; add a subnet in another zone",
    ],
    [
      'a version of the other engine',
      () => ({ version: '8.0.mysql_aurora.3.10.3' }),
      "'version' must be one that Aurora Serverless v2 supports: PostgreSQL 13 or later, such as '17.7', got '8.0.mysql_aurora.3.10.3'",
    ],
    [
      'a version without Serverless v2',
      () => ({ engine: 'mysql', version: '5.7.mysql_aurora.2.11.5' }),
      "'version' must be one that Aurora Serverless v2 supports: Aurora MySQL 3 or later",
    ],
    [
      'a database that the engine has',
      () => ({ databaseName: 'postgres' }),
      "'databaseName' must not be one of the engine's own databases, got 'postgres'; choose another name",
    ],
    [
      'a VPC of dedicated tenancy',
      (own) => ({
        vpc: new ec2.Vpc(own, 'Dedicated', { defaultInstanceTenancy: ec2.DefaultInstanceTenancy.DEDICATED }),
      }),
      "'vpc' must not have dedicated tenancy, which RDS proxies do not support, got 'Shop/Dedicated'",
    ],
    [
      'a cluster of another VPC',
      (own) => ({
        cluster: new rds.DatabaseCluster(own, 'Team', {
          engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_7 }),
          vpc: network(new Construct(own, 'Theirs')),
          vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
          writer: rds.ClusterInstance.serverlessV2('Writer'),
          defaultDatabaseName: 'shop',
          serverlessV2MinCapacity: 1,
        }),
      }),
      "'vpc' must be that of 'cluster', since a proxy is in the VPC of its database, got 'Shop/Network'",
    ],
    [
      'a read replica',
      (own) => {
        const vpc = network(own);
        const sourceDatabaseInstance = new rds.DatabaseInstance(own, 'Source', {
          engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
          vpc,
          vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        });
        const instanceType = new ec2.InstanceType('r6g.large');
        const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
        const cluster = new rds.DatabaseInstanceReadReplica(own, 'Replica', {
          sourceDatabaseInstance,
          instanceType,
          vpc,
          vpcSubnets,
        });
        return { vpc, cluster, databaseName: 'a', administrator: 'none' };
      },
      "'cluster' must not be a read replica, for which RDS supports no proxy, got 'Shop/Replica'",
    ],
    [
      'a user of the engine',
      () => ({ users: { postgres: {} } }),
      "'users.postgres' must not be a user of the engine or of RDS",
    ],
    [
      'a user in capitals',
      () => ({ users: { App: {} } }),
      "'users.App' must be a user name: lower-case letters, digits and underscores, not starting with a digit",
    ],
    [
      'a secret in place of a table',
      () => ({ users: { app: { read: ['a; DROP TABLE b'] } } }),
      "'users.app.read.0' must name a table",
    ],
    [
      'more than all connections',
      () => ({ maxConnectionsPercent: 150 }),
      "'maxConnectionsPercent' must be a whole number from 1 to 100, got 150",
    ],
    ['a name of the L2', () => ({ serverlessV2MinCapacity: 1 }) as object, "write 'capacity: { min }'"],
  ])('refuses %s', (_, props, message) => {
    const own = newStack();
    expect(() => database(props(own), own)).toThrow(message);
  });

  test.each<[string, (shop: ReturnType<typeof database>) => unknown, string]>([
    [
      'readers that there are not',
      ({ reports }) => reports.connect('app', { readOnly: true }),
      "'readOnly' must not be true without a reader",
    ],
    [
      'a share of nothing',
      ({ reports }) => reports.connect('app', { busy: 0 }),
      "'busy' must be a whole number from 1 to 100, got 0",
    ],
    [
      'a user with a capital',
      ({ reports }) => reports.connect('App'),
      "'connect' must be a user name: lower-case letters, digits and underscores, not starting with a digit",
    ],
    [
      'RDS’s own user',
      ({ reports }) => reports.connect('rdsproxyadmin'),
      "'connect' must not be a user of the engine or of RDS",
    ],
    [
      'a function outside of the VPC',
      (shop) => connected(shop, { settings: { vpc: undefined, vpcSubnets: undefined } }),
      "'vpc' must be given to a function that connects to a database in a VPC",
    ],
  ])('refuses %s', (_, act, message) => {
    expect(() => act(database())).toThrow(message);
  });

  test('refuses an imported cluster that IAM does not know, and an imported instance the same', () => {
    const own = newStack();
    const cluster = given(own, { securityGroups: groups(own) });
    const shop = database({ cluster, databaseName: 'a', administrator: 'none' }, own);
    expect(() => shop.reports.connect('app')).toThrow(
      "'cluster' must have a known resource id, which IAM identifies it by, got 'Shop/Team'; import it with 'clusterResourceIdentifier'",
    );
  });
});

describe('security groups that take no rule are refused', () => {
  const group = (stack: Stack, options: ec2.SecurityGroupImportOptions) =>
    ec2.SecurityGroup.fromSecurityGroupId(stack, 'Known', 'sg-0123456789abcdef0', options);
  const attributes = { clusterIdentifier: 'team', clusterResourceIdentifier: 'cluster-A', port: 5432 };
  const own = { databaseName: 'shop', administrator: 'none' } as const;
  const around = (securityGroups: ec2.ISecurityGroup[], stack: Stack) =>
    database(
      {
        ...own,
        cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Team', { ...attributes, securityGroups }),
      },
      stack,
    );

  test('of an imported cluster, unless one of them takes it', () => {
    const stack = newStack();
    expect(() => around([group(stack, { mutable: false })], stack)).toThrow(
      "'cluster' must have a security group that takes rules: none of its rules admits anything on port 5432, got 'Shop/Known'; " +
        "import its groups without 'mutable: false' (Shop/Reports)",
    );
    const some = newStack();
    const other = ec2.SecurityGroup.fromSecurityGroupId(some, 'Other', 'sg-0123456789abcdef1');
    expect(() => around([group(some, { mutable: false }), other], some)).not.toThrow();
  });

  test('of a function, where it lets nothing out', () => {
    const shop = database();
    const securityGroups = [group(shop.stack, { mutable: false, allowAllOutbound: false })];
    expect(() => connected(shop, { settings: { securityGroups } })).toThrow(
      "'securityGroups' must have a security group that takes rules: none of its rules lets anything out to port 5432, got 'Shop/Known'",
    );
    const open = database();
    const groups = [group(open.stack, { mutable: false })];
    connected(open, { settings: { securityGroups: groups } });
    expect(() => connected(open, { id: 'Weekly', settings: { securityGroups: groups } })).not.toThrow();
  });
});

describe('a team’s own database', () => {
  test('an instance is the target, by its own resource id and port', () => {
    const stack = newStack();
    const vpc = network(stack);
    const cluster = new rds.DatabaseInstance(stack, 'Team', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 }),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      databaseName: 'shop',
    });
    const shop = database({ vpc, cluster, routes: ['secretsmanager'], maxConnections: 100 }, stack);
    connected(shop, { settings: { reservedConcurrency: 20 } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::RDS::DBInstance', { EnableIAMDatabaseAuthentication: true });
    template.hasResourceProperties('AWS::RDS::DBProxyTargetGroup', { DBInstanceIdentifiers: Match.anyValue() });
    template.hasResourceProperties(
      'AWS::IAM::Policy',
      statements(dbUser({ 'Fn::GetAtt': [Match.stringLikeRegexp('^Team'), 'DbiResourceId'] }, 'reporter')),
    );
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ DB_DIRECT: '1', DB_SECRET_ARN: Match.anyValue() }) },
    });
  });

  test('readers are reached at an endpoint of their own, which is made once', () => {
    const shop = database({ readers: 2 });
    connected(shop, { readOnly: true });
    connected(shop, { id: 'Weekly', readOnly: true });
    const template = Template.fromStack(shop.stack);
    template.resourceCountIs('AWS::RDS::DBInstance', 3);
    template.resourceCountIs('AWS::RDS::DBProxyEndpoint', 1);
    template.hasResourceProperties('AWS::RDS::DBProxyEndpoint', { TargetRole: 'READ_ONLY' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ DB_HOST: { 'Fn::GetAtt': [Match.stringLikeRegexp('Readers'), 'Endpoint'] } }),
      },
    });
  });
});

describe('the budget of connections', () => {
  const errors = (stack: Stack): string => {
    try {
      Template.fromStack(stack);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([
    ['postgres', { min: 1, max: 1 }, 163],
    ['postgres', { min: 1, max: 4 }, 734],
    ['postgres', { min: 1, max: 6 }, 734],
    ['postgres', { min: 1, max: 16 }, 3017],
    ['postgres', { min: 0.5, max: 16 }, 1793],
    ['postgres', { min: 1, max: 128 }, 4493],
    ['mysql', { min: 1, max: 4 }, 119],
    ['mysql', { min: 0.5, max: 32 }, 2698],
  ] as const)('%s at %p bears %i transactions at once, and not one more', (engine, capacity, most) => {
    const fits = database({ engine, capacity });
    connected(fits, { settings: at(most) });
    expect(errors(fits.stack)).toBe('');
    const over = database({ engine, capacity });
    connected(over, { settings: at(most + 1) });
    expect(errors(over.stack)).toContain(`at most ${most} concurrent transactions`);
  });

  test('refuses more with the arithmetic, over all functions, and counts only the time that they are in a transaction', () => {
    const shop = database({ capacity: { min: 1, max: 1 } });
    connected(shop, { settings: at(100) });
    connected(shop, { id: 'Weekly', settings: at(200), busy: 50 });
    expect(errors(shop.stack)).toContain(
      'functions that connect may have at most 163 concurrent transactions ((189 connections of postgres at 1 ACU - 5 reserved - ' +
        '2 for migrations) x 90 %), got 200 (Shop/Monthly 100 x 100 % = 100, Shop/Weekly 200 x 50 % = 100); lower the concurrency, ' +
        "set 'busy' to the share of time they spend in a transaction, or raise 'capacity.max' (Shop/Reports)",
    );
    const calm = database({ capacity: { min: 1, max: 1 } });
    connected(calm, { settings: at(100) });
    connected(calm, { id: 'Weekly', settings: at(200), busy: 25 });
    expect(errors(calm.stack)).toBe('');
  });

  test('takes a function that pins its connection as one that is always in a transaction', () => {
    const shop = database({ capacity: { min: 1, max: 1 } });
    connected(shop, { settings: at(200), busy: 10, pinned: true });
    expect(errors(shop.stack)).toContain('got 200');
  });

  test('is one for all stacks and all proxies of a cluster', () => {
    const app = newApp();
    const first = database({ maxConnectionsPercent: 60 }, newStack('Data', app));
    const other = newStack('Other', app);
    const second = new PooledDatabase(other, 'Second', {
      vpc: first.vpc,
      engine: 'postgres',
      cluster: first.reports.cluster,
      maxConnectionsPercent: 50,
      administrator: 'none',
    });
    connected(first, { stack: other, settings: at(10) });
    connected({ stack: other, vpc: first.vpc, reports: second }, { id: 'Else', settings: at(500) });
    const message = errors(first.stack);
    expect(message).toContain(
      "'maxConnectionsPercent' of the 2 proxies of one database must be at most 100 together, got 110 (Data/Reports 60, Other/Second 50)",
    );
    expect(message).toContain('at most 408 concurrent transactions');
  });

  test('refuses two that migrate one database, or say what one user may, and not where one of them only connects', () => {
    const migrations = 'test/aws/database/migrations';
    const two = (first: Partial<PooledDatabaseProps>, second: Partial<PooledDatabaseProps>) => {
      const shop = database({ maxConnectionsPercent: 50, ...first });
      const administrator = { user: 'lintel' };
      const own = {
        vpc: shop.vpc,
        engine: 'postgres',
        cluster: shop.reports.cluster,
        maxConnectionsPercent: 40,
      } as const;
      new PooledDatabase(shop.stack, 'Second', { ...own, administrator, ...second });
      return errors(shop.stack);
    };
    const users = { app: { read: ['orders'] } };
    expect(two({ migrations, users }, { migrations, users })).toContain(
      "'migrations' must be set on only one PooledDatabase per database, since they would share a ledger, got two for 'app' (Shop/Reports, Shop/Second)",
    );
    expect(two({ users }, { users: { app: {} } })).toContain("'users.app' must be set only once per database");
    expect(two({ migrations, users }, { users: { other: {} } })).toBe('');
    expect(two({ migrations, users }, { migrations, users, databaseName: 'other' })).toBe('');
  });

  test('counts readers apart: each has the connections of the writer', () => {
    const shop = database({ capacity: { min: 1, max: 1 }, readers: 2 });
    connected(shop, { settings: at(160) });
    connected(shop, { id: 'Weekly', settings: at(320), readOnly: true });
    expect(errors(shop.stack)).toBe('');
    const over = database({ capacity: { min: 1, max: 1 }, readers: 1 });
    connected(over, { settings: at(164), readOnly: true });
    expect(errors(over.stack)).toContain('at most 163 concurrent transactions');
  });

  describe('of an imported cluster', () => {
    const pool = (stack: Stack, id: string, props: Partial<PooledDatabaseProps>) => {
      const imported = new Construct(stack, `${id}Of`);
      const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(imported, 'Team', {
        clusterIdentifier: 'team',
        clusterResourceIdentifier: 'cluster-ABC',
        securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(imported, 'Group', 'sg-0123456789abcdef0')],
      });
      const vpc = network(imported);
      const own = { vpc, engine: 'postgres', cluster, databaseName: 'a', administrator: 'none' } as const;
      return { stack, vpc, reports: new PooledDatabase(stack, id, { ...own, ...props }) };
    };

    test('proxies are counted together, also where nobody knows the connections', () => {
      const stack = newStack();
      pool(stack, 'First', { maxConnectionsPercent: 60 });
      pool(stack, 'Second', { maxConnectionsPercent: 50 });
      expect(errors(stack)).toContain('must be at most 100 together, got 110');
    });

    test('what one of its proxies knows is known of all', () => {
      const stack = newStack();
      const first = pool(stack, 'First', { maxConnectionsPercent: 50 });
      pool(stack, 'Second', { maxConnectionsPercent: 50, maxConnections: 107 });
      connected(first, { settings: at(51) });
      expect(errors(stack)).toContain('functions that connect may have at most 50 concurrent transactions');
    });

    test('another of the same name in another region is another', () => {
      const app = newApp();
      const [here, there] = ['eu-west-1', 'us-east-1'].map((region) => {
        const stack = new Stack(app, region, { env: { account: '111122223333', region } });
        pool(stack, 'Pool', { maxConnectionsPercent: 60 });
        return stack;
      });
      expect(errors(here!) + errors(there!)).toBe('');
    });
  });

  test('warns where nobody knows how many connections there are, since nothing is judged then', () => {
    const stack = newStack();
    const attributes = (of: Stack) => ({
      clusterIdentifier: 'team',
      clusterResourceIdentifier: 'cluster-ABC',
      port: 5432,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(of, 'TeamGroup', 'sg-0123456789abcdef0')],
    });
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Team', attributes(stack));
    const shop = database({ cluster, databaseName: 'shop', administrator: 'none' }, stack);
    connected(shop, { settings: at(10_000) });
    const said = (of: Stack) =>
      Annotations.fromStack(of).findWarning('*', Match.stringLikeRegexp("set 'maxConnections'")).length;
    expect(said(stack)).toBe(1);
    const known = newStack();
    const same = rds.DatabaseCluster.fromDatabaseClusterAttributes(known, 'Team', attributes(known));
    const told = database({ cluster: same, databaseName: 'a', administrator: 'none', maxConnections: 50 }, known);
    connected(told, { settings: at(10) });
    expect(said(known)).toBe(0);
  });

  test('warns of a function that nothing bounds, and not of one behind a queue that does', () => {
    const shop = database();
    connected(shop);
    const worker = connected(shop, { id: 'Worker' });
    const queue = new sqs.Queue(shop.stack, 'Jobs', { visibilityTimeout: Duration.minutes(5) });
    worker.addEventSource(new SqsEventSource(queue, { maxConcurrency: 20 }));
    const budget = ConcurrencyBudget.of(shop.stack.node.root as App);
    const warnings = Annotations.fromStack(shop.stack).findWarning(
      '*',
      Match.stringLikeRegexp('may run as concurrently'),
    );
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('Shop/Monthly may run as concurrently as the account allows'),
    ]);
    expect(budget.connections()).toEqual([
      { function: 'Shop/Monthly', database: 'Shop/Reports', user: 'reporter', readOnly: false, busy: 100 },
      {
        function: 'Shop/Worker',
        database: 'Shop/Reports',
        user: 'reporter',
        readOnly: false,
        busy: 100,
        concurrency: 20,
        transactions: 20,
      },
    ]);
  });

  test('takes no queue for the bound of a function that somebody else calls, too, and of one that only may', () => {
    const shop = database();
    const { stack } = shop;
    const worker = (id: string) => {
      const fn = connected(shop, { id });
      const queue = new sqs.Queue(stack, `${id}Jobs`, { visibilityTimeout: Duration.minutes(5) });
      fn.addEventSource(new SqsEventSource(queue, { maxConcurrency: 20 }));
      return fn;
    };
    worker('Alone');
    new events.Rule(stack, 'Rule', {
      eventPattern: { source: ['shop'] },
      targets: [new LambdaFunction(worker('OfRule'))],
    });
    new Topic(stack, 'Topic').addSubscription(new LambdaSubscription(worker('OfTopic')));
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(
        LambdaInvoke.jsonata(stack, 'Invoke', { lambdaFunction: worker('OfMachine') }),
      ),
    });
    const alias = new Alias(stack, 'Live', { aliasName: 'live', version: worker('OfFunction').currentVersion });
    alias.grantInvoke(connected(shop, { id: 'Caller', settings: at(1) }));
    const ofInline = worker('OfInline').functionArn;
    new iam.Role(stack, 'Scheduler', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com'),
      inlinePolicies: {
        Call: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [ofInline] })],
        }),
      },
    });
    const shares = ConcurrencyBudget.of(stack.node.root as App).connections();
    expect(Object.fromEntries(shares.map((share) => [share.function, share.concurrency]))).toEqual({
      'Shop/Alone': 20,
      'Shop/Caller': 1,
      'Shop/OfRule': undefined,
      'Shop/OfTopic': undefined,
      'Shop/OfMachine': undefined,
      'Shop/OfFunction': undefined,
      'Shop/OfInline': undefined,
    });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('may run as concurrently'));
    expect(warnings).toHaveLength(5);
  });

  test('is told when it is not kept: on pinned sessions, on waiting, and on fewer connections than were planned', () => {
    const template = Template.fromStack(database().stack);
    for (const metric of ['DatabaseConnectionsCurrentlySessionPinned', 'DatabaseConnectionsBorrowLatency']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: metric,
        Dimensions: [{ Name: 'ProxyName', Value: { Ref: Match.stringLikeRegexp('ReportsProxy') } }],
      });
    }
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 0,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: '734 - most' })]),
    });
  });
});

describe('each of the halves that a connection needs', () => {
  const shop = database({}, new Stack(newApp(), 'Shop'));
  const vpcEndpoint = 'AWS::EC2::VPCEndpoint';
  const handler = connected(shop, { settings: at(10) });
  const template = Template.fromStack(shop.stack).toJSON() as { Resources: Record<string, Written> };
  const ids = Object.keys(template.Resources);
  const named = (part: string) => ids.filter((id) => id.includes(part) || template.Resources[id]!.Type === part);

  /** What the rules say of the template without some resources. */
  const without = (gone: readonly string[]): string[] => {
    const kept = Object.entries(template.Resources).filter(([id]) => !gone.includes(id));
    const Resources = Object.fromEntries(
      kept.map(([id, { DependsOn = [], ...rest }]) => [
        id,
        { ...rest, DependsOn: [DependsOn].flat().filter((one) => !gone.includes(one)) },
      ]),
    );
    const model = readTemplate(JSON.stringify({ ...template, Resources }), { name: 'Shop' });
    // Lambda's own wildcard is acknowledged in the assembly, of which a template says nothing.
    const rules = RULES.filter(({ id }) => id !== 'WildcardResource');
    return judge(model, { rules }).findings.map(({ rule, message }) => `${rule}: ${message}`);
  };

  test('is there: the whole template is clean', () => {
    expect(handler.isBoundToVpc).toBe(true);
    expect(ids.some((id) => template.Resources[id]!.Type === vpcEndpoint)).toBe(true);
    expect(without([])).toEqual([]);
  });

  test.each([
    ['the grant of the function', ['MonthlyRoleDefaultPolicy'], 'ProxyConnectPermission: is given the endpoint of'],
    ['the grant of the proxy', ['ReportsProxyRoleDefaultPolicy'], "ProxyUserGrant: accepts 'reporter', but its role"],
    ['the rule that lets it in', ['ReportsProxySecurityGroupfrom'], 'ProxyConnectNetwork: is given the endpoint of'],
    ['the migration', ['Custom::DatabaseMigrations'], 'ProxyBypass: lets'],
  ])('is missed by a rule where it is not: %s', (_, parts, message) => {
    const gone = parts.flatMap(named);
    expect(gone).not.toEqual([]);
    expect(without(gone)).toContainEqual(expect.stringContaining(message));
  });
});

interface Written {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
}
