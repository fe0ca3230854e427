import { alarmTopicPolicy } from '../../../../lib/rules/rules/observability/alarm-topic-policy';
import { changed, describeAccepted, describeFaults, OPEN, type Resources } from '../faults';
import { queues as plain } from '../queues/templates';
import { alarm, budget, publishers } from './templates';

// With a key that admits both, so that only the policy of the topic matters.
const queues: Resources = changed(plain, {
  'Key.KeyPolicy.Statement.1': {
    Effect: 'Allow',
    Principal: { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] },
    Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
    Resource: '*',
  },
});
const tells = alarm({ Ref: 'News' });

describeFaults(alarmTopicPolicy, queues, [
  {
    mistake: 'an alarm on a topic whose policy only refuses plain HTTP',
    change: tells,
    message: 'notifies Shop/News, whose policy does not allow cloudwatch.amazonaws.com sns:Publish',
    open: { ...tells, 'NewsPolicy.PolicyDocument.Statement.1': OPEN },
    openButFine: alarm(OPEN),
  },
  {
    mistake: 'an alarm on a topic that another service may publish to',
    change: { ...tells, ...publishers('events.amazonaws.com') },
    message: 'whose policy does not allow cloudwatch.amazonaws.com',
  },
  {
    mistake: 'a budget on a topic that lets CloudWatch in',
    change: { ...budget({ Ref: 'News' }), ...publishers('cloudwatch.amazonaws.com') },
    message: 'whose policy does not allow budgets.amazonaws.com',
  },
]);

describeAccepted(alarmTopicPolicy, queues, [
  { accepts: 'a policy that lets CloudWatch publish', change: { ...tells, ...publishers('cloudwatch.amazonaws.com') } },
  {
    accepts: 'a policy that lets everybody of the account publish, as the default does',
    change: {
      ...tells,
      'NewsPolicy.PolicyDocument.Statement.1': {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['sns:Publish', 'sns:Subscribe'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceOwner': '111122223333' } },
      },
    },
  },
  { accepts: 'the policy that SNS gives a topic', change: { ...tells, NewsPolicy: undefined } },
  { accepts: 'an action that is no topic', change: alarm('arn:aws:automate:eu-west-1:ec2:recover') },
]);
