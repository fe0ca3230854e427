import { arn, changed, type Resources } from '../faults';
import { allow, goodFunction, goodRole } from '../parts';

/** ARN of a user of a proxy or a database. */
export const user = (id: unknown, name: unknown): object => ({
  'Fn::Join': [
    '',
    ['arn:aws:rds-db:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':dbuser:', id, '/', name],
  ],
});

const proxyId = { 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Proxy', 'DBProxyArn'] }] }] };
export const clusterId = { 'Fn::GetAtt': ['Cluster', 'DBClusterResourceId'] };

const group = (name: string) => ({ 'Fn::GetAtt': [name, 'GroupId'] });
export const letIn = (to: string, from: string): object => ({
  Type: 'AWS::EC2::SecurityGroupIngress',
  Properties: {
    GroupId: group(to),
    SourceSecurityGroupId: group(from),
    IpProtocol: 'tcp',
    FromPort: 5432,
    ToPort: 5432,
  },
});
const securityGroup = (): object => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'Group', VpcId: 'vpc-1' },
});

const NETWORK = 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole';

/** A function in a network, whose interfaces Lambda makes. */
const inNetwork = (name: string, statement: object, properties: object = {}): Resources => ({
  ...changed(
    goodFunction(name, [statement], {
      VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: [group(`${name}Group`)] },
      ...properties,
    }),
    { [`${name}Role.ManagedPolicyArns`]: [NETWORK] },
  ),
  [`${name}Group`]: securityGroup(),
});

/** A database by TLS and IAM behind a proxy, a function that connects, and one that migrates. */
export const pooled: Resources = {
  Cluster: {
    Type: 'AWS::RDS::DBCluster',
    Properties: {
      Engine: 'aurora-postgresql',
      StorageEncrypted: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      EnableIAMDatabaseAuthentication: true,
      VpcSecurityGroupIds: [group('ClusterGroup')],
      ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
    },
  },
  ClusterGroup: securityGroup(),
  Proxy: {
    Type: 'AWS::RDS::DBProxy',
    Properties: {
      RequireTLS: true,
      DefaultAuthScheme: 'IAM_AUTH',
      EngineFamily: 'POSTGRESQL',
      RoleArn: arn('ProxyRole'),
      VpcSecurityGroupIds: [group('ProxyGroup')],
    },
  },
  ProxyGroup: securityGroup(),
  ProxyRole: goodRole('rds.amazonaws.com', [allow('rds-db:connect', user(clusterId, 'app'))]),
  Targets: {
    Type: 'AWS::RDS::DBProxyTargetGroup',
    Properties: {
      DBProxyName: { Ref: 'Proxy' },
      DBClusterIdentifiers: [{ Ref: 'Cluster' }],
      ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 90, MaxIdleConnectionsPercent: 50 },
    },
  },
  ...inNetwork('Reader', allow('rds-db:connect', user(proxyId, 'app')), {
    Environment: { Variables: { DB_HOST: { 'Fn::GetAtt': ['Proxy', 'Endpoint'] } } },
  }),
  ...inNetwork('Migrate', allow('rds-db:connect', user(clusterId, 'lintel'))),
  Migrations: { Type: 'Custom::DatabaseMigrations', Properties: { ServiceToken: arn('Migrate') } },
  FunctionToProxy: letIn('ProxyGroup', 'ReaderGroup'),
  ProxyToCluster: letIn('ClusterGroup', 'ProxyGroup'),
  MigrateToCluster: letIn('ClusterGroup', 'MigrateGroup'),
};

/** The same by secrets. */
export const withSecret: Resources = {
  ...pooled,
  Proxy: {
    Type: 'AWS::RDS::DBProxy',
    Properties: {
      RequireTLS: true,
      EngineFamily: 'POSTGRESQL',
      RoleArn: arn('ProxyRole'),
      Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED', SecretArn: { Ref: 'Secret' } }],
      VpcSecurityGroupIds: [group('ProxyGroup')],
    },
  },
  ProxyRole: goodRole('rds.amazonaws.com', [allow('secretsmanager:GetSecretValue', { Ref: 'Secret' })]),
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { GenerateStringKey: 'password' } },
  },
};

/** A database without a proxy, and a function that comes directly. */
export const direct: Resources = {
  Cluster: pooled.Cluster!,
  ClusterGroup: securityGroup(),
  ...inNetwork('Reader', allow('rds-db:connect', user(clusterId, 'app')), { ReservedConcurrentExecutions: 200 }),
  FunctionToCluster: letIn('ClusterGroup', 'ReaderGroup'),
};
