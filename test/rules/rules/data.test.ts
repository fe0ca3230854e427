import { describeFaults, OPEN } from './faults';
import { tlsOnly } from './parts';

const base = {
  Orders: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  },
  Cluster: {
    Type: 'AWS::RDS::DBCluster',
    Properties: {
      StorageEncrypted: true,
      DeletionProtection: true,
      BackupRetentionPeriod: 7,
      MasterUserPassword: { 'Fn::Sub': '{{resolve:secretsmanager:${Secret}:SecretString:password::}}' },
      ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
    },
  },
  Writer: {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      DBClusterIdentifier: { Ref: 'Cluster' },
      PubliclyAccessible: false,
      DBInstanceClass: 'db.serverless',
    },
  },
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { GenerateStringKey: 'password' } },
  },
  Attachment: {
    Type: 'AWS::SecretsManager::SecretTargetAttachment',
    Properties: { SecretId: { Ref: 'Secret' }, TargetId: { Ref: 'Cluster' }, TargetType: 'AWS::RDS::DBCluster' },
  },
  Rotation: {
    Type: 'AWS::SecretsManager::RotationSchedule',
    Properties: { SecretId: { Ref: 'Attachment' }, HostedRotationLambda: { RotationType: 'PostgreSQLSingleUser' } },
  },
  Proxy: { Type: 'AWS::RDS::DBProxy', Properties: { RequireTLS: true } },
  ProxyGroup: {
    Type: 'AWS::RDS::DBProxyTargetGroup',
    Properties: {
      DBProxyName: { Ref: 'Proxy' },
      DBClusterIdentifiers: [{ Ref: 'Cluster' }],
      ConnectionPoolConfigurationInfo: { MaxConnectionsPercent: 90, MaxIdleConnectionsPercent: 50 },
    },
  },
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: { DeletionProtection: 'ACTIVE' } },
  Identities: { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities: false } },
  Failures: { Type: 'AWS::SQS::Queue', Properties: { RedriveAllowPolicy: { redrivePermission: 'allowAll' } } },
  ...tlsOnly('Queue', 'Failures'),
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Failures', 'QueueName'] } }],
    },
  },
};

describe('data', () => {
  describeFaults(base, [
    {
      rule: 'TableRecovery',
      mistake: 'a table that cannot be restored',
      change: { 'Orders.PointInTimeRecoverySpecification': undefined },
      message: 'cannot be restored to an earlier moment',
      open: { 'Orders.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': OPEN },
    },
    {
      rule: 'DeletionProtection',
      mistake: 'a table that can be deleted',
      change: { 'Orders.DeletionProtectionEnabled': undefined },
      message: 'is not protected from deletion',
      open: { 'Cluster.DeletionProtection': OPEN },
    },
    {
      rule: 'DeletionProtection',
      mistake: 'a user pool that can be deleted',
      change: { 'Pool.DeletionProtection': 'INACTIVE' },
      message: 'is not protected from deletion',
    },
    {
      rule: 'VectorIndex',
      mistake: 'a vector index on a provisioned table',
      change: { 'Orders.VectorIndexes': [{ IndexName: 'v', Dimensions: 1024 }], 'Orders.BillingMode': 'PROVISIONED' },
      message: 'has a vector index and is not on demand',
      open: { 'Orders.VectorIndexes': [{ IndexName: 'v', Dimensions: OPEN }], 'Orders.BillingMode': 'PAY_PER_REQUEST' },
    },
    {
      rule: 'VectorIndex',
      mistake: 'an index of 8,192 dimensions',
      change: { Vectors: { Type: 'AWS::S3Vectors::Index', Properties: { Dimension: 8192 } } },
      message: 'asks for 8192 dimensions, outside 1 to 4096',
    },
    {
      rule: 'ProxyTimeouts',
      mistake: 'a wait of two hours',
      change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.ConnectionBorrowTimeout': 7200 },
      message: 'asks for 7200 seconds, outside 0 to 3600',
      open: { 'Proxy.IdleClientTimeout': OPEN },
    },
    {
      rule: 'DatabaseEncryption',
      mistake: 'a database in the clear',
      change: { 'Cluster.StorageEncrypted': undefined },
      message: 'is not encrypted at rest',
      open: { 'Cluster.StorageEncrypted': OPEN },
    },
    {
      rule: 'DatabasePublic',
      mistake: 'a database on the internet',
      change: { 'Writer.PubliclyAccessible': true },
      message: 'has an address on the internet',
      open: { 'Writer.PubliclyAccessible': OPEN },
    },
    {
      rule: 'DatabaseBackup',
      mistake: 'a database without backups',
      change: { 'Cluster.BackupRetentionPeriod': 0 },
      message: 'is never backed up',
      open: { 'Cluster.BackupRetentionPeriod': OPEN },
    },
    {
      rule: 'PlaintextSecret',
      mistake: 'a password in the template',
      change: { 'Cluster.MasterUserPassword': 'correct horse' },
      message: 'has a password in the clear',
      openButFine: { 'Secret.SecretString': { 'Fn::Sub': '{{resolve:ssm-secure:x}}' } },
    },
    {
      rule: 'SecretRotation',
      mistake: 'a password that never changes',
      change: { Rotation: undefined },
      message: 'is the password of a database and is never rotated',
      openButFine: { Rotation: undefined, 'Attachment.SecretId': OPEN },
    },
    {
      rule: 'ProxyConnections',
      mistake: '150 % of the connections',
      change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': 150 },
      message: 'takes 150 % of the connections',
      open: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': OPEN },
    },
    {
      rule: 'ProxyConnections',
      mistake: 'more idle connections than there may be',
      change: { 'ProxyGroup.ConnectionPoolConfigurationInfo.MaxConnectionsPercent': 40 },
      message: 'keeps 50 % of the connections idle, of at most 40 %',
    },
    {
      rule: 'ProxyTls',
      mistake: 'a proxy without TLS',
      change: { 'Proxy.RequireTLS': undefined },
      message: 'takes connections without TLS',
      open: { 'Proxy.RequireTLS': OPEN },
    },
    {
      rule: 'AutoPauseProxy',
      mistake: 'a proxy before a database that is to pause',
      change: { 'Cluster.ServerlessV2ScalingConfiguration.MinCapacity': 0 },
      message: 'keeps Shop/Cluster awake',
      openButFine: { 'Cluster.ServerlessV2ScalingConfiguration.MinCapacity': OPEN },
    },
    {
      rule: 'IdentityPoolGuests',
      mistake: 'AWS credentials for everybody',
      change: { 'Identities.AllowUnauthenticatedIdentities': true },
      message: 'gives AWS credentials to everybody',
      open: { 'Identities.AllowUnauthenticatedIdentities': OPEN },
    },
    {
      rule: 'AlarmDimensions',
      mistake: 'an alarm on no queue',
      change: { 'Alarm.Dimensions': undefined },
      message: 'watches AWS/SQS without naming a resource',
      openButFine: { 'Alarm.Dimensions.0.Value': OPEN },
    },
  ]);
});
