import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, type CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, running, shop, stopRuns } from '../../support';

const READ = `
  const { S3Client, GetObjectCommand } = require('@aws-sdk/client-s3');
  const client = new S3Client({});
  exports.handler = async ({ Bucket, Key }) =>
    (await client.send(new GetObjectCommand({ Bucket, Key }))).Body.transformToString();`;

function buckets(stack: Stack): void {
  const files = new Bucket(stack, 'Files', { enforceSSL: true });
  const queue = new Queue(stack, 'Csv');
  files.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue), { prefix: 'in/', suffix: '.csv' });
  const say = inline(stack, 'Say', `exports.handler = async (event) => console.log('got ' + JSON.stringify(event));`);
  files.addEventNotification(EventType.OBJECT_REMOVED, new LambdaDestination(say));
  const bridged = new Bucket(stack, 'Bridged', { eventBridgeEnabled: true });
  new Rule(stack, 'Rule', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bridged.bucketName] }, object: { key: [{ prefix: 'in/' }] } },
    },
    targets: [new SqsQueue(new Queue(stack, 'Bridge'))],
  });
  files.grantRead(inline(stack, 'Reader', READ));
  inline(stack, 'Stranger', READ);
}

let run: LocalRun;
let s3: S3Client;
beforeAll(async () => {
  run = await running(shop(buckets));
  s3 = run.client(S3Client);
});
afterAll(stopRuns);
beforeEach(() => ['Csv', 'Bridge'].forEach((name) => run.queue(name).purge()));

const put = (name: string, Key: string, Body = 'a,b', client = s3, own = run) =>
  client.send(new PutObjectCommand({ Bucket: own.nameOf(name), Key, Body }));
const bodies = (name: string) =>
  run
    .queue(name)
    .messages()
    .map(({ body }) => JSON.parse(body) as { Records: { s3: { object: object } }[]; detail: object });

test('keeps objects, to the byte', async () => {
  await put('Files', 'out/ä b.txt', 'Grüße');
  const Bucket = run.nameOf('Files');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'out/ä b.txt' }));
  expect(await Body!.transformToString()).toBe('Grüße');
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'out/' }));
  expect(Contents).toMatchObject([{ Key: 'out/ä b.txt', Size: 7 }]);
});

test('a handler reads with its grant, and is refused without', async () => {
  await put('Files', 'out/x.txt', 'hello');
  const event = { Bucket: run.nameOf('Files'), Key: 'out/x.txt' };
  expect(await run.invoke('Reader', event)).toBe('hello');
  await expect(run.invoke('Stranger', event)).rejects.toThrow('is not authorized to perform: s3:GetObject');
});

test('a created object is told to the queue whose prefix and suffix it has', async () => {
  await put('Files', 'in/my file.csv');
  await put('Files', 'in/other.txt');
  await put('Files', 'out/other.csv');
  await run.idle();
  expect(bodies('Csv').map(({ Records }) => Records[0]!.s3.object)).toMatchObject([{ key: 'in/my+file.csv', size: 3 }]);
});

test('an upload in parts is one event', async () => {
  const target = { Bucket: run.nameOf('Files'), Key: 'in/parts.csv' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'a,b,c' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
  await run.idle();
  expect(bodies('Csv')).toMatchObject([
    { Records: [{ eventName: 'ObjectCreated:CompleteMultipartUpload', s3: { object: { size: 5 } } }] },
  ]);
});

test('a deleted object is told to the function', async () => {
  await put('Files', 'out/gone.txt');
  await s3.send(new DeleteObjectCommand({ Bucket: run.nameOf('Files'), Key: 'out/gone.txt' }));
  await run.idle();
  expect(
    run
      .logs('Say')
      .map(({ message }) => message)
      .join(),
  ).toContain('ObjectRemoved:Delete');
});

test('events go through EventBridge to the rules that match them', async () => {
  await put('Bridged', 'in/a.csv');
  await put('Bridged', 'out/a.csv');
  await run.idle();
  expect(bodies('Bridge').map(({ detail }) => detail)).toMatchObject([
    { bucket: { name: run.nameOf('Bridged') }, object: { key: 'in/a.csv', size: 3 }, reason: 'PutObject' },
  ]);
});

test('a queue that a bucket begins to notify gets a test event, which has no records', async () => {
  const other = await running(shop(buckets));
  const [message] = other.queue('Csv').messages();
  expect(JSON.parse(message!.body)).toEqual({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: expect.any(String),
    Bucket: other.nameOf('Files'),
    RequestId: expect.any(String),
    HostId: expect.any(String),
  });
  expect(other.queue('Bridge').messages()).toEqual([]);
});

test('filters are matched against encoded keys, patterns of EventBridge against plain ones', async () => {
  const other = await running(
    shop((stack) => {
      const bucket = new Bucket(stack, 'Files', { enforceSSL: true, eventBridgeEnabled: true });
      const told = (id: string, prefix: string) =>
        bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(stack, id)), { prefix });
      told('Plain', 'in/year=2026/');
      told('Encoded', 'in/year%3D2026/my+');
      new Rule(stack, 'Rule', {
        eventPattern: { source: ['aws.s3'], detail: { object: { key: [{ prefix: 'in/year=2026/my ' }] } } },
        targets: [new SqsQueue(new Queue(stack, 'Bridge'))],
      });
    }),
  );
  ['Plain', 'Encoded'].forEach((name) => other.queue(name).purge());
  await put('Files', 'in/year=2026/my file.csv', 'a', other.client(S3Client), other);
  await other.idle();
  expect(['Plain', 'Encoded', 'Bridge'].map((name) => other.queue(name).depth().visible)).toEqual([0, 1, 1]);
});

describe('the resource with which CDK sets notifications', () => {
  test.each([
    ['replaces what the bucket says of itself, EventBridge included', true, [0, 1, 0]],
    ['adds to it where others manage the bucket, too', false, [1, 1, 2]],
  ])('%s', async (_, managed, depths) => {
    const app = shop((stack) => {
      const own = new Queue(stack, 'Own');
      const bucket = new Bucket(stack, 'Files', { enforceSSL: true });
      const added = new SqsDestination(new Queue(stack, 'Added'));
      bucket.addEventNotification(EventType.OBJECT_CREATED, added, { suffix: '.txt' });
      own.grantSendMessages(new ServicePrincipal('s3.amazonaws.com'));
      (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
        eventBridgeConfiguration: { eventBridgeEnabled: true },
        queueConfigurations: [
          {
            event: 's3:ObjectCreated:*',
            queue: own.queueArn,
            filter: { s3Key: { rules: [{ name: 'suffix', value: '.csv' }] } },
          },
        ],
      };
      new Rule(stack, 'Rule', {
        eventPattern: { source: ['aws.s3'] },
        targets: [new SqsQueue(new Queue(stack, 'Bridge'))],
      });
    });
    const other = await running(
      mutated(app, 'Custom::S3BucketNotifications', (properties) => {
        properties.Managed = managed;
      }),
    );
    ['Own', 'Added'].forEach((name) => other.queue(name).purge());
    for (const key of ['a.csv', 'a.txt']) await put('Files', key, 'a', other.client(S3Client), other);
    await other.idle();
    expect(['Own', 'Added', 'Bridge'].map((name) => other.queue(name).depth().visible)).toEqual(depths);
  });
});

test('without the queue’s policy the bucket tells nobody, and the run lists why', async () => {
  const other = await running(
    mutated(shop(buckets), 'AWS::SQS::QueuePolicy', (properties) => {
      properties.PolicyDocument = { Statement: [] };
    }),
  );
  await put('Files', 'in/a.csv', 'a', other.client(S3Client), other);
  await other.idle();
  expect(other.queue('Csv').messages()).toEqual([]);
  expect(other.unsupported).toContainEqual({
    resource: 'Shop/Files',
    type: 'AWS::S3::Bucket',
    reason: expect.stringMatching(
      /unable to validate .* s3\.amazonaws\.com is not authorized to perform: sqs:SendMessage/,
    ),
  });
});
