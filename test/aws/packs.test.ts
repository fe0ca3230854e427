import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import 'lintel/testing';
import { Access } from '../../lib/aws/access/access';
import { Alarms } from '../../lib/aws/alarms/alarms';
import { EntityTable } from '../../lib/aws/entity-table';
import { ServiceFunction } from '../../lib/aws/service-function';
import { WorkQueue } from '../../lib/aws/work-queue';
import { judge } from './packs';

const ENTRY = 'test/aws/handlers/get-order.ts';
const TRACES = "The X-Ray actions that Lambda takes in the function's name have no resource-level permission";
const DEAD_END = 'This queue is itself a dead-letter queue: nothing consumes it, so nothing can be redriven from it';

/** A new stack, validated by CloudFormation's own rules, whose errors fail the synthesis. */
function newStack(): Stack {
  return new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Shop');
}

test('every block passes CloudFormation’s validation, AwsSolutions and Serverless in its minimal use', () => {
  const stack = newStack();
  new ServiceFunction(stack, 'F', { entry: ENTRY });
  const jobs = new WorkQueue(stack, 'Jobs');
  new EntityTable(stack, 'Orders', { partitionKey: 'id' });
  new Alarms(stack, 'Alarms').deadLetters(jobs.deadLetters);
  expect(judge(stack)).toEqual({
    errors: [],
    acknowledged: {
      'AwsSolutions-IAM5[Resource::*] Shop/FRole/Resource': TRACES,
      'Serverless-LambdaStarPermissions Shop/FRole/Resource': TRACES,
      'Serverless-SQSRedrivePolicy Shop/FDeadLetterQueue/Resource': DEAD_END,
      'Serverless-SQSRedrivePolicy Shop/JobsDeadLetterQueue/Resource': DEAD_END,
    },
  });
});

test('every block passes with its options, and no acknowledgement is wider than its reason', () => {
  const stack = newStack();
  const orders = new EntityTable(stack, 'Orders', { partitionKey: 'id', indexes: { byCustomer: 'customer' } });
  const jobs = new WorkQueue(stack, 'Jobs', { fifo: true });
  const files = new Bucket(stack, 'Files', {
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    serverAccessLogsPrefix: 'log/',
  });
  const fn = new ServiceFunction(stack, 'F', {
    entry: ENTRY,
    access: { ORDERS: orders.readWrite({ scan: true }), JOBS: jobs.send(), FILES: Access.bucket(files).read() },
    onFailure: 'none',
    warm: 1,
    reservedConcurrency: 2,
  });
  const alarms = new Alarms(stack, 'Alarms', { topic: new Topic(stack, 'Topic', { enforceSSL: true }) });
  alarms.function(fn);
  alarms.table(orders);
  const { errors, acknowledged } = judge(stack);
  expect(errors).toEqual([]);
  const { 'W3045 Shop/Files/Resource': fromTheL2, ...ours } = acknowledged;
  expect(ours).toEqual({
    'AwsSolutions-IAM5[Resource::*] Shop/FRole/Resource': TRACES,
    'Serverless-LambdaStarPermissions Shop/FRole/Resource': TRACES,
    'Serverless-SQSRedrivePolicy Shop/JobsDeadLetterQueue/Resource': DEAD_END,
    'AwsSolutions-IAM5[Resource::<Files8E6940B8.Arn>/*] Shop/FRole/DefaultPolicy/Resource':
      'The keys of the objects are known only when the function runs',
    'Serverless-LambdaDLQ Shop/F/Resource':
      'Nothing invokes this function asynchronously: its caller learns of a failure and has its own way to handle it',
  });
});

test('a function in a VPC passes', () => {
  const stack = newStack();
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1a2b3c4d',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-1a2b3c4d'],
  });
  new ServiceFunction(stack, 'F', { entry: ENTRY, vpc });
  expect(judge(stack).errors).toEqual([]);
  expect(stack).toPassRules();
});

test('a wildcard that a team adds is still found', () => {
  const stack = newStack();
  const fn = new ServiceFunction(stack, 'F', { entry: ENTRY, onFailure: 'none' });
  fn.addToRolePolicy(new PolicyStatement({ actions: ['ses:SendEmail'], resources: ['*'] }));
  expect(judge(stack).errors).toEqual(['AwsSolutions-IAM5[Resource::*] Shop/FRole/DefaultPolicy/Resource']);
});
