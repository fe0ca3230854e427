import { arn } from '../faults';
import { READ_QUEUE, allow, deadLetters, goodFunction, goodQueue, goodRole, letIn, tlsOnly } from '../parts';

export const queues = {
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
export const secondConsumer = {
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

export const fifo = {
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
