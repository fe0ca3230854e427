import { arn, describeFaults, inProduction, OPEN } from './faults';
import { allow, deadLetters, goodFunction, goodQueue, goodRole, letIn, READ_QUEUE, tlsOnly } from './parts';

const ruleArn = arn('OrderPlaced');

const base = {
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

const bucketWithFunction = {
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

describe('events', () => {
  describeFaults(base, [
    {
      rule: 'InvokePermission',
      mistake: 'a rule that may not call its function',
      change: { Permission: undefined },
      message: 'calls Shop/Handler, which does not let events.amazonaws.com do so',
      openButFine: { 'Permission.SourceArn': OPEN },
    },
    {
      rule: 'InvokePermission',
      mistake: 'a permission for another rule',
      change: { 'Permission.SourceArn': arn('Schedule') },
      message: 'which does not let events.amazonaws.com do so',
    },
    {
      rule: 'LambdaPermissionSource',
      mistake: 'a permission for anybody’s rule',
      change: { 'Permission.SourceArn': undefined },
      message: 'lets events.amazonaws.com call for anybody’s resource',
      openButFine: { 'Permission.SourceArn': OPEN },
    },
    {
      rule: 'AsynchronousFailureDestination',
      mistake: 'events that are lost when the function fails',
      change: { 'Handler.DeadLetterConfig': undefined },
      message: 'loses the events from the rule on which it fails three times',
      openButFine: { 'Handler.DeadLetterConfig': { TargetArn: OPEN } },
    },
    {
      rule: 'ScheduledFailureDestination',
      mistake: 'a nightly run that fails without a trace',
      change: {
        'Handler.DeadLetterConfig': undefined,
        'OrderPlaced.EventPattern': undefined,
        'OrderPlaced.ScheduleExpression': 'rate(1 hour)',
      },
      message: 'leaves no trace when it fails on the call of the rule',
      openButFine: { 'Handler.DeadLetterConfig': { TargetArn: OPEN } },
    },
    {
      rule: 'TargetDeadLetterQueue',
      mistake: 'a target that drops events',
      change: { 'OrderPlaced.Targets.0.DeadLetterConfig': undefined },
      message: 'drops the events that it cannot deliver',
      openButFine: { 'OrderPlaced.Targets.0.DeadLetterConfig.Arn': OPEN },
    },
    {
      rule: 'TargetDeadLetterQueue',
      mistake: 'a schedule that drops calls in one branch of a condition',
      change: { 'Schedule.Target.DeadLetterConfig': inProduction({ Arn: arn('Failures') }) },
      message: 'drops the calls that it cannot make when not IsProduction',
    },
    {
      rule: 'TargetDeadLetterQueue',
      mistake: 'a subscriber that drops events',
      change: { 'Subscriber.OnFailureConfiguration': undefined },
      message: 'within 5 minutes',
    },
    {
      rule: 'DeliveryPolicy',
      mistake: 'a dead-letter queue that does not let EventBridge in',
      change: { 'FailuresPolicy.PolicyDocument.Statement.1': allowTls() },
      message: 'whose policy does not allow events.amazonaws.com sqs:SendMessage',
      openButFine: { 'FailuresPolicy.PolicyDocument.Statement.1.Condition.ArnEquals': { 'aws:SourceArn': OPEN } },
    },
    {
      rule: 'RuleTargetCount',
      mistake: 'six targets',
      change: {
        'OrderPlaced.Targets': Array.from({ length: 6 }, (_, index) => ({
          Id: String(index),
          Arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:x',
          DeadLetterConfig: { Arn: arn('Failures') },
        })),
      },
      message: 'has 6 targets, more than 5',
      openButFine: { 'OrderPlaced.Targets': OPEN },
    },
    {
      rule: 'TargetRetries',
      mistake: '200 retries',
      change: { 'OrderPlaced.Targets.0.RetryPolicy.MaximumRetryAttempts': 200 },
      message: 'asks for 200 retries, outside 0 to 185',
      open: { 'OrderPlaced.Targets.0.RetryPolicy.MaximumRetryAttempts': OPEN },
    },
    {
      rule: 'TargetRetries',
      mistake: 'a schedule that goes on for two days',
      change: { 'Schedule.Target.RetryPolicy.MaximumEventAgeInSeconds': 172_800 },
      message: 'asks for 172800 seconds, outside 60 to 86400',
    },
    {
      rule: 'ScheduleExpression',
      mistake: 'a cron expression with its seconds in front',
      change: { 'Schedule.ScheduleExpression': 'cron(0 0 3 * * *)' },
      message: 'must have ? in exactly one of its day fields',
      open: { 'Schedule.ScheduleExpression': OPEN },
    },
    {
      rule: 'ScheduleExpression',
      mistake: 'a schedule that never fires',
      change: { 'Schedule.ScheduleExpression': 'cron(0 3 30 2 ? *)' },
      message: 'and never fires',
    },
    {
      rule: 'ScheduleWindow',
      mistake: 'a schedule that ends before it starts',
      change: { 'Schedule.StartDate': '2030-02-01T00:00:00Z', 'Schedule.EndDate': '2030-01-01T00:00:00Z' },
      message: 'ends before it starts',
      openButFine: { 'Schedule.StartDate': OPEN, 'Schedule.EndDate': '2030-01-01T00:00:00Z' },
    },
    {
      rule: 'TargetRolePermission',
      mistake: 'a schedule that may not call its target',
      change: {
        'ScheduleRole.Policies.0.PolicyDocument.Statement.0.Action': 'lambda:GetFunction',
        Subscriber: undefined,
      },
      message: 'runs as Shop/ScheduleRole, which lacks lambda:InvokeFunction on Shop/Handler',
      open: { 'Schedule.Target.RoleArn': OPEN },
    },
    {
      rule: 'TargetRolePermission',
      mistake: 'a rule that starts a state machine without a role',
      change: {
        'OrderPlaced.Targets.1': { Id: 'Machine', Arn: { Ref: 'Machine' }, DeadLetterConfig: { Arn: arn('Failures') } },
      },
      message: 'calls Shop/Machine without a role',
    },
    {
      rule: 'EventLoop',
      mistake: 'a function that publishes what calls it',
      change: {
        'HandlerRole.Policies.0.PolicyDocument.Statement.3.Condition.StringEquals': {
          'events:source': ['shop', 'billing'],
        },
      },
      message: 'may publish the events with which Shop/OrderPlaced calls it',
      openButFine: {
        'HandlerRole.Policies.0.PolicyDocument.Statement.3.Condition.StringEquals': { 'events:source': OPEN },
      },
    },
    {
      rule: 'StandardQueueNeeded',
      mistake: 'a FIFO dead-letter queue behind a rule',
      change: {
        'OrderPlaced.Targets.0.DeadLetterConfig.Arn': arn('Fifo'),
        ...deadLetters('Fifo', [letIn('events.amazonaws.com', 'Fifo', ruleArn)], { FifoQueue: true }),
      },
      message: 'names the FIFO queue Shop/Fifo',
      openButFine: { 'OrderPlaced.Targets.0.DeadLetterConfig.Arn': OPEN },
    },
    {
      rule: 'BusRetention',
      mistake: 'a bus that keeps events for ever',
      change: {
        NewBus: {
          Type: 'AWS::EventsV2::EventBus',
          Properties: { StorageConfiguration: { RetentionPeriodInDays: 3650 } },
        },
      },
      message: 'asks for 3650 days, outside 1 to 365',
      open: {
        NewBus: {
          Type: 'AWS::EventsV2::EventBus',
          Properties: { StorageConfiguration: { RetentionPeriodInDays: OPEN } },
        },
      },
    },
    {
      rule: 'ResourcePolicyPublic',
      mistake: 'a bus for everybody',
      change: {
        BusPolicy: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: {
            EventBusName: { Ref: 'Bus' },
            StatementId: 'all',
            Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
          },
        },
      },
      message: 'allows events:PutEvents to everybody',
    },
  ]);
});

describe('bucket notifications', () => {
  describeFaults(bucketWithFunction, [
    {
      rule: 'InvokePermission',
      mistake: 'a bucket that may not call its function',
      change: { BucketPermission: undefined },
      message: 'calls Shop/Importer, which does not let s3.amazonaws.com do so',
    },
    {
      rule: 'RecursiveLoop',
      mistake: 'a function that writes below the prefix that calls it',
      change: { 'ImporterRole.Policies.0.PolicyDocument.Statement.3.Resource': { 'Fn::Sub': '${Bucket.Arn}/*' } },
      message: 'is called by Shop/Bucket and may write to it',
    },
    {
      rule: 'BucketPublic',
      mistake: 'a bucket that lets public policies in',
      change: { 'Bucket.PublicAccessBlockConfiguration': { BlockPublicAcls: true, IgnorePublicAcls: true } },
      message: 'leaves out BlockPublicPolicy, RestrictPublicBuckets',
      open: { 'Bucket.PublicAccessBlockConfiguration': OPEN },
    },
    {
      rule: 'BucketPublic',
      mistake: 'a bucket that everybody may read',
      change: { 'Bucket.AccessControl': 'PublicRead' },
      message: 'has the ACL PublicRead',
    },
    {
      rule: 'EncryptedTransport',
      mistake: 'a bucket that answers plain HTTP',
      change: { BucketPolicy: undefined },
      message: 'no AWS::S3::BucketPolicy forbids them',
    },
  ]);
});

describe('pipes', () => {
  const pipe = {
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
  describeFaults(pipe, [
    {
      rule: 'TargetRolePermission',
      mistake: 'a pipe that may not read its source',
      change: { 'PipeRole.Policies.0.PolicyDocument.Statement.0.Action': 'sqs:ReceiveMessage' },
      message: 'lacks sqs:DeleteMessage, sqs:GetQueueAttributes on Shop/Source',
    },
    {
      rule: 'TargetRolePermission',
      mistake: 'a pipe that may not write to its target',
      change: { 'PipeRole.Policies.0.PolicyDocument.Statement.1.Resource': arn('TargetDead') },
      message: 'lacks sqs:SendMessage on Shop/Target',
    },
  ]);
});

function allowTls(): object {
  return {
    Effect: 'Deny',
    Principal: '*',
    Action: '*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
