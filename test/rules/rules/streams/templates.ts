import { arn } from '../faults';
import { allow, deadLetters, goodFunction } from '../parts';

export const encryptedStream = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };

export const streamArn = { 'Fn::GetAtt': ['Orders', 'StreamArn'] };

export const READ_TABLE = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

export const streamMapping = (fn: string) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: streamArn,
    FunctionName: { Ref: fn },
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: arn('Failures') } },
  },
});

export const streamReader = (fn: string) => ({
  ...goodFunction(fn, [
    allow(READ_TABLE, streamArn),
    allow('dynamodb:ListStreams', '*'),
    allow('sqs:SendMessage', arn('Failures')),
  ]),
  [`${fn}Mapping`]: streamMapping(fn),
});

export const streams = {
  Orders: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      Replicas: [
        {
          Region: 'eu-west-1',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
    },
  },
  ...streamReader('First'),
  ...streamReader('Second'),
  ...deadLetters('Failures'),
  Clicks: {
    Type: 'AWS::Kinesis::Stream',
    Properties: { StreamEncryption: encryptedStream },
  },
};
