import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SnsDestination as FunctionDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DynamoEventSource, SnsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalRun } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../../support';

const FAILS = `exports.handler = async () => { throw new Error('it fails'); };`;

let run: LocalRun;

function build(stack: Stack): void {
  const topic = (id: string) => new Topic(stack, id);
  new Bucket(stack, 'Files').addEventNotification(EventType.OBJECT_CREATED, new SnsDestination(topic('Uploads')));
  new CfnBucket(stack, 'Refused', {
    notificationConfiguration: {
      topicConfigurations: [{ event: 's3:ObjectCreated:*', topic: topic('Unfriendly').topicArn }],
    },
  });
  new Rule(stack, 'Placed', { eventPattern: { source: ['shop'] }, targets: [new SnsTopic(topic('Events'))] });

  inline(stack, 'Failing', FAILS, {
    retryAttempts: 0,
    onFailure: new FunctionDestination(topic('Failures')),
  });
  inline(stack, 'Fine', 'exports.handler = async () => 1;', { onSuccess: new FunctionDestination(topic('Successes')) });
  inline(stack, 'Buried', FAILS, { retryAttempts: 0, deadLetterTopic: topic('Buried events') });
  const table = new Table(stack, 'Orders', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    stream: StreamViewType.NEW_IMAGE,
  });
  const options = { startingPosition: StartingPosition.TRIM_HORIZON, retryAttempts: 0 };
  inline(stack, 'Reader', FAILS).addEventSource(
    new DynamoEventSource(table, { ...options, onFailure: new SnsDlq(topic('Records')) }),
  );

  const told = topic('Told');
  const machine = (id: string, resource: string, parameters: object, allowed = true) => {
    const made = new StateMachine(stack, id, {
      definitionBody: DefinitionBody.fromString(
        JSON.stringify({
          QueryLanguage: 'JSONata',
          StartAt: 'Call',
          States: {
            Call: {
              Type: 'Task',
              Resource: `arn:aws:states:::${resource}`,
              Arguments: parameters,
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
              End: true,
            },
            Failed: { Type: 'Succeed' },
          },
        }),
      ),
    });
    if (allowed) made.addToRolePolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'] }));
  };
  const TopicArn = told.topicArn;
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'news' } };
  machine('Publish', 'sns:publish', { TopicArn, Message: { id: 1 }, Subject: 'News', MessageAttributes });
  machine('Wait', 'sns:publish.waitForTaskToken', { TopicArn, Message: { token: '{% $states.context.Task.Token %}' } });
  machine('Sdk', 'aws-sdk:sns:publish', { TopicArn, Message: 'by the SDK' });
  machine('SdkBatch', 'aws-sdk:sns:publishBatch', {
    TopicArn,
    PublishBatchRequestEntries: [{ Id: 'a', Message: 'one', MessageAttributes }],
  });
  machine('Empty', 'sns:publish', { TopicArn, Message: '' });
  machine('SdkNowhere', 'aws-sdk:sns:publish', { TopicArn: `${TopicArn}-none`, Message: 'x' });
  machine('Forbidden', 'sns:publish', { TopicArn, Message: 'x' }, false);
}

beforeAll(async () => {
  run = await running(shop(build), { disorder: 0 });
});
afterAll(stopRuns);

const published = (topic: string) => run.topic(topic).published();
const content = (topic: string) => published(topic).map(({ message }) => JSON.parse(message) as unknown);

test('a bucket tells a topic', async () => {
  const command = new PutObjectCommand({ Bucket: run.nameOf('Files'), Key: 'a.txt', Body: 'x' });
  await run.client(S3Client).send(command);
  await run.idle();
  expect(content('Uploads')).toEqual([
    expect.objectContaining({ Event: 's3:TestEvent' }),
    { Records: [expect.objectContaining({ eventName: 'ObjectCreated:Put' })] },
  ]);
  expect(published('Uploads')[1]?.subject).toBe('Amazon S3 Notification');
});

test('refuses a bucket that the policy of a topic does not let in', () => {
  expect(run.unsupported.filter(({ resource }) => resource.endsWith('Refused'))).toEqual([
    expect.objectContaining({ reason: expect.stringMatching(/notifications are not set: .*sns:Publish/) }),
  ]);
});

test('a rule tells a topic', async () => {
  const Entries = [{ Source: 'shop', DetailType: 'Placed', Detail: '{"id":"1"}' }];
  await run.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
  await run.idle();
  expect(content('Events')).toEqual([expect.objectContaining({ source: 'shop', detail: { id: '1' } })]);
});

test('destinations and dead letters of asynchronous invocations', async () => {
  const lambda = run.client(LambdaClient);
  for (const name of ['Failing', 'Fine', 'Buried']) {
    const FunctionName = run.nameOf(name);
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from('{"n":1}') }));
  }
  await run.idle();
  expect(content('Failures')).toEqual([
    expect.objectContaining({ requestContext: expect.objectContaining({ condition: 'RetriesExhausted' }) }),
  ]);
  expect(content('Successes')).toEqual([expect.objectContaining({ requestPayload: { n: 1 }, responsePayload: 1 })]);
  expect(published('Buried events')).toEqual([
    expect.objectContaining({
      message: '{"n":1}',
      attributes: expect.objectContaining({ ErrorCode: '200', ErrorMessage: 'it fails' }),
    }),
  ]);
});

test('records that a mapping gives up', async () => {
  const dynamodb = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
  await dynamodb.send(new PutCommand({ TableName: run.nameOf('Orders'), Item: { id: '1' } }));
  await run.idle();
  expect(content('Records')).toEqual([
    expect.objectContaining({ requestContext: expect.objectContaining({ condition: 'RetryAttemptsExhausted' }) }),
  ]);
});

test('a state machine publishes, judged by its role', async () => {
  const answer = await run.machine('Publish').run();
  const { id } = published('Told').at(-1)!;
  expect(answer).toMatchObject({ MessageId: id, SdkHttpMetadata: { HttpStatusCode: 200 } });
  expect(published('Told').at(-1)).toMatchObject({
    message: '{"id":1}',
    subject: 'News',
    attributes: { kind: 'news' },
  });
  await expect(run.machine('Sdk').run()).resolves.toEqual({ MessageId: expect.any(String) });
  await expect(run.machine('SdkBatch').run()).resolves.toMatchObject({ Successful: [{ Id: 'a' }] });
  expect(published('Told').at(-1)).toMatchObject({ message: 'one', attributes: { kind: 'news' } });
  await expect(run.machine('Empty').run()).resolves.toEqual({
    Error: 'SNS.InvalidParameterException',
    Cause: expect.stringMatching(
      /^Invalid parameter: Empty message \(Service: AmazonSNS; Status Code: 400; Error Code: Inv/,
    ),
  });
  await expect(run.machine('SdkNowhere').run()).resolves.toEqual({
    Error: 'Sns.NotFoundException',
    Cause: expect.stringMatching(/^Topic does not exist \(Service: Sns, Status Code: 404, Request ID: /),
  });
  await expect(run.machine('Forbidden').run()).resolves.toMatchObject({ Error: 'SNS.AuthorizationErrorException' });
});

test('a state machine waits for the answer to what it published', async () => {
  const execution = run.machine('Wait').start();
  await run.idle();
  const { token } = JSON.parse(published('Told').at(-1)!.message) as { token: string };
  expect(execution.status).toBe('RUNNING');
  await run.client(SFNClient).send(new SendTaskSuccessCommand({ taskToken: token, output: '{"ok":true}' }));
  await execution.wait();
  expect(execution.output).toEqual({ ok: true });
});
