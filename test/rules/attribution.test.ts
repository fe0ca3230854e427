import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, CustomResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Function, Runtime, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { readAssembly } from '../../lib/core/model/read-assembly';
import { judge } from '../../lib/rules/judge';
import type { Report } from '../../lib/rules/report/report';
import { textReport } from '../../lib/rules/report/text';
import { RULES } from '../../lib/rules/rules/registry';

const scratch = mkdtempSync(path.join(tmpdir(), 'lintel-attribution-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const code = { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x') };
let report: Report;

beforeAll(() => {
  const app = new App({ builtinCloudFormationValidation: false, outdir: scratch });
  const stack = new Stack(app, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
  const bucket = new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  new BucketDeployment(stack, 'Deployment', { destinationBucket: bucket, sources: [Source.data('a', 'b')] });
  bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(stack, 'Queue')));
  const own = new Function(stack, 'Own', code);
  new LogRetention(stack, 'Retention', { logGroupName: '/x', retention: RetentionDays.ONE_DAY });
  const provider = new Provider(stack, 'Provider', { onEventHandler: own, isCompleteHandler: own });
  new CustomResource(stack, 'Custom', { serviceToken: provider.serviceToken });
  new AwsCustomResource(stack, 'Call', {
    onUpdate: { service: 'S3', action: 'getBucketTagging', physicalResourceId: PhysicalResourceId.of('x') },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: [bucket.bucketArn] }),
  });
  new Table(stack, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    replicationRegions: ['us-east-1'],
  });
  new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: true });
  new SingletonFunction(stack, 'Singleton', { ...code, uuid: 'a1b2c3d4-0000-1111-2222-333344445555' });
  app.synth();
  report = judge(readAssembly(scratch), { rules: RULES });
});

test('no finding is about a helper that aws-cdk-lib made on its own account', () => {
  const places = new Set(report.findings.map(({ path: place }) => place!.split('/')[1]));
  expect([...places].sort()).toEqual([
    'Bucket',
    'Own',
    'Queue',
    'SingletonLambdaa1b2c3d4000011112222333344445555',
    'Table',
  ]);
});

test('they are judged all the same, and listed under what made them', () => {
  const makers = new Set(report.acknowledged.map(({ reason }) => reason.replace('made by aws-cdk-lib itself: ', '')));
  expect([...makers].sort()).toEqual([
    'AwsCustomResource',
    'a custom resource provider',
    'bucket deployment',
    'bucket notifications',
    'log retention',
    'the custom resource provider framework',
  ]);
  const [, listed] = textReport(report).split('Acknowledged\n');
  expect(listed!.trim().split('\n').length).toBeLessThan(report.acknowledged.length);
  expect(listed).toMatch(
    /^ {2}FunctionTracing: \d+ findings \(made by aws-cdk-lib itself: a custom resource provider\)$/m,
  );
});
