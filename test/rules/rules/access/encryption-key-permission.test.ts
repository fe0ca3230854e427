import { encryptionKeyPermission } from '../../../../lib/rules/rules/access/encryption-key-permission';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { allow, tlsOnly } from '../parts';
import { policies, statement } from './templates';

const account = { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' };
const delegates = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const base = {
  ...policies,
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, KeyPolicy: { Statement: [delegates] } } },
  KeyAlias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/shop', TargetKeyId: { Ref: 'Key' } } },
  Jobs: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      KmsMasterKeyId: { Ref: 'KeyAlias' },
      RedrivePolicy: { deadLetterTargetArn: arn('Failed'), maxReceiveCount: 3 },
    },
  },
  Failed: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
  ...tlsOnly('Queue', 'Jobs'),
  ...tlsOnly('Queue', 'Failed'),
  Files: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn('Key') } },
        ],
      },
    },
  },
  ...tlsOnly('Bucket', 'Files'),
};
const inFiles = { 'Fn::Sub': '${Files.Arn}/*' };
const key = 'Files.BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID';
const throughService = (value: unknown, operator = 'StringEquals') => ({
  'Policy.PolicyDocument.Statement.2': allow(['kms:Decrypt', 'kms:GenerateDataKey'], arn('Key'), {
    [operator]: { 'kms:ViaService': value },
  }),
});
const forContext = (value: unknown, operator = 'StringEquals') => ({
  'Policy.PolicyDocument.Statement.2': allow(['kms:Decrypt', 'kms:GenerateDataKey'], arn('Key'), {
    [operator]: { 'kms:EncryptionContext:aws:sqs:arn': value },
  }),
});
const use = (actions: string[], on: object, ...keyActions: string[]) => ({
  ...statement(allow(actions, on)),
  ...(keyActions.length > 0 && { 'Policy.PolicyDocument.Statement.2': allow(keyActions, arn('Key')) }),
});

describeFaults(encryptionKeyPermission, base, [
  {
    mistake: 'a role that sends to a queue, and may not use its key',
    change: use(['sqs:SendMessage'], arn('Jobs')),
    message:
      'allows Shop/WorkerRole sqs:SendMessage on Shop/Jobs, but not kms:GenerateDataKey and kms:Decrypt on its key Shop/Key',
    open: { ...use(['sqs:SendMessage'], arn('Jobs')), 'Jobs.KmsMasterKeyId': OPEN },
  },
  {
    mistake: 'a role that sends, and may only encrypt',
    change: use(['sqs:SendMessage'], arn('Jobs'), 'kms:GenerateDataKey*'),
    message: 'allows Shop/WorkerRole sqs:SendMessage on Shop/Jobs, but not kms:Decrypt on its key Shop/Key',
    openButFine: use(['sqs:DeleteMessage'], arn('Jobs')),
  },
  {
    mistake: 'a role that reads objects, and may not decrypt them',
    change: use(['s3:GetObject'], inFiles),
    message: 'allows Shop/WorkerRole s3:GetObject on Shop/Files, but not kms:Decrypt on its key Shop/Key',
  },
  {
    mistake: 'a key through another service than the one that uses it',
    change: { ...use(['s3:GetObject'], inFiles), ...throughService({ 'Fn::Sub': 'sqs.${AWS::Region}.amazonaws.com' }) },
    message: "but not kms:Decrypt on its key Shop/Key, since 'kms:ViaService' means another service than s3",
    open: { ...use(['s3:GetObject'], inFiles), ...throughService(OPEN) },
  },
  {
    mistake: 'a key through any service but the one that uses it',
    change: { ...use(['s3:GetObject'], inFiles), ...throughService('s3.*', 'StringNotLike') },
    message: "'kms:ViaService' means another service than s3",
    openButFine: { ...use(['s3:GetObject'], inFiles), ...throughService({ 'Fn::Sub': 's3.${Open}.amazonaws.com' }) },
  },
  {
    mistake: 'a key for the messages of another queue',
    change: { ...use(['sqs:SendMessage'], arn('Jobs')), ...forContext(arn('Failed')) },
    message: "on its key Shop/Key, since 'kms:EncryptionContext' means something else than Shop/Jobs",
    open: { ...use(['sqs:SendMessage'], arn('Jobs')), ...forContext(OPEN) },
  },
  {
    mistake: 'a key that nobody may use through the service',
    change: {
      ...use(['s3:GetObject'], inFiles, 'kms:Decrypt'),
      'Policy.PolicyDocument.Statement.3': {
        ...allow('kms:Decrypt', arn('Key'), { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } }),
        Effect: 'Deny',
      },
    },
    message: 'but not kms:Decrypt on its key',
  },
  {
    mistake: 'a role that reads by the consumer of a stream, and may not decrypt',
    change: {
      Clicks: {
        Type: 'AWS::Kinesis::Stream',
        Properties: { StreamEncryption: { EncryptionType: 'KMS', KeyId: arn('Key') } },
      },
      Fan: { Type: 'AWS::Kinesis::StreamConsumer', Properties: { ConsumerName: 'fan', StreamARN: arn('Clicks') } },
      ...use(['kinesis:SubscribeToShard'], { 'Fn::GetAtt': ['Fan', 'ConsumerARN'] }),
    },
    message: 'allows Shop/WorkerRole kinesis:SubscribeToShard on Shop/Clicks, but not kms:Decrypt on its key Shop/Key',
  },
]);

describeAccepted(encryptionKeyPermission, base, [
  { accepts: 'what needs no key', change: use(['sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arn('Jobs')) },
  {
    accepts: 'the key through the service alone',
    change: {
      ...use(['s3:GetObject'], inFiles),
      'Policy.PolicyDocument.Statement.2': allow('kms:Decrypt', arn('Key'), {
        StringEquals: { 'kms:ViaService': { 'Fn::Sub': 's3.${AWS::Region}.amazonaws.com' } },
      }),
    },
  },
  {
    accepts: 'the key for the messages of the queue',
    change: { ...use(['sqs:SendMessage'], arn('Jobs')), ...forContext(arn('Jobs')) },
  },
  {
    accepts: 'the key for the messages of every queue',
    change: { ...use(['sqs:SendMessage'], arn('Jobs')), ...forContext('arn:aws:sqs:*:*:*', 'StringLike') },
  },
  {
    accepts: 'a context of which the table does not tell, for objects',
    change: {
      ...use(['s3:GetObject'], inFiles),
      'Policy.PolicyDocument.Statement.2': allow('kms:Decrypt', arn('Key'), {
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::files/*' },
      }),
    },
  },
  {
    accepts: 'the key through several services, in any region',
    change: { ...use(['s3:GetObject'], inFiles), ...throughService(['sqs.*.amazonaws.com', 's3.*'], 'StringLike') },
  },
  {
    accepts: 'the key through the service in a region that is written out, in a template of any region',
    change: { ...use(['s3:GetObject'], inFiles), ...throughService('s3.eu-west-1.amazonaws.com') },
  },
  {
    accepts: 'a role that the policy of the key names',
    change: {
      ...use(['s3:GetObject'], inFiles),
      'Key.KeyPolicy.Statement.1': {
        Effect: 'Allow',
        Principal: { AWS: arn('WorkerRole') },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
    },
  },
  {
    accepts: 'a key whose policy admits everybody of the account through the service',
    change: {
      ...use(['s3:GetObject'], inFiles),
      'Key.KeyPolicy.Statement.1': {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': { Ref: 'AWS::AccountId' },
            'kms:ViaService': { 'Fn::Sub': 's3.${AWS::Region}.amazonaws.com' },
          },
        },
      },
    },
  },
  {
    accepts: 'a key of AWS',
    change: { ...use(['sqs:SendMessage'], arn('Jobs')), 'Jobs.KmsMasterKeyId': 'alias/aws/sqs' },
  },
  {
    accepts: 'a bucket with keys of S3',
    change: { ...use(['s3:GetObject'], inFiles), [key]: undefined },
  },
  {
    accepts: 'a key elsewhere that the role may use',
    change: {
      ...use(['s3:GetObject'], inFiles),
      [key]: 'arn:aws:kms:eu-west-1:111122223333:key/abc',
      'Policy.PolicyDocument.Statement.2': allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/abc'),
    },
  },
]);
