import { alarmTopicKey } from '../../../../lib/rules/rules/observability/alarm-topic-key';
import { arn, changed, describeAccepted, describeFaults, OPEN, type Resources } from '../faults';
import { queues as plain } from '../queues/templates';
import { alarm, budget, publishers } from './templates';

const queues: Resources = changed(plain, publishers('cloudwatch.amazonaws.com', 'budgets.amazonaws.com'));
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
    message: 'notifies Shop/News, whose key Shop/Key does not admit cloudwatch.amazonaws.com',
    open: { ...alarm({ Ref: 'News' }), 'News.KmsMasterKeyId': OPEN },
    openButFine: alarm(OPEN),
  },
  {
    mistake: 'an alarm on a topic with the key that AWS manages',
    change: { ...alarm({ Ref: 'News' }), 'News.KmsMasterKeyId': 'alias/aws/sns' },
    message: 'whose AWS-managed key admits no service',
    open: { ...alarm({ Ref: 'News' }), 'News.KmsMasterKeyId': 'arn:aws:kms:eu-west-1:111122223333:key/elsewhere' },
  },
  {
    mistake: 'an alarm that may make data keys and not read them',
    change: {
      ...alarm({ Ref: 'News' }),
      'Key.KeyPolicy.Statement.1': {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'kms:GenerateDataKey*',
        Resource: '*',
      },
    },
    message: 'does not admit cloudwatch.amazonaws.com',
  },
  {
    mistake: 'a key by its alias that does not admit CloudWatch',
    change: {
      ...alarm({ Ref: 'News' }),
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/x', TargetKeyId: { Ref: 'Key' } } },
      'News.KmsMasterKeyId': { Ref: 'Alias' },
    },
    message: 'whose key Shop/Key does not admit cloudwatch.amazonaws.com',
  },
  {
    mistake: 'a budget that may not use the key of its topic',
    change: budget({ Ref: 'News' }),
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
