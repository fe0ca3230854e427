import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import {
  type ConnectOptions,
  PooledDatabase,
  type PooledDatabaseProps,
  ServiceFunction,
  type ServiceFunctionProps,
} from 'lintel/aws';

const newApp = () => new App({ builtinCloudFormationValidation: false });
const ENV: StackProps = { env: { account: '111122223333', region: 'eu-west-1' } };
const newStack = (name = 'Shop', app = newApp()) => new Stack(app, name, ENV);

function network(stack: Stack, subnetType = ec2.SubnetType.PRIVATE_ISOLATED): ec2.Vpc {
  return new ec2.Vpc(stack, 'Network', {
    natGateways: 0,
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    subnetConfiguration: [{ name: 'Data', subnetType }],
  });
}

function database(props: Partial<PooledDatabaseProps> = {}, stack = newStack()) {
  const vpc = props.vpc ?? network(stack);
  return { stack, vpc, reports: new PooledDatabase(stack, 'Reports', { engine: 'postgres', ...props, vpc }) };
}

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

describe('across stacks', () => {
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
