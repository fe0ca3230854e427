import path from 'node:path';
import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket, type CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Access, FileProcessor, type FileProcessorProps, ServiceFunction } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
const handlerFile = path.join(__dirname, '../../handlers/files.ts');
let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ builtinCloudFormationValidation: false });
  stack = new Stack(app, 'Shop');
});

const processor = (props: Partial<FileProcessorProps> = {}) =>
  new FileProcessor(stack, 'Imports', { handler, ...props });
const template = () => Template.fromStack(stack);
const statements = () =>
  Object.entries(template().findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.includes('Handler'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Record<string, unknown>[]);
const bucketArn = { 'Fn::GetAtt': [expect.stringMatching(/^ImportsBucket[0-9A-F]/), 'Arn'] };

test('makes a private, encrypted, versioned bucket that logs access, cleans up after itself, and is kept', () => {
  processor();
  template().hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('AccessLogs') } },
      LifecycleConfiguration: {
        Rules: [
          {
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            Status: 'Enabled',
          },
        ],
      },
    },
  });
  template().allResourcesProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test.each([
  ['all files', {}, Match.absent()],
  ['a prefix', { prefix: 'incoming/' }, { key: [{ prefix: 'incoming/' }] }],
  ['a suffix', { suffix: '.csv' }, { key: [{ suffix: '.csv' }] }],
  ['both', { prefix: 'incoming/', suffix: '.csv' }, { key: [{ wildcard: 'incoming/*.csv' }] }],
])('listens to %s through EventBridge', (_, props, object) => {
  processor(props);
  template().hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [{ Ref: Match.stringLikeRegexp('ImportsBucket') }] }, object },
    },
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] } },
      }),
    ],
  });
});

test('listens by the bucket’s own notification, whose queue takes messages from this account only', () => {
  processor({ via: 'notification', prefix: 'incoming/', suffix: '.csv', handler: handlerFile });
  template().hasResource('AWS::S3::Bucket', {
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('WorkerQueuePolicy')]),
    Properties: {
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Event: 's3:ObjectCreated:*',
            Queue: { 'Fn::GetAtt': [Match.stringLikeRegexp('WorkerQueue'), 'Arn'] },
            Filter: {
              S3Key: {
                Rules: [
                  { Name: 'prefix', Value: 'incoming/' },
                  { Name: 'suffix', Value: '.csv' },
                ],
              },
            },
          },
        ],
      },
    },
  });
  template().hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sqs:SendMessage',
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
  template().resourceCountIs('AWS::Events::Rule', 0);
});

test('makes no custom resource and no function but the handler', () => {
  processor();
  template().resourceCountIs('AWS::Lambda::Function', 1);
  expect(JSON.stringify(template().toJSON())).not.toContain('Custom::');
});

test('lets the handler read the files of the prefix, write to the output, and receive; nothing else', () => {
  processor({ prefix: 'incoming/', outputPrefix: 'done/' });
  expect(statements()).toEqual([
    expect.objectContaining({ Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] }),
    { Effect: 'Allow', Action: 's3:GetObject', Resource: { 'Fn::Join': ['', [bucketArn, '/incoming/*']] } },
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
      Resource: { 'Fn::Join': ['', [bucketArn, '/done/*']] },
    },
  ]);
});

test('lets others bring files below the prefix only', () => {
  const capability = processor({ prefix: 'incoming/' }).upload();
  expect(stack.resolve(capability.statements[0]!.resources)).toEqual([
    { 'Fn::Join': ['', [bucketArn, '/incoming/*']] },
  ]);
});

test.each<[Partial<FileProcessorProps>, string]>([
  [
    { outputPrefix: 'done/' },
    "'outputPrefix' must not overlap 'prefix' (''): the handler would trigger itself, got 'done/'; give the two different prefixes, 'incoming/' and 'done/', or write to another bucket (Shop/Imports)",
  ],
  [{ prefix: 'in/', outputPrefix: 'in/done/' }, "'outputPrefix' must not overlap 'prefix' ('in/')"],
  [{ prefix: 'in/new/', outputPrefix: 'in/' }, "'outputPrefix' must not overlap 'prefix' ('in/new/')"],
  [{ prefix: 'in*/' }, "'prefix' must not contain a wildcard, got 'in*/'"],
])('refuses %j', (props, message) => {
  expect(() => processor(props)).toThrow(message);
});

describe('a bucket that has notifications of its own', () => {
  const own = () => new Bucket(stack, 'Own');
  const configuration = () =>
    Object.values(template().findResources('Custom::S3BucketNotifications'))[0]!.Properties.NotificationConfiguration;
  const notify = (bucket: Bucket) =>
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(new Queue(stack, 'Removed')));

  test.each(['before', 'after'] as const)(
    'is told through CDK’s resource, which replaces the bucket’s own: added %s',
    (when) => {
      const bucket = own();
      if (when === 'before') notify(bucket);
      processor({ bucket });
      if (when === 'after') notify(bucket);
      expect(configuration()).toEqual({
        EventBridgeConfiguration: {},
        QueueConfigurations: [expect.objectContaining({ Events: ['s3:ObjectRemoved:*'] })],
      });
      template().hasResourceProperties('AWS::S3::Bucket', { NotificationConfiguration: Match.absent() });
    },
  );

  test('made by us, too', () => {
    notify(processor().bucket as Bucket);
    expect(configuration()).toHaveProperty('EventBridgeConfiguration');
  });

  test('keeps the queue of a processor that listens by notification', () => {
    const bucket = own();
    processor({ bucket, via: 'notification', prefix: 'in/', handler: handlerFile });
    notify(bucket);
    expect(configuration().QueueConfigurations).toEqual([
      expect.objectContaining({ Events: ['s3:ObjectRemoved:*'] }),
      expect.objectContaining({
        Events: ['s3:ObjectCreated:*'],
        Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } },
      }),
    ]);
  });

  test('keeps what its L1 says', () => {
    const bucket = own();
    const queueArn = 'arn:aws:sqs:eu-west-1:123456789012:old';
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectRemoved:*', queue: queueArn }],
    };
    processor({ bucket });
    template().hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        EventBridgeConfiguration: { EventBridgeEnabled: true },
        QueueConfigurations: [{ Event: 's3:ObjectRemoved:*', Queue: queueArn }],
      },
    });
  });

  test('tells several processors', () => {
    const bucket = own();
    processor({ bucket, prefix: 'a/' });
    new FileProcessor(stack, 'Second', { bucket, prefix: 'b/', via: 'notification', handler: handlerFile });
    template().hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        EventBridgeConfiguration: { EventBridgeEnabled: true },
        QueueConfigurations: [Match.objectLike({ Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'b/' }] } } })],
      },
    });
  });

  test('refuses an L1 property that is set afterwards, or beside the notifications of the L2', () => {
    const bucket = own();
    processor({ bucket });
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {};
    expect(() => app.synth()).toThrow(
      "'notificationConfiguration' of Shop/Own must not be set after a FileProcessor that listens to the bucket",
    );
    notify(bucket);
    expect(() => app.synth({ force: true })).toThrow(
      "'notificationConfiguration' and 'addEventNotification' must not both be used on Shop/Own",
    );
  });

  test('refuses one whose notifications are known only at deployment', () => {
    const bucket = own();
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = Lazy.any({ produce: () => ({}) });
    expect(() => processor({ bucket })).toThrow(
      "'bucket' must have a notification configuration that is known at synthesis",
    );
  });
});

test('encodes filters as S3 compares them, and event patterns never', () => {
  processor({ prefix: 'a b/', suffix: '=(1).csv' });
  new FileProcessor(stack, 'Other', { prefix: 'a b/', suffix: '=(1).csv', via: 'notification', handler: handlerFile });
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { object: { key: [{ wildcard: 'a b/*=(1).csv' }] } } },
  });
  template().hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: {
      QueueConfigurations: [
        {
          Filter: {
            S3Key: {
              Rules: [
                { Name: 'prefix', Value: 'a+b/' },
                { Name: 'suffix', Value: '%3D%281%29.csv' },
              ],
            },
          },
        },
      ],
    },
  });
});

test('listens to several beginnings and ends of keys, and to deletions, through EventBridge', () => {
  processor({ prefix: ['a/', 'b/'], suffix: ['.csv', '.txt'], on: ['created', 'deleted'] });
  const key = [{ wildcard: 'a/*.csv' }, { wildcard: 'a/*.txt' }, { wildcard: 'b/*.csv' }, { wildcard: 'b/*.txt' }];
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'detail-type': ['Object Created'], detail: { object: { key } } },
  });
  // What the lifecycle removes for good are old versions, whose file may be a new one.
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'detail-type': ['Object Deleted'],
      detail: { object: { key }, 'deletion-type': ['Delete Marker Created'] },
    },
  });
  const read = statements()
    .flatMap(({ Action, Resource }) => (Action === 's3:GetObject' ? [Resource] : []))
    .flat();
  expect(JSON.stringify(read)).toMatch(/a\/\*.*b\/\*/);
});

test.each([
  [
    ['created', 'deleted'],
    true,
    ['s3:ObjectCreated:*', 's3:ObjectRemoved:DeleteMarkerCreated', 's3:LifecycleExpiration:DeleteMarkerCreated'],
  ],
  ['version-deleted', true, ['s3:ObjectRemoved:Delete', 's3:LifecycleExpiration:Delete']],
  ['deleted', false, ['s3:ObjectRemoved:Delete', 's3:LifecycleExpiration:Delete']],
] as const)('is told of %j by notification, of a bucket with versions: %s', (on, versioned, events) => {
  const bucket = new Bucket(stack, 'Own', { versioned });
  processor({ bucket, on, via: 'notification', handler: handlerFile, prefix: 'a/' });
  const [own] = Object.entries(template().findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('Own'));
  const { QueueConfigurations: told } = (own![1].Properties as Record<string, Record<string, { Event: string }[]>>)
    .NotificationConfiguration!;
  expect(told!.map(({ Event }) => Event)).toEqual(events);
});

test('reads nothing where it is told of deletions alone', () => {
  processor({ on: 'deleted' });
  expect(JSON.stringify(statements())).not.toContain('s3:GetObject');
});

test('encrypts its bucket and its queues with a key that lets in EventBridge, the handler and those who bring files', () => {
  const encryptionKey = new Key(stack, 'Key');
  const imports = processor({ encryptionKey });
  new ServiceFunction(stack, 'Portal', { code, onFailure: 'none', access: { FILES: imports.upload() } });
  template().resourcePropertiesCountIs('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() }, 2);
  template().hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      ],
    },
  });
  template().hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
  const keyActions = statements().filter(({ Action }) => String(Action).includes('kms:'));
  expect(keyActions.map(({ Action }) => Action)).toEqual(['kms:Decrypt', 'kms:Decrypt']);
});

test('lets S3 use the key of the queue that it notifies', () => {
  processor({ encryptionKey: new Key(stack, 'Key'), via: 'notification', handler: handlerFile });
  template().hasResourceProperties('AWS::KMS::Key', {
    KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 's3.amazonaws.com' } })]) },
  });
});

test('gives its bucket a lifecycle', () => {
  const days = Duration.days;
  processor({
    lifecycle: {
      old: { prefix: 'in/', expireAfter: days(365), infrequentAccessAfter: days(30), archiveAfter: days(90) },
      versions: { keepVersions: days(7) },
    },
  });
  template().hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: {
      Rules: [
        { NoncurrentVersionExpiration: { NoncurrentDays: 7 }, Status: 'Enabled' },
        {
          Id: 'old',
          Prefix: 'in/',
          ExpirationInDays: 365,
          Transitions: [
            { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
            { StorageClass: 'GLACIER_IR', TransitionInDays: 90 },
          ],
        },
      ],
    },
  });
});

test.each<[Partial<FileProcessorProps>, string]>([
  [{ prefix: ['a/', 'a/b/'] }, "'prefix' must not overlap: S3 refuses two of which one includes the other, got 'a/b/'"],
  [{ suffix: ['.gz', '.csv.gz'] }, "'suffix' must not overlap: S3 refuses two of which one includes the other"],
  [
    { prefix: Array.from({ length: 30 }, (_, index) => `team-${index + 10}/`), suffix: ['.csv', '.json', '.xml'] },
    "'prefix' must, with 'suffix', make a key pattern of at most 1800 characters, or EventBridge refuses it, got 2660",
  ],
  [{ prefix: [] }, "'prefix' must name at least one, got []; leave it out for every file"],
  [{ prefix: ['a/', 'b*/'] }, "'prefix' must not contain a wildcard, got 'b*/'"],
  [{ prefix: ['a/', 'b/'], outputPrefix: 'b/out/' }, "'outputPrefix' must not overlap 'prefix' ('a/', 'b/')"],
  [{ on: [] }, "'on' must name at least one kind of change, each only once, got []"],
  [{ on: ['deleted', 'deleted'] }, "'on' must name at least one kind of change, each only once"],
  [{ prefix: 'ü'.repeat(513) }, "'prefix' must be at most 1024 bytes long, as the keys are, not 1026"],
  [
    { lifecycle: { ['o'.repeat(256)]: { expireAfter: Duration.days(5) } } },
    "'lifecycle' must name each rule with at most 255 characters, not 256",
  ],
  [
    { lifecycle: { old: { expireAfter: Duration.hours(5) } } },
    "'lifecycle.old.expireAfter' must be a whole number of days, at least 1",
  ],
  [
    { lifecycle: { old: { infrequentAccessAfter: Duration.days(7) } } },
    "'lifecycle.old.infrequentAccessAfter' must be at least 30 days",
  ],
  [
    { lifecycle: { old: { infrequentAccessAfter: Duration.days(30), archiveAfter: Duration.days(40) } } },
    "'lifecycle.old.archiveAfter' must be at least 30 days after 'infrequentAccessAfter'",
  ],
  [
    { lifecycle: { old: { infrequentAccessAfter: Duration.days(30), expireAfter: Duration.days(20) } } },
    "'lifecycle.old.expireAfter' must be later than the moves",
  ],
  [
    { lifecycle: { old: { prefix: 'a/', keepVersions: Duration.days(3) } } },
    "'lifecycle.old.keepVersions' must not be given with 'prefix'",
  ],
  [{ lifecycle: { old: {} } }, "'lifecycle.old' must say what happens to the files"],
])('refuses %j, which S3 would refuse or do otherwise', (props, message) => {
  expect(() => processor(props)).toThrow(message);
});

test('refuses two processors that S3 would not tell apart, and a handler that deletes where it is told of deletions', () => {
  const bucket = new Bucket(stack, 'Own');
  processor({ bucket, via: 'notification', handler: handlerFile, prefix: 'in/' });
  new FileProcessor(stack, 'Other', { bucket, via: 'notification', handler: handlerFile, prefix: 'in/new/' });
  const other = new Bucket(stack, 'Elsewhere');
  const remove = Access.custom({ actions: ['s3:DeleteObject'], resources: [other.arnForObjects('gone/*')] });
  new FileProcessor(stack, 'Third', {
    bucket: other,
    prefix: 'gone/',
    on: 'deleted',
    handler: { code, access: { X: remove } },
  });
  expect(() => app.synth()).toThrow(
    /must not overlap with 'via' 'notification'[\s\S]*must not be allowed to delete where it watches for deletions \('gone\/'\)/,
  );
});

test.each<[Partial<FileProcessorProps>, string]>([
  [
    { via: 'notification' },
    "'handler' must be the path of a module that exports 'handler' with 'via' 'notification', because keys are decoded around it",
  ],
  [{ via: 'sns' as 'notification' }, "'via' must be 'event-bridge' or 'notification', got 'sns'"],
  [{ imported: 'merge' }, "'imported' must not be given for a bucket that this app creates, got 'merge'; leave it out"],
])('refuses %j, too', (props, message) => {
  expect(() => processor(props)).toThrow(message);
});

describe('a handler that may write where its files come from is refused at synthesis', () => {
  const message = "'handler' must not be allowed to write where its files come from ('incoming/')";
  const bucket = () => new Bucket(stack, 'Own');

  test('by its access map', () => {
    const own = bucket();
    processor({ bucket: own, prefix: 'incoming/', handler: { code, access: { FILES: Access.bucket(own).write() } } });
    expect(() => app.synth()).toThrow(message);
  });

  test('by a later grant of CDK', () => {
    const { handler: fn, bucket: own } = processor({ prefix: 'incoming/' });
    own.grantPut(fn, 'incoming/again/*');
    expect(() => app.synth()).toThrow(message);
  });

  test('by a policy on everything', () => {
    processor({ prefix: 'incoming/' }).handler.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['s3:Put*'], resources: ['*'] }),
    );
    expect(() => app.synth()).toThrow(message);
  });

  test('but not where it writes to another prefix, another bucket, or not at all', () => {
    const { handler: fn, bucket: own } = processor({ prefix: 'incoming/', outputPrefix: 'done/' });
    own.grantPut(fn, 'reports/*');
    bucket().grantPut(fn);
    expect(() => app.synth()).not.toThrow();
  });
});

test('adopts a bucket, and enables EventBridge where this app makes it', () => {
  processor({ bucket: new Bucket(stack, 'Own') });
  template().resourceCountIs('AWS::S3::Bucket', 1);
  template().hasResourceProperties('AWS::S3::Bucket', {
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
  });
});

test('adopts an imported bucket and a prefix that is known only at deployment', () => {
  const bucket = Bucket.fromBucketName(stack, 'Own', 'team-files');
  expect(() => processor({ bucket, imported: 'enabled', prefix: Token.asString({ Ref: 'Prefix' }) })).not.toThrow();
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { bucket: { name: ['team-files'] } } },
  });
});

test('refuses an imported bucket of which it cannot know whether it tells EventBridge', () => {
  const bucket = Bucket.fromBucketName(stack, 'Own', 'team-files');
  expect(() => processor({ bucket })).toThrow(
    "'imported' must be 'enabled' or 'merge' for a bucket that this app does not create, got nothing; set 'enabled' if EventBridge is already on for the bucket, or 'merge' to switch it on at deployment (Shop/Imports)",
  );
});

test('adds to the notifications of an imported bucket, by choice', () => {
  const bucket = Bucket.fromBucketName(stack, 'Own', 'team-files');
  processor({ bucket, imported: 'merge' });
  template().hasResourceProperties('Custom::S3BucketNotifications', {
    Managed: false,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
});

test('passes the settings of the queue on', () => {
  processor({ maxAttempts: 3, maxConcurrency: 5, batch: { size: 1 } });
  template().hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: 5 },
  });
  template().hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 3 } });
});

test('works with a function that the team has', () => {
  const own = new ServiceFunction(stack, 'Own', handler);
  expect(processor({ handler: own }).handler).toBe(own);
});

test('minimal use', () => {
  processor();
  expect(stack).toMatchTemplateSnapshot();
});
