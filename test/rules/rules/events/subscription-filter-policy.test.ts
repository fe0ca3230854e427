import { subscriptionFilterPolicy } from '../../../../lib/rules/rules/events/subscription-filter-policy';
import { describeAccepted, describeFaults, OPEN } from '../faults';

const subscription = {
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: 'arn:aws:sns:eu-west-1:123456789012:orders',
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:eu-west-1:123456789012:orders',
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead' },
      FilterPolicy: { kind: ['OrderPlaced'] },
    },
  },
};

const policy = (FilterPolicy: unknown, FilterPolicyScope?: unknown) => ({
  'Subscription.FilterPolicy': FilterPolicy,
  ...(FilterPolicyScope !== undefined && { 'Subscription.FilterPolicyScope': FilterPolicyScope }),
});
const nested = { order: { kind: ['placed'] } };

describeFaults(subscriptionFilterPolicy, subscription, [
  {
    mistake: 'an empty list',
    change: policy({ kind: [] }),
    message: 'has a filter policy that SNS refuses: Empty arrays are not allowed',
    open: policy({ kind: [OPEN] }),
  },
  {
    mistake: 'fields within fields of attributes',
    change: policy(nested),
    message: 'Filter policy scope MessageAttributes does not support nested filter policy',
    open: policy(nested, OPEN),
  },
  {
    mistake: 'six keys',
    change: policy(Object.fromEntries([...'abcdef'].map((key) => [key, ['x']]))),
    message: 'Filter policy can not have more than 5 keys',
  },
  {
    mistake: 'more than 150 combinations',
    change: policy(Object.fromEntries([...'abc'].map((key) => [key, ['1', '2', '3', '4', '5', '6']]))),
    message: 'Filter policy is too complex',
  },
  {
    mistake: 'an operator of EventBridge that SNS has not',
    change: policy({ kind: [{ 'anything-but': { suffix: 'x' } }] }),
    message: 'Unsupported anything-but pattern: suffix',
  },
  {
    mistake: 'a value in place of a list',
    change: policy({ kind: 'x' }),
    message: '"kind" must be an object or an array',
  },
]);

describeAccepted(subscriptionFilterPolicy, subscription, [
  { accepts: 'fields within fields of the body', change: policy(nested, 'MessageBody') },
  { accepts: 'a policy as text', change: policy('{"kind":["OrderPlaced",{"prefix":"Refund"}]}') },
  { accepts: 'what SNS takes whatever the scope', change: policy({ kind: [{ exists: false }] }, OPEN) },
]);
