import { type AwsType, NAME_IS_REF } from './aws-type';
import { deliveryStreamOf } from './shapes';

const policyOf = (type: string, owner: string) =>
  [{ property: 'Policy', type, as: 'PolicyDocument', owner, listed: true }] as const;

/** Queues, topics, buses and streams. */
export const MESSAGES: Readonly<Record<string, AwsType>> = {
  'aws:sqs/queue:Queue': {
    type: 'AWS::SQS::Queue',
    renamed: {
      name: 'QueueName',
      visibilityTimeoutSeconds: 'VisibilityTimeout',
      messageRetentionSeconds: 'MessageRetentionPeriod',
      maxMessageSize: 'MaximumMessageSize',
      receiveWaitTimeSeconds: 'ReceiveMessageWaitTimeSeconds',
    },
    json: ['RedrivePolicy', 'RedriveAllowPolicy', 'Policy'],
    apart: policyOf('AWS::SQS::QueuePolicy', 'Queues'),
    outputs: { id: '', url: '', name: 'QueueName' },
  },
  'aws:sqs/queuePolicy:QueuePolicy': {
    type: 'AWS::SQS::QueuePolicy',
    renamed: { queueUrl: 'Queues', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    listed: ['Queues'],
  },
  'aws:sqs/redrivePolicy:RedrivePolicy': {
    type: 'AWS::SQS::Queue',
    json: ['RedrivePolicy'],
    partOf: [{ type: 'AWS::SQS::Queue', by: 'QueueUrl', at: 'RedrivePolicy', take: 'RedrivePolicy' }],
  },
  'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy': {
    type: 'AWS::SQS::Queue',
    json: ['RedriveAllowPolicy'],
    partOf: [{ type: 'AWS::SQS::Queue', by: 'QueueUrl', at: 'RedriveAllowPolicy', take: 'RedriveAllowPolicy' }],
  },
  'aws:sns/topic:Topic': {
    type: 'AWS::SNS::Topic',
    renamed: { name: 'TopicName' },
    json: ['Policy'],
    apart: policyOf('AWS::SNS::TopicPolicy', 'Topics'),
    outputs: { id: '', arn: '', name: 'TopicName' },
  },
  'aws:sns/topicPolicy:TopicPolicy': {
    type: 'AWS::SNS::TopicPolicy',
    renamed: { arn: 'Topics', policy: 'PolicyDocument' },
    json: ['PolicyDocument'],
    listed: ['Topics'],
  },
  'aws:sns/topicSubscription:TopicSubscription': {
    type: 'AWS::SNS::Subscription',
    renamed: { topic: 'TopicArn' },
    json: ['RedrivePolicy', 'FilterPolicy'],
  },
  'aws:kinesis/stream:Stream': {
    type: 'AWS::Kinesis::Stream',
    renamed: {
      retentionPeriod: 'RetentionPeriodHours',
      encryptionType: 'StreamEncryption.EncryptionType',
      kmsKeyId: 'StreamEncryption.KeyId',
      shardLevelMetrics: 'DesiredShardLevelMetrics',
    },
    outputs: { id: '', name: '' },
  },
  'aws:kinesis/streamConsumer:StreamConsumer': {
    type: 'AWS::Kinesis::StreamConsumer',
    renamed: { name: 'ConsumerName', streamArn: 'StreamARN' },
    outputs: { id: '', arn: '' },
  },
  'aws:kinesis/resourcePolicy:ResourcePolicy': {
    type: 'AWS::Kinesis::ResourcePolicy',
    renamed: { policy: 'ResourcePolicy' },
    json: ['ResourcePolicy'],
  },
  'aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream': {
    type: 'AWS::KinesisFirehose::DeliveryStream',
    renamed: {
      name: 'DeliveryStreamName',
      'serverSideEncryption.keyType': 'DeliveryStreamEncryptionConfigurationInput.KeyType',
      'serverSideEncryption.keyArn': 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
      'serverSideEncryption.enabled': 'DeliveryStreamEncryptionConfigurationInput.Enabled',
      'kinesisSourceConfiguration.kinesisStreamArn': 'KinesisStreamSourceConfiguration.KinesisStreamARN',
      'kinesisSourceConfiguration.roleArn': 'KinesisStreamSourceConfiguration.RoleARN',
      'extendedS3Configuration.bucketArn': 'ExtendedS3DestinationConfiguration.BucketARN',
      'extendedS3Configuration.roleArn': 'ExtendedS3DestinationConfiguration.RoleARN',
      extendedS3Configuration: 'ExtendedS3DestinationConfiguration',
      httpEndpointConfiguration: 'HttpEndpointDestinationConfiguration',
      opensearchConfiguration: 'AmazonopensearchserviceDestinationConfiguration',
      redshiftConfiguration: 'RedshiftDestinationConfiguration',
      splunkConfiguration: 'SplunkDestinationConfiguration',
    },
    shaped: deliveryStreamOf,
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventBus:EventBus': {
    type: 'AWS::Events::EventBus',
    renamed: { 'deadLetterConfig.arn': 'DeadLetterConfig.Arn' },
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventBusPolicy:EventBusPolicy': {
    type: 'AWS::Events::EventBus',
    json: ['Policy'],
    // The default bus is not in the program: its policy is read as separate bus policies.
    partOf: [{ type: 'AWS::Events::EventBus', by: 'EventBusName', at: 'Policy', take: 'Policy' }],
  },
  'aws:cloudwatch/eventPermission:EventPermission': { type: 'AWS::Events::EventBusPolicy' },
  'aws:cloudwatch/eventArchive:EventArchive': {
    type: 'AWS::Events::Archive',
    renamed: { name: 'ArchiveName', eventSourceArn: 'SourceArn' },
    json: ['EventPattern'],
    outputs: NAME_IS_REF,
  },
  'aws:cloudwatch/eventConnection:EventConnection': {
    type: 'AWS::Events::Connection',
    renamed: {
      'authParameters.apiKey': 'AuthParameters.ApiKeyAuthParameters',
      'authParameters.apiKey.key': 'AuthParameters.ApiKeyAuthParameters.ApiKeyName',
      'authParameters.apiKey.value': 'AuthParameters.ApiKeyAuthParameters.ApiKeyValue',
      'authParameters.basic': 'AuthParameters.BasicAuthParameters',
      'authParameters.oauth': 'AuthParameters.OAuthParameters',
      'authParameters.oauth.clientParameters.clientId': 'AuthParameters.OAuthParameters.ClientParameters.ClientID',
    },
    outputs: NAME_IS_REF,
  },
};
