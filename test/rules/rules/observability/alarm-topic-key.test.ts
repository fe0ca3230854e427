import { alarmTopicKey } from '../../../../lib/rules/rules/observability/alarm-topic-key';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

const alarm = (action: unknown) => ({
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/SQS',
      Dimensions: [{ Name: 'QueueName', Value: 'jobs' }],
      AlarmActions: [action],
    },
  },
});
const admitted = (service: string) => ({
  'Key.KeyPolicy.Statement.1': {
    Effect: 'Allow',
    Principal: { Service: service },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    Resource: '*',
  },
});

describeFaults(alarmTopicKey, queues, [
  {
    mistake: 'an alarm that may not use the key of its topic',
    change: alarm({ Ref: 'News' }),
    message: 'tells Shop/News, whose key Shop/Key does not admit cloudwatch.amazonaws.com',
    openButFine: alarm(OPEN),
  },
  {
    mistake: 'an alarm on a topic with the key that AWS manages',
    change: { ...alarm({ Ref: 'News' }), 'News.KmsMasterKeyId': 'alias/aws/sns' },
    message: 'whose AWS-managed key admits no service',
  },
  {
    mistake: 'a budget that may not use the key of its topic',
    change: {
      Budget: {
        Type: 'AWS::Budgets::Budget',
        Properties: {
          NotificationsWithSubscribers: [{ Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: 'News' } }] }],
        },
      },
    },
    message: 'does not admit budgets.amazonaws.com',
  },
]);

describeAccepted(alarmTopicKey, queues, [
  {
    accepts: 'a key that admits CloudWatch',
    change: { ...alarm({ Ref: 'News' }), ...admitted('cloudwatch.amazonaws.com') },
  },
  { accepts: 'an action that is no topic', change: alarm(arn('Worker')) },
]);
