import { EVERY_MINUTE, TELLS, tlsOnly } from '../parts';

export const stores = {
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
      ...EVERY_MINUTE,
      ...TELLS,
    },
  },
};
