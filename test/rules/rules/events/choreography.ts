import { arn } from '../faults';
import { allow, EVERY_MINUTE, TELLS, deadLetters, goodFunction, goodQueue, letIn, READ_QUEUE } from '../parts';

const pair = (source: string, type: string) => ({
  'ForAllValues:StringEquals': { 'events:source': [source], 'events:detail-type': [type] },
  Null: { 'events:source': 'false', 'events:detail-type': 'false' },
});

const target = (id: string, of: string) => ({
  Id: id,
  Arn: arn(of),
  DeadLetterConfig: { Arn: arn('Lost') },
  RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
});

/** Orders tell of what is placed; billing hears it through a queue and tells of what is paid; orders hear that at once. */
export const choreography = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  ...goodFunction(
    'Orders',
    [allow('events:PutEvents', arn('Bus'), pair('orders', 'OrderPlaced')), allow('sqs:SendMessage', arn('Lost'))],
    { DeadLetterConfig: { TargetArn: arn('Lost') } },
  ),
  ...goodFunction('Billing', [
    allow(READ_QUEUE, arn('Jobs')),
    allow('s3:GetObject', 'arn:aws:s3:::prices/list.json'),
    allow('events:PutEvents', arn('Bus'), pair('billing', 'InvoiceSent')),
  ]),
  ...goodQueue('Jobs', [letIn('events.amazonaws.com', 'Jobs', arn('Placed'))]),
  ...deadLetters('Lost', [
    letIn('events.amazonaws.com', 'Lost', arn('Placed')),
    letIn('events.amazonaws.com', 'Lost', arn('Paid')),
  ]),
  LostAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Lost', 'QueueName'] } }],
      ...EVERY_MINUTE,
      ...TELLS,
    },
  },
  RuleAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Events',
      MetricName: 'InvocationsFailedToBeSentToDlq',
      Dimensions: [
        { Name: 'EventBusName', Value: { Ref: 'Bus' } },
        { Name: 'RuleName', Value: { 'Fn::Select': [2, { 'Fn::Split': ['/', arn('Placed')] }] } },
      ],
      ...EVERY_MINUTE,
      ...TELLS,
    },
  },
  Mapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Jobs'),
      FunctionName: { Ref: 'Billing' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    },
  },
  Placed: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['orders'], 'detail-type': ['OrderPlaced'] },
      Targets: [target('Jobs', 'Jobs')],
    },
  },
  Paid: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: [{ prefix: 'bill' }], 'detail-type': ['OrderPaid'] },
      Targets: [target('Orders', 'Orders')],
    },
  },
  PaidPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arn('Orders'),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: arn('Paid'),
    },
  },
};
