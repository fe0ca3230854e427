import { arn, describeFaults, inProduction, OPEN } from './faults';
import { allow, deadLetters, goodFunction } from './parts';

const encryption = { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
const streamArn = { 'Fn::GetAtt': ['Orders', 'StreamArn'] };
const READ_TABLE = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];

const mapping = (fn: string) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: streamArn,
    FunctionName: { Ref: fn },
    StartingPosition: 'LATEST',
    MaximumRetryAttempts: 5,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    DestinationConfig: { OnFailure: { Destination: arn('Failures') } },
  },
});

const reader = (fn: string) => ({
  ...goodFunction(fn, [
    allow(READ_TABLE, streamArn),
    allow('dynamodb:ListStreams', '*'),
    allow('sqs:SendMessage', arn('Failures')),
  ]),
  [`${fn}Mapping`]: mapping(fn),
});

const base = {
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
  ...reader('First'),
  ...reader('Second'),
  ...deadLetters('Failures'),
  Clicks: {
    Type: 'AWS::Kinesis::Stream',
    Properties: { StreamEncryption: encryption },
  },
};

describe('streams', () => {
  describeFaults(base, [
    {
      rule: 'StreamBoundedRetries',
      mistake: 'endless retries',
      change: { 'FirstMapping.MaximumRetryAttempts': undefined },
      message: 'tries a bad record until it expires',
      open: { 'FirstMapping.MaximumRetryAttempts': OPEN },
    },
    {
      rule: 'StreamBoundedRetries',
      mistake: 'endless retries in one branch of a condition',
      change: { 'FirstMapping.MaximumRetryAttempts': inProduction(5, -1) },
      message: 'tries a bad record until it expires when not IsProduction',
    },
    {
      rule: 'MappingLimits',
      mistake: 'twenty batches of a shard at once',
      change: { 'FirstMapping.ParallelizationFactor': 20 },
      message: 'asks for 20 batches per shard, outside 1 to 10',
      open: { 'FirstMapping.ParallelizationFactor': OPEN },
    },
    {
      rule: 'StreamFailureDestination',
      mistake: 'records that are skipped without a trace',
      change: { 'FirstMapping.DestinationConfig': undefined },
      message: 'skips a record after the last attempt without a trace',
      openButFine: { 'FirstMapping.DestinationConfig.OnFailure.Destination': OPEN },
    },
    {
      rule: 'MappingPartialBatch',
      mistake: 'whole batches that come again',
      change: { 'FirstMapping.FunctionResponseTypes': undefined },
      message: 'has whole batches delivered again',
      openButFine: { 'FirstMapping.FunctionResponseTypes': ['ReportBatchItemFailures', OPEN] },
    },
    {
      rule: 'MappingSourcePermission',
      mistake: 'a function that may read the table but not its stream',
      change: { 'FirstRole.Policies.0.PolicyDocument.Statement.2.Resource': arn('Orders') },
      message: 'lacks dynamodb:DescribeStream, dynamodb:GetRecords, dynamodb:GetShardIterator',
      open: {
        'FirstRole.ManagedPolicyArns': ['arn:aws:iam::aws:policy/SomethingNew'],
        'FirstRole.Policies': undefined,
      },
    },
    {
      rule: 'FailureDestinationPermission',
      mistake: 'a failure queue that the role may not write to',
      change: { 'FirstRole.Policies.0.PolicyDocument.Statement.4.Action': 'sqs:GetQueueUrl' },
      message: 'sends to Shop/Failures, but the role of Shop/First lacks sqs:SendMessage',
      open: { 'First.Role': OPEN },
    },
    {
      rule: 'TableStreamReaders',
      mistake: 'a third reader',
      change: reader('Third'),
      message: 'has 3 readers on its stream, more than 2',
      openButFine: { ...reader('Third'), 'ThirdMapping.EventSourceArn': OPEN },
    },
    {
      rule: 'TableStreamReaders',
      mistake: 'a second reader of a replicated table',
      change: {
        'Orders.Replicas': ['eu-west-1', 'eu-central-1'].map((Region) => ({
          Region,
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        })),
      },
      message: 'has 2 readers on its stream, more than 1',
    },
    {
      rule: 'TableStreamNumericFilter',
      mistake: 'a filter that compares numbers',
      change: {
        'FirstMapping.FilterCriteria': {
          Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"total":{"N":[{"numeric":[">",10]}]}}}}' }],
        },
      },
      message: 'compares numbers',
      openButFine: { 'FirstMapping.FilterCriteria': { Filters: [{ Pattern: OPEN }] } },
    },
    {
      rule: 'RecursiveLoop',
      mistake: 'a function that writes to the table whose changes call it',
      change: { 'FirstRole.Policies.0.PolicyDocument.Statement.5': allow('dynamodb:PutItem', arn('Orders')) },
      message: 'is called by Shop/Orders and may write to it',
      openButFine: {
        First: undefined,
        ...goodFunction('First', [allow(READ_TABLE, streamArn), allow('dynamodb:PutItem', arn('Orders'))], {
          RecursiveLoop: 'Allow',
        }),
      },
    },
    {
      rule: 'StreamEncryption',
      mistake: 'a stream in the clear',
      change: { 'Clicks.StreamEncryption': undefined },
      message: 'is not encrypted at rest',
      openButFine: { 'Clicks.StreamEncryption': OPEN },
    },
    {
      rule: 'StreamEncryption',
      mistake: 'a stream in the clear in one stage, but not in regions without encryption, as CDK says it',
      change: { 'Clicks.StreamEncryption': { 'Fn::If': ['IsProd', encryption, { Ref: 'AWS::NoValue' }] } },
      message: 'is not encrypted at rest when not IsProd',
      openButFine: {
        'Clicks.StreamEncryption': {
          'Fn::If': ['AwsCdkKinesisEncryptedStreamsUnsupportedRegions', { Ref: 'AWS::NoValue' }, encryption],
        },
      },
    },
    {
      rule: 'TableRecovery',
      mistake: 'a table that cannot be restored',
      change: { 'Orders.Replicas.0.PointInTimeRecoverySpecification': undefined },
      message: 'cannot be restored to an earlier moment',
      open: { 'Orders.Replicas.0.PointInTimeRecoverySpecification': { PointInTimeRecoveryEnabled: OPEN } },
    },
    {
      rule: 'DeletionProtection',
      mistake: 'a table that can be deleted',
      change: { 'Orders.Replicas.0.DeletionProtectionEnabled': false },
      message: 'is not protected from deletion',
      open: { 'Orders.Replicas.0.DeletionProtectionEnabled': OPEN },
    },
  ]);
});
