import { arn } from '../faults';
import { READ_QUEUE, allow, deadLetters, goodFunction, goodQueue, goodRole, letIn, tlsOnly } from '../parts';

export const ruleArn = arn('OrderPlaced');

export const deliveries = {
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
  ...goodFunction(
    'Handler',
    [
      allow('sqs:SendMessage', arn('Failures')),
      allow('events:PutEvents', arn('Bus'), { StringEquals: { 'events:source': 'billing' } }),
    ],
    {
      DeadLetterConfig: { TargetArn: arn('Failures') },
    },
  ),
  ...deadLetters('Failures', [letIn('events.amazonaws.com', 'Failures', ruleArn)]),
  OrderPlaced: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['shop'], 'detail-type': ['OrderPlaced'] },
      Targets: [
        {
          Id: 'Handler',
          Arn: arn('Handler'),
          DeadLetterConfig: { Arn: arn('Failures') },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        },
      ],
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arn('Handler'),
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: ruleArn,
    },
  },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: arn('Handler'),
        RoleArn: arn('ScheduleRole'),
        DeadLetterConfig: { Arn: arn('Failures') },
        RetryPolicy: { MaximumRetryAttempts: 10 },
      },
    },
  },
  ScheduleRole: goodRole('scheduler.amazonaws.com', [
    allow('lambda:InvokeFunction', arn('Handler')),
    allow('sqs:SendMessage', arn('Failures')),
  ]),
  Subscriber: {
    Type: 'AWS::EventsV2::Subscriber',
    Properties: {
      Name: 'sub',
      EventBusArn: 'arn:aws:events:eu-west-1:111122223333:event-busv2/b',
      InvokeConfiguration: { TargetArn: arn('Handler'), RoleArn: arn('ScheduleRole') },
      OnFailureConfiguration: { Arn: arn('Failures') },
    },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      DefinitionString: '{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}',
      TracingConfiguration: { Enabled: true },
    },
  },
};

export const bucketWithFunction = {
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      NotificationConfiguration: {
        LambdaConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Function: arn('Importer'),
            Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'in/' }] } },
          },
        ],
      },
    },
  },
  ...tlsOnly('Bucket', 'Bucket'),
  ...goodFunction(
    'Importer',
    [allow('sqs:SendMessage', arn('Lost')), allow('s3:PutObject', { 'Fn::Sub': '${Bucket.Arn}/out/*' })],
    {
      DeadLetterConfig: { TargetArn: arn('Lost') },
    },
  ),
  ...deadLetters('Lost'),
  BucketPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arn('Importer'),
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: arn('Bucket'),
      SourceAccount: { Ref: 'AWS::AccountId' },
    },
  },
};

export const pipe = {
  ...goodQueue('Source'),
  ...goodQueue('Target'),
  Pipe: {
    Type: 'AWS::Pipes::Pipe',
    Properties: { Source: arn('Source'), Target: arn('Target'), RoleArn: arn('PipeRole') },
  },
  PipeRole: goodRole('pipes.amazonaws.com', [
    allow(READ_QUEUE, arn('Source')),
    allow('sqs:SendMessage', arn('Target')),
  ]),
};

export function allowTls(): object {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
