import { EVERY_MINUTE } from '../parts';

/** An alarm on a queue, that tells somebody. */
export const alarm = (action: unknown) => ({
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: 'jobs' }],
      ...EVERY_MINUTE,
      AlarmActions: [action],
    },
  },
});

/** A budget that tells somebody. */
export const budget = (address: unknown) => ({
  Budget: {
    Type: 'AWS::Budgets::Budget',
    Properties: {
      NotificationsWithSubscribers: [{ Subscribers: [{ SubscriptionType: 'SNS', Address: address }] }],
    },
  },
});

/** Lets services publish to the topic News. */
export const publishers = (...services: string[]) => ({
  'NewsPolicy.PolicyDocument.Statement.1': {
    Effect: 'Allow',
    Principal: { Service: services },
    Action: 'sns:Publish',
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  },
});
