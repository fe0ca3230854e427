import { App, Stack, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import 'lintel/testing';

function shop() {
  const app = new App({ builtinCloudFormationValidation: false });
  const data = new Stack(app, 'Data');
  const orders = new TableV2(data, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  const stack = new Stack(app, 'Shop');
  const code = Code.fromInline('exports.handler = async () => {};');
  const handler = (id: string) =>
    new Function(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
  const queue = new Queue(stack, 'Queue');
  const bucket = new Bucket(stack, 'Files');
  return { app, data, stack, orders, queue, bucket, place: handler('Place'), idle: handler('Idle') };
}

const grant = (actions: string[], resources: string[], more = {}) =>
  new PolicyStatement({ actions, resources, ...more });

test('knows what a function is granted, also in another stack', () => {
  const { stack, app, orders, queue, bucket, place } = shop();
  orders.grantReadData(place);
  queue.grantSendMessages(place);
  bucket.grantRead(place);
  expect(stack).toGrant(place, ['dynamodb:GetItem', 'dynamodb:Query'], orders);
  expect(app).toGrant('Shop/Place', 'sqs:SendMessage', 'Shop/Queue');
  expect(app.synth()).toGrant(place, 's3:GetObject', 'Shop/Files/*');
  expect(app.outdir).toGrant(place, 'sqs:Send*', queue.node.path);
  expect(stack).not.toGrant(place, 'dynamodb:PutItem', orders);
  expect(stack).not.toGrant(place, ['dynamodb:GetItem', 'dynamodb:PutItem'], orders);
  expect(stack).not.toGrant(place, 's3:PutObject', 'Shop/Files/*');
});

test('works on templates and their JSON', () => {
  const { stack, queue, place } = shop();
  queue.grantSendMessages(place);
  const template = Template.fromStack(stack);
  expect(template).toGrant(place, 'sqs:SendMessage', queue);
  expect(template.toJSON()).toGrantOnly(place, ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], queue);
});

test('says what is granted when an expectation fails', () => {
  const { stack, queue, place, idle } = shop();
  queue.grantSendMessages(place);
  expect(() => expect(stack).toGrant(place, ['sqs:SendMessage', 'sqs:PurgeQueue'], queue)).toThrow(
    [
      "expected 'Shop/Place' to be granted sqs:SendMessage, sqs:PurgeQueue on 'Shop/Queue', but sqs:PurgeQueue is missing",
      '',
      'function Shop/Place',
      '  *           write       logs: CreateLogGroup, CreateLogStream, PutLogEvents',
      '  Shop/Queue  read write  sqs: GetQueueAttributes, GetQueueUrl, SendMessage',
    ].join('\n'),
  );
  expect(() => expect(stack).not.toGrant(place, 'sqs:SendMessage', queue)).toThrow(
    "not to be granted sqs:SendMessage on 'Shop/Queue', but it is",
  );
  expect(() => expect(stack).toGrant(idle, 'sqs:SendMessage', queue)).toThrow('but it is granted none of it');
});

test('tells exactly what is granted', () => {
  const { stack, queue, place } = shop();
  place.addToRolePolicy(grant(['sqs:SendMessage'], [queue.queueArn]));
  expect(stack).toGrantOnly(place, 'sqs:SendMessage', queue);
  expect(() => expect(stack).toGrantOnly(place, ['sqs:SendMessage', 'sqs:GetQueueUrl'], queue)).toThrow(
    'sqs:GetQueueUrl is missing',
  );
});

test('counts what wildcards grant', () => {
  const { stack, orders, queue, place } = shop();
  place.addToRolePolicy(grant(['sqs:SendMessage'], [queue.queueArn]));
  place.addToRolePolicy(grant(['sqs:Receive*', 'dynamodb:*'], ['*']));
  expect(() => expect(stack).toGrantOnly(place, 'sqs:SendMessage', queue)).toThrow(
    'but sqs:ReceiveMessage is granted too',
  );
  expect(() => expect(stack).toGrantOnly(place, 'dynamodb:GetItem', orders)).toThrow(/and \d+ more are granted too/);
  expect(stack).toGrantOnly(place, ['sqs:SendMessage', 'sqs:ReceiveMessage'], queue);
});

test('counts conditions as granted, and explicit denies as not', () => {
  const { stack, queue, place } = shop();
  place.addToRolePolicy(
    grant(['sqs:SendMessage', 'sqs:PurgeQueue'], [queue.queueArn], {
      conditions: { Bool: { 'aws:SecureTransport': 'true' } },
    }),
  );
  place.addToRolePolicy(grant(['sqs:Purge*'], ['*'], { effect: Effect.DENY }));
  expect(stack).toGrant(place, 'sqs:SendMessage', queue);
  expect(stack).not.toGrant(place, 'sqs:PurgeQueue', queue);
});

test('heeds what a resource denies to everybody', () => {
  const { stack, queue, place } = shop();
  queue.grantSendMessages(place);
  queue.addToResourcePolicy(
    grant(['sqs:SendMessage'], [queue.queueArn], { effect: Effect.DENY, principals: [new AnyPrincipal()] }),
  );
  expect(stack).not.toGrant(place, 'sqs:SendMessage', queue);
  expect(stack).toGrantOnly(place, ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], queue);
});

test('does not trip over a validation plugin that finds errors', () => {
  const { app, stack, queue, place } = shop();
  queue.grantSendMessages(place);
  const strict: IPolicyValidationPlugin = {
    name: 'Strict',
    validate: () => ({
      success: false,
      violations: [
        {
          ruleName: 'No',
          description: 'no',
          violatingResources: [{ resourceLogicalId: 'Queue', templatePath: 'Shop', locations: [] }],
        },
      ],
    }),
  };
  Validations.of(app).addPlugins(strict);
  expect(stack).toGrant(place, 'sqs:SendMessage', queue);
});

test('refuses what does not exist or cannot be told', () => {
  const { stack, queue, place } = shop();
  queue.grantSendMessages(place);
  expect(() => expect(stack).toGrant('Shop/Plaice', 'sqs:SendMessage', queue)).toThrow(
    "'Shop/Plaice' is no principal of these templates; name one of 'Shop/Idle', 'Shop/Place'",
  );
  expect(() => expect(stack).toGrant(place, 'sqs:SendMessages', queue)).toThrow(
    "'sqs:SendMessages' is not an AWS action",
  );
  expect(() => expect(stack).toGrant(place, 'sqs:SendMessage', 'Shop/Queues')).toThrow(
    "'Shop/Queues' is no resource of these templates that has an ARN",
  );
  expect(() => expect(stack).toGrant(place, 'sqs:SendMessage', 'Shop')).toThrow(/'Shop' is several resources \(/);
});

test('refuses to tell what a policy of unknown content grants', () => {
  const { stack, queue, idle } = shop();
  idle.role?.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('BrandNewAccess'));
  expect(() => expect(stack).not.toGrant(idle, 'sqs:SendMessage', queue)).toThrow(
    "is unknown: the AWS-managed policy 'BrandNewAccess' is not known here",
  );
});

test('a key must let its account in', () => {
  const { stack, place } = shop();
  const key = new Key(stack, 'Key');
  place.addToRolePolicy(grant(['kms:Decrypt'], [key.keyArn]));
  expect(stack).toGrantOnly(place, 'kms:Decrypt', key);
});

test('compares the matrix of one stack with its snapshot', () => {
  const { data, stack, orders, queue, place, idle } = shop();
  orders.grantReadData(place);
  queue.grantConsumeMessages(idle);
  expect(stack).toMatchAccessSnapshot('of the stack');
  expect(data).toMatchAccessSnapshot('of the other stack');
});
