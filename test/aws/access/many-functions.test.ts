import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TableEncryptionV2 } from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessMatrix, evaluate, type PolicyDocument, read } from '../../../lib/access';
import { Access, type AccessMap, EntityTable, QueueWorker, ServiceFunction, WorkQueue } from '../../../patterns/aws';

const OURS = '111111111111';
const THEIRS = '222222222222';
const REGION = 'eu-west-1';
const QUEUE = `arn:aws:sqs:${REGION}:${THEIRS}:jobs`;

function place() {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = (id: string, account: string) => new Stack(app, id, { env: { account, region: REGION } });
  return { app, ours: stack('Ours', OURS), theirs: stack('Theirs', THEIRS) };
}

const inline = () => ({ code: lambda.Code.fromInline('exports.handler = () => {}') });

const user = (scope: Construct, id: string, access: AccessMap) =>
  new ServiceFunction(scope, id, { ...inline(), access, onFailure: 'none' });

/** A policy with what CloudFormation knows of it filled in. */
function deployed(policy: object): PolicyDocument {
  const text = JSON.stringify(policy)
    .replace(/\{"Fn::GetAtt":\["Jobs[^\]]*\]\}/g, JSON.stringify(QUEUE))
    .replace(/\{"Fn::Join":\["",(\[(?:[^\]])*\])\]\}/g, (_, parts: string) =>
      JSON.stringify(
        (JSON.parse(parts) as unknown[]).map((part) => (typeof part === 'string' ? part : 'aws')).join(''),
      ),
    );
  return JSON.parse(text) as PolicyDocument;
}

/** The ARN of the role of a function, as another stack knows it. */
const roleOf = (fn: ServiceFunction) => {
  const reader = new Stack(undefined, 'Reader', { env: { account: THEIRS, region: REGION } });
  const { arn } = deployed({ arn: reader.resolve(fn.role!.roleArn) as object }) as unknown as { arn: string };
  return arn;
};

test.each([5, 12, 60])(
  'a queue that %i functions of another account use has one statement for all that send, and one for who reads',
  (count) => {
    const { ours, theirs } = place();
    const jobs = new WorkQueue(theirs, 'Jobs', { queueName: 'jobs', visibilityTimeout: Duration.minutes(2) });
    const senders = Array.from({ length: count }, (_, index) => user(ours, `F${index}`, { JOBS: jobs.send() }));
    const { handler } = new QueueWorker(ours, 'Ingest', { handler: inline(), queue: jobs });
    const [policy] = Object.values(Template.fromStack(theirs).findResources('AWS::SQS::QueuePolicy'))
      .map(({ Properties }) => deployed((Properties as { PolicyDocument: object }).PolicyDocument))
      .filter((document) => JSON.stringify(document).includes('PrincipalArn'));
    const admitting = [policy!.Statement].flat().filter((one) => JSON.stringify(one).includes('PrincipalArn'));
    expect(admitting).toHaveLength(2);
    expect(Buffer.byteLength(JSON.stringify(policy))).toBeLessThan(8192);
    const may = (role: string, action: string) =>
      evaluate(
        { action, resource: QUEUE, principal: role, context: { 'aws:SecureTransport': 'true' } },
        {
          identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] }],
          resourcePolicy: policy!,
        },
      ).verdict;
    const [send, receive] = ['sqs:SendMessage', 'sqs:ReceiveMessage'];
    for (const sender of senders) {
      expect([may(roleOf(sender), send), may(roleOf(sender), receive)]).toEqual(['allowed', 'denied']);
    }
    const reader = roleOf(handler as ServiceFunction);
    expect([may(reader, send), may(reader, receive)]).toEqual(['denied', 'allowed']);
    const outsider = `arn:aws:iam::${OURS}:role/Outsider`;
    expect([may(outsider, send), may(outsider, receive)]).toEqual(['denied', 'denied']);
  },
);

/** A resource of each kind that has a policy, and what a function does with it. */
function kinds(scope: Stack): AccessMap {
  const key = new kms.Key(scope, 'Key');
  return {
    ORDERS: new EntityTable(scope, 'Orders', {
      partitionKey: 'id',
      tableName: 'orders',
      encryption: TableEncryptionV2.customerManagedKey(key),
    }).readWrite(),
    NEWS: Access.topic(new sns.Topic(scope, 'News', { topicName: 'news', masterKey: key })).publish(),
    FILES: Access.bucket(new s3.Bucket(scope, 'Files', { bucketName: 'files-of-theirs' })).read({ list: true }),
    HUB: Access.bus(new events.EventBus(scope, 'Bus', { eventBusName: 'shop' })).publish(),
  };
}

/** What each of some functions may do, and how many statements of resource policies say so. */
function withFunctions(count: number) {
  const { app, ours, theirs } = place();
  const access = kinds(theirs);
  for (let index = 0; index < count; index += 1) user(ours, `F${index}`, access);
  const { entries } = accessMatrix(read(app.synth().directory));
  const statements = JSON.stringify(Template.fromStack(theirs).toJSON()).match(/aws:PrincipalArn/g)!.length;
  return Array.from({ length: count }, (_, index) => ({
    statements,
    entries: entries
      .filter(({ principal, resource }) => principal.name === `Ours/F${index}` && !/Logs$/.test(resource))
      .map(({ verdict, actions, resource, conditions }) => ({ verdict, actions, resource, conditions })),
  }));
}

test('each of many functions may do with each kind of resource what one alone may, by no more statements', () => {
  const [alone] = withFunctions(1);
  expect(alone!.entries.length).toBeGreaterThan(5);
  for (const one of withFunctions(6)) expect(one).toEqual(alone);
});

test('refuses a queue and a bus that more functions of other accounts use than their policies have room for', () => {
  const { app, ours, theirs } = place();
  const jobs = new WorkQueue(theirs, 'Jobs', { queueName: 'jobs' }).send();
  const hub = Access.bus(new events.EventBus(theirs, 'Bus', { eventBusName: 'shop' })).publish();
  for (let index = 0; index < 140; index += 1) {
    const scope = new Construct(ours, `ServiceWithALongName${index}`);
    user(scope, 'Handler', { JOBS: jobs, HUB: hub });
  }
  expect(() => app.synth()).toThrow(
    /the policy of Theirs\/Jobs must admit fewer functions of other accounts: it has a policy of at least \d+ bytes, more than the 8192 that SQS takes; let one function[^]*the policy of Theirs\/Bus must admit fewer[^]*more than the 10240 that EventBridge takes unless/,
  );
});

test('refuses a role whose ARN has a wildcard: a condition would admit every role that it matches', () => {
  const { ours, theirs } = place();
  const jobs = new WorkQueue(theirs, 'Jobs', { queueName: 'jobs', visibilityTimeout: Duration.minutes(2) });
  const sender = (id: string, name: string) =>
    new ServiceFunction(ours, id, {
      ...inline(),
      access: { JOBS: jobs.send() },
      onFailure: 'none',
      role: Role.fromRoleArn(ours, `${id}Role`, `arn:aws:iam::${OURS}:role/${name}`),
    });
  expect(() => sender('Some', 'sender-*')).toThrow(
    /must be used by one role.*has a wildcard.*; import the role by its full ARN/,
  );
  expect(() => sender('One', 'path/sender')).not.toThrow();
});
