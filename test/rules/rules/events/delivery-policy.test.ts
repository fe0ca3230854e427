import { deliveryPolicy } from '../../../../lib/rules/rules/events/delivery-policy';
import { arn, describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';
import { allowTls, deliveries } from './templates';

describeFaults(deliveryPolicy, deliveries, [
  {
    mistake: 'a dead-letter queue that does not let EventBridge in',
    change: { 'FailuresPolicy.PolicyDocument.Statement.1': allowTls() },
    message: 'whose policy does not allow events.amazonaws.com sqs:SendMessage',
    openButFine: { 'FailuresPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': { 'aws:SourceArn': OPEN } },
  },
]);

describeFaults(deliveryPolicy, queues, [
  {
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
    mistake: 'a policy of a queue that is about another queue',
    change: { 'JobsPolicy.PolicyDocument.Statement.1.Resource': arn('JobsDead') },
    message: 'whose policy does not allow sns.amazonaws.com',
    openButFine: { 'JobsPolicy.PolicyDocument.Statement.1.Resource': OPEN },
  },
  {
    mistake: 'a queue that lets in another topic',
    change: { 'JobsPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': { 'aws:SourceArn': arn('Worker') } },
    message: 'whose policy does not allow sns.amazonaws.com',
  },
  {
    mistake: 'a queue that lets in a topic of another name',
    change: {
      'JobsPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': {
        'aws:SourceArn': { 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:other' },
      },
    },
    message: 'whose policy does not allow sns.amazonaws.com',
  },
]);
