import { deliveryKey } from '../../../../lib/rules/rules/events/delivery-key';
import { arn, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { queues } from '../queues/templates';
import { deliveries } from './templates';

describeFaults(deliveryKey, queues, [
  {
    mistake: 'a queue whose AWS-managed key admits no service',
    change: { 'Jobs.KmsMasterKeyId': 'alias/aws/sqs' },
    message: 'whose AWS-managed key admits no service',
    open: { 'Jobs.KmsMasterKeyId': OPEN },
  },
  {
    mistake: 'the ARN of that key',
    change: {
      'Jobs.KmsMasterKeyId': { 'Fn::Sub': 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sqs' },
    },
    message: 'whose AWS-managed key admits no service',
  },
  {
    mistake: 'a queue whose own key does not admit the service',
    change: { 'Undelivered.KmsMasterKeyId': { Ref: 'Key' } },
    message: 'whose key Shop/Key does not admit sns.amazonaws.com',
  },
]);

/** A key of one's own, with what its policy says beside the account's own statement. */
const keyFor = (source?: object) => ({
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
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
          Resource: '*',
          ...(source && { Condition: { ArnLike: { 'aws:SourceArn': source } } }),
        },
      ],
    },
  },
});

describe('the dead-letter queue of a rule', () => {
  // The roles that send there as well.
  const Roles = [{ Ref: 'HandlerRole' }, { Ref: 'ScheduleRole' }];
  const PolicyDocument = { Statement: [allow(['kms:GenerateDataKey', 'kms:Decrypt'], arn('Key'))] };
  const Senders = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'key', Roles, PolicyDocument } };
  const encrypted = { ...deliveries, Key: keyFor(arn('OrderPlaced')), Senders };
  const Failures = { 'Failures.KmsMasterKeyId': { Ref: 'Key' } };
  describeFaults(deliveryKey, encrypted, [
    {
      mistake: 'a key that does not let EventBridge use it',
      change: { ...Failures, 'Key.KeyPolicy.Statement.1.Principal.Service': 'sns.amazonaws.com' },
      message: 'has the rule, when a target fails, deliver to Shop/Failures, whose key Shop/Key does not admit events',
      openButFine: { ...Failures, 'Key.KeyPolicy.Statement.1.Condition.ArnLike': { 'aws:SourceArn': OPEN } },
    },
    {
      mistake: 'a key that lets EventBridge use it for another rule only',
      change: { ...Failures, 'Key.KeyPolicy.Statement.1.Condition.ArnLike': { 'aws:SourceArn': arn('Bus') } },
      message: 'whose key Shop/Key does not admit events.amazonaws.com',
    },
    {
      mistake: 'a key that lets EventBridge encrypt and not decrypt',
      change: { ...Failures, 'Key.KeyPolicy.Statement.1.Action': ['kms:GenerateDataKey'] },
      message: 'whose key Shop/Key does not admit events.amazonaws.com',
    },
  ]);
});
