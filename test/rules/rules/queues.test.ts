import { arn, describeFaults, inProduction, OPEN } from './faults';
import { allow, deadLetters, goodFunction, goodQueue, goodRole, letIn, READ_QUEUE, tlsOnly } from './parts';

const base = {
  ...goodFunction('Worker', [allow(READ_QUEUE, arn('Jobs'))], { ReservedConcurrentExecutions: 20 }),
  ...goodQueue('Jobs', [letIn('sns.amazonaws.com', 'Jobs', { Ref: 'News' })]),
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Jobs'),
      FunctionName: { Ref: 'Worker' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    },
  },
  News: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: { Ref: 'Key' } } },
  ...tlsOnly('Topic', 'News'),
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    },
  },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'News' },
      Protocol: 'sqs',
      Endpoint: arn('Jobs'),
      RedrivePolicy: { deadLetterTargetArn: arn('Undelivered') },
    },
  },
  ...deadLetters('Undelivered', [letIn('sns.amazonaws.com', 'Undelivered', { Ref: 'News' })]),
};

/** A second function that reads the same queue. */
const secondConsumer = {
  ...goodFunction('Second', [allow(READ_QUEUE, arn('Jobs'))]),
  SecondMapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Jobs'),
      FunctionName: { Ref: 'Second' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["a"]}}' }] },
    },
  },
};

describe('queues', () => {
  describeFaults(base, [
    {
      rule: 'QueueVisibilityTimeout',
      mistake: 'a message that is shown again while it is at work',
      change: { 'Worker.Timeout': 90 },
      message: 'hides a message for 60 seconds, less than the 90 seconds of Shop/Worker',
      open: { 'Jobs.VisibilityTimeout': OPEN },
    },
    {
      rule: 'QueueVisibilityTimeout',
      mistake: 'too short a visibility in one branch of a condition',
      change: { 'Jobs.VisibilityTimeout': inProduction(360, 5) },
      message: 'hides a message for 5 seconds, less than the 10 seconds of Shop/Worker when not IsProduction',
    },
    {
      rule: 'QueueVisibilityTimeout',
      mistake: 'a message that is shown again while an alias is at work, whose name CDK cuts out of its ARN',
      change: {
        'Worker.Timeout': 90,
        Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Worker' } } },
        'Mapping.FunctionName': {
          'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live']],
        },
      },
      message: 'hides a message for 60 seconds, less than the 90 seconds of Shop/Worker',
    },
    {
      rule: 'QueueVisibilityMargin',
      mistake: 'no room for throttled attempts',
      change: { 'Worker.Timeout': 30 },
      message: 'less than the advised 180',
      openButFine: { 'Jobs.VisibilityTimeout': OPEN },
    },
    {
      rule: 'QueueVisibilityMargin',
      mistake: 'no room for the batching window',
      change: { 'Mapping.MaximumBatchingWindowInSeconds': 60 },
      message: 'less than the advised 120',
    },
    {
      rule: 'QueueDeadLetterQueue',
      mistake: 'a queue without a dead-letter queue',
      change: { 'Jobs.RedrivePolicy': undefined, JobsDead: undefined, JobsDeadPolicy: undefined },
      message: 'has no dead-letter queue',
      openButFine: { 'Jobs.RedrivePolicy.deadLetterTargetArn': OPEN, 'JobsDead.RedriveAllowPolicy': {} },
    },
    {
      rule: 'QueueRedriveType',
      mistake: 'a FIFO dead-letter queue behind a standard queue',
      change: { 'JobsDead.FifoQueue': true },
      message: 'its dead-letter queue Shop/JobsDead is a FIFO queue',
      openButFine: { 'Jobs.RedrivePolicy.deadLetterTargetArn': OPEN },
    },
    {
      rule: 'QueueReceiveCount',
      mistake: 'two attempts',
      change: { 'Jobs.RedrivePolicy.maxReceiveCount': 2 },
      message: 'gives a message 2 attempts',
      open: { 'Jobs.RedrivePolicy.maxReceiveCount': OPEN },
    },
    {
      rule: 'QueueDeadLetterRetention',
      mistake: 'a dead-letter queue that forgets first',
      change: { 'JobsDead.MessageRetentionPeriod': undefined },
      message: 'keeps messages 4 days, its dead-letter queue Shop/JobsDead 4 days',
      open: { 'JobsDead.MessageRetentionPeriod': OPEN },
    },
    {
      rule: 'QueueEncryption',
      mistake: 'a queue whose encryption is switched off',
      change: { 'Jobs.SqsManagedSseEnabled': false },
      message: 'is not encrypted at rest',
      open: { 'Jobs.SqsManagedSseEnabled': OPEN },
    },
    {
      rule: 'EncryptedTransport',
      mistake: 'a queue that answers plain HTTP',
      change: { JobsDeadPolicy: undefined },
      message: 'no AWS::SQS::QueuePolicy forbids them',
      openButFine: { 'JobsDeadPolicy.PolicyDocument.Statement.0.Action': OPEN },
    },
    {
      rule: 'ResourcePolicyPublic',
      mistake: 'a queue that takes messages from everybody',
      change: {
        'JobsPolicy.PolicyDocument.Statement.2': {
          Effect: 'Allow',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Resource: '*',
        },
      },
      message: 'allows sqs:SendMessage to everybody',
      open: {
        'JobsPolicy.PolicyDocument.Statement.2': {
          Effect: 'Allow',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Resource: '*',
          Condition: OPEN,
        },
      },
    },
    {
      rule: 'ConfusedDeputy',
      mistake: 'a queue that lets SNS in for anybody',
      change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': undefined },
      message: 'lets sns.amazonaws.com in for anybody',
      open: { 'JobsPolicy.PolicyDocument.Statement.1.Condition': OPEN },
    },
    {
      rule: 'DeliveryPolicy',
      mistake: 'a subscription that may not deliver',
      change: {
        'JobsPolicy.PolicyDocument.Statement': [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: '*',
            Resource: '*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
      message: 'whose policy does not allow sns.amazonaws.com sqs:SendMessage',
      openButFine: { 'JobsPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': { 'aws:SourceArn': OPEN } },
    },
    {
      rule: 'DeliveryPolicy',
      mistake: 'a queue that lets in another topic',
      change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': { 'aws:SourceArn': arn('Worker') } },
      message: 'whose policy does not allow sns.amazonaws.com',
    },
    {
      rule: 'DeliveryKey',
      mistake: 'a queue whose AWS-managed key admits no service',
      change: { 'Jobs.KmsMasterKeyId': 'alias/aws/sqs' },
      message: 'whose AWS-managed key admits no service',
      openButFine: { 'Jobs.KmsMasterKeyId': OPEN },
    },
    {
      rule: 'DeliveryKey',
      mistake: 'a queue whose own key does not admit the service',
      change: { 'Undelivered.KmsMasterKeyId': { Ref: 'Key' } },
      message: 'whose key Shop/Key does not admit sns.amazonaws.com',
    },
    {
      rule: 'SubscriptionDeadLetterQueue',
      mistake: 'a subscription that drops what it cannot deliver',
      change: {
        'Subscription.RedrivePolicy': undefined,
        'Undelivered.RedriveAllowPolicy': { redrivePermission: 'allowAll' },
      },
      message: 'drops the messages that it cannot deliver',
      openButFine: { 'Subscription.RedrivePolicy.deadLetterTargetArn': OPEN, 'Undelivered.RedriveAllowPolicy': {} },
    },
    {
      rule: 'TopicEncryption',
      mistake: 'a topic in the clear',
      change: { 'News.KmsMasterKeyId': undefined },
      message: 'is not encrypted at rest',
      openButFine: { 'News.KmsMasterKeyId': OPEN },
    },
    {
      rule: 'KeyRotation',
      mistake: 'a key that never changes',
      change: { 'Key.EnableKeyRotation': undefined },
      message: 'is never rotated',
      open: { 'Key.EnableKeyRotation': OPEN },
    },
    {
      rule: 'StandardQueueNeeded',
      mistake: 'a FIFO queue behind a standard topic',
      change: {
        'Jobs.FifoQueue': true,
        'JobsDead.FifoQueue': true,
      },
      message: 'names the FIFO queue Shop/Jobs',
      openButFine: { 'Subscription.Endpoint': OPEN },
    },
    {
      rule: 'FifoSettings',
      mistake: 'a FIFO option on a standard queue',
      change: { 'Jobs.ContentBasedDeduplication': true },
      message: 'sets ContentBasedDeduplication and is no FIFO queue',
      openButFine: { 'Jobs.QueueName': OPEN },
    },
    {
      rule: 'MappingBatch',
      mistake: 'batches of 500 without a window',
      change: { 'Mapping.BatchSize': 500 },
      message: 'asks for batches of 500 without a window',
      open: { 'Mapping.BatchSize': OPEN },
    },
    {
      rule: 'MappingLimits',
      mistake: 'a concurrency of one',
      change: { 'Mapping.ScalingConfig.MaximumConcurrency': 1 },
      message: 'asks for 1 concurrent executions, outside 2 to 1000',
      open: { 'Mapping.ScalingConfig.MaximumConcurrency': OPEN },
    },
    {
      rule: 'QueueLimits',
      mistake: 'a retention of a month',
      change: { 'JobsDead.MessageRetentionPeriod': 2_592_000 },
      message: 'asks for 2592000 seconds, outside 60 to 1209600',
      open: { 'JobsDead.MessageRetentionPeriod': OPEN },
    },
    {
      rule: 'MappingPartialBatch',
      mistake: 'whole batches that come again',
      change: { 'Mapping.FunctionResponseTypes': undefined },
      message: 'has whole batches delivered again for one bad record',
      openButFine: { 'Mapping.EventSourceArn': OPEN },
    },
    {
      rule: 'MappingConcurrency',
      mistake: 'more concurrency than is reserved',
      change: { 'Mapping.ScalingConfig.MaximumConcurrency': 50 },
      message: 'asks for 50 concurrent executions, but Shop/Worker reserves 20',
      open: { 'Mapping.ScalingConfig.MaximumConcurrency': OPEN },
    },
    {
      rule: 'MappingPollers',
      mistake: 'pollers beside a maximum concurrency',
      change: { 'Mapping.ProvisionedPollerConfig': { MinimumPollers: 2, MaximumPollers: 20 } },
      message: 'has provisioned pollers and a maximum concurrency',
      openButFine: { 'Mapping.ProvisionedPollerConfig': { MinimumPollers: OPEN }, 'Mapping.ScalingConfig': undefined },
    },
    {
      rule: 'MappingPollers',
      mistake: 'fewer pollers at most than at least',
      change: {
        'Mapping.ProvisionedPollerConfig': { MinimumPollers: 50, MaximumPollers: 20 },
        'Mapping.ScalingConfig': undefined,
      },
      message: 'asks for at least 50 pollers and at most 20',
    },
    {
      rule: 'MappingFilters',
      mistake: 'six filters',
      change: {
        'Mapping.FilterCriteria': { Filters: Array.from({ length: 6 }, () => ({ Pattern: '{"body":{"a":["b"]}}' })) },
      },
      message: 'has 6 filters, more than 5',
      openButFine: { 'Mapping.FilterCriteria': { Filters: [{ Pattern: OPEN }] } },
    },
    {
      rule: 'MappingSourcePermission',
      mistake: 'a function that may not receive',
      change: {
        'WorkerRole.Policies.0.PolicyDocument.Statement.2.Action': ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'],
      },
      message: 'reads Shop/Jobs, but the role of Shop/Worker lacks sqs:DeleteMessage',
      open: { 'Worker.Role': OPEN },
    },
    {
      rule: 'MappingSourcePermission',
      mistake: 'a function that may receive from another queue',
      change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.2.Resource': arn('JobsDead') },
      message: 'lacks sqs:ReceiveMessage',
    },
    {
      rule: 'QueueFilteredConsumers',
      mistake: 'a filter that deletes what the other consumer waits for',
      change: secondConsumer,
      message: 'has 2 consumers, and 1 of them delete',
      openButFine: { 'Mapping.FilterCriteria': OPEN },
    },
    {
      rule: 'RecursiveLoop',
      mistake: 'a function that may send to its own queue',
      change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('Jobs')) },
      message: 'is called by Shop/Jobs and may write to it',
      openButFine: { 'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', OPEN) },
    },
  ]);
});

describe('FIFO queues', () => {
  const fifo = {
    ...goodFunction('Worker', [allow(READ_QUEUE, arn('Jobs'))]),
    ...goodQueue('Jobs', [], {
      FifoQueue: true,
      QueueName: 'jobs.fifo',
      FifoThroughputLimit: 'perMessageGroupId',
      DeduplicationScope: 'messageGroup',
    }),
    ...deadLetters('JobsDead', [], { FifoQueue: true }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arn('Jobs'),
        FunctionName: { Ref: 'Worker' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Pipe: {
      Type: 'AWS::Pipes::Pipe',
      Properties: {
        Source: 'arn:aws:sqs:eu-west-1:111122223333:other',
        Target: 'arn:aws:sqs:eu-west-1:111122223333:third',
        RoleArn: arn('PipeRole'),
      },
    },
    PipeRole: goodRole('pipes.amazonaws.com', []),
  };

  describeFaults(fifo, [
    {
      rule: 'MappingBatch',
      mistake: 'a window on a FIFO queue',
      change: { 'Mapping.MaximumBatchingWindowInSeconds': 10, 'Jobs.VisibilityTimeout': 90 },
      message: 'has a window of 10 seconds on a FIFO queue',
      open: { 'Mapping.MaximumBatchingWindowInSeconds': OPEN },
    },
    {
      rule: 'MappingBatch',
      mistake: 'a larger batch from a FIFO queue',
      change: { 'Mapping.BatchSize': 100 },
      message: 'asks for batches of 100 from a FIFO queue',
    },
    {
      rule: 'FifoSettings',
      mistake: 'a FIFO queue with a standard name',
      change: { 'Jobs.QueueName': 'jobs' },
      message: "is a FIFO queue named 'jobs', without .fifo at its end",
    },
    {
      rule: 'FifoSettings',
      mistake: 'a limit per group that deduplicates over the whole queue',
      change: { 'Jobs.DeduplicationScope': 'queue' },
      message: 'has a throughput limit per message group',
    },
    {
      rule: 'StandardQueueNeeded',
      mistake: 'failures of a function in a FIFO queue',
      change: {
        Async: {
          Type: 'AWS::Lambda::EventInvokeConfig',
          Properties: {
            FunctionName: { Ref: 'Worker' },
            Qualifier: '$LATEST',
            DestinationConfig: { OnFailure: { Destination: arn('JobsDead') } },
          },
        },
        'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('JobsDead')),
      },
      message: 'names the FIFO queue Shop/JobsDead',
    },
  ]);
});
