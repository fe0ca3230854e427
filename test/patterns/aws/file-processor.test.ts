import { App, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Access, FileProcessor, type FileProcessorProps, ServiceFunction } from 'lintel/aws';
import 'lintel/testing';

const code = lambda.Code.fromInline('exports.handler = async () => {}');
const handler = { code };
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
  processor({ via: 'notification', prefix: 'incoming/', suffix: '.csv' });
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
    "'outputPrefix' must not overlap 'prefix' (''), or the handler calls itself with what it writes, got 'done/'; give the two different prefixes, 'incoming/' and 'done/', or write to another bucket (Shop/Imports)",
  ],
  [{ prefix: 'in/', outputPrefix: 'in/done/' }, "'outputPrefix' must not overlap 'prefix' ('in/')"],
  [{ prefix: 'in/new/', outputPrefix: 'in/' }, "'outputPrefix' must not overlap 'prefix' ('in/new/')"],
  [{ prefix: 'in*/' }, "'prefix' must not hold a wildcard, got 'in*/'"],
])('refuses %j', (props, message) => {
  expect(() => processor(props)).toThrow(message);
});

test('refuses notifications of a bucket whose notifications are the team’s', () => {
  expect(() => processor({ bucket: new Bucket(stack, 'Own'), via: 'notification' })).toThrow(
    "'via' must not be 'notification' with a 'bucket' of the team's",
  );
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
  expect(() => processor({ bucket, prefix: Token.asString({ Ref: 'Prefix' }) })).not.toThrow();
  template().hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { bucket: { name: ['team-files'] } } },
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
