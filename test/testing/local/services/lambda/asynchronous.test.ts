import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration, type Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventBridgeDestination, S3Destination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, meeting, running, shop, stopRuns } from '../../support';

const FAILS = `exports.handler = async () => { throw new Error('broken'); };`;

function functions(stack: Stack): void {
  inline(stack, 'Told', FAILS, { retryAttempts: 1, onFailure: new SqsDestination(new Queue(stack, 'Failed')) });
  inline(stack, 'Dead', FAILS, { deadLetterQueue: new Queue(stack, 'Letters') });
  inline(stack, 'Kept', FAILS, { retryAttempts: 0, onFailure: new S3Destination(new Bucket(stack, 'Failures')) });
  inline(stack, 'Off', FAILS, {
    reservedConcurrentExecutions: 0,
    onFailure: new SqsDestination(new Queue(stack, 'Refused')),
    deadLetterQueue: new Queue(stack, 'RefusedLetters'),
  });
  inline(stack, 'Busy', 'exports.handler = ({ url }) => fetch(url).then(() => 1);', {
    reservedConcurrentExecutions: 1,
    maxEventAge: Duration.minutes(1),
    timeout: Duration.seconds(60),
    onFailure: new SqsDestination(new Queue(stack, 'Aged')),
  });
  const bus = new EventBus(stack, 'Bus');
  for (const [id, code] of [
    ['Good', 'exports.handler = async () => 7;'],
    ['Bad', FAILS],
  ] as const) {
    inline(stack, id, code, {
      retryAttempts: 0,
      onSuccess: new EventBridgeDestination(bus),
      onFailure: new EventBridgeDestination(bus),
    });
  }
  const detailType = ['Lambda Function Invocation Result - Success', 'Lambda Function Invocation Result - Failure'];
  const results = new Rule(stack, 'Results', { eventBus: bus, eventPattern: { source: ['lambda'], detailType } });
  results.addTarget(new SqsQueue(new Queue(stack, 'Events')));
}

let run: LocalRun;
beforeAll(async () => {
  run = await running(shop(functions), { timeScale: 600, retryDelay: 5, disorder: 0 });
});
afterAll(stopRuns);

const begin = (name: string, own = run) =>
  own
    .client(LambdaClient)
    .send(
      new InvokeCommand({ FunctionName: own.nameOf(name), InvocationType: 'Event', Payload: Buffer.from('{"n":1}') }),
    );
const bodies = (name: string, own = run) =>
  own
    .queue(name)
    .messages()
    .map(({ body }) => JSON.parse(body) as object);
const countsOf = (name: string) => run.report().functions.find((one) => one.function === `Shop/${name}`)!.invocations;

test('a failed event is tried again, and then told to its destination', async () => {
  await begin('Told');
  await run.idle();
  expect(countsOf('Told')).toEqual({ total: 2, failed: 2, throttled: 0 });
  expect(bodies('Failed')).toMatchObject([
    {
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { n: 1 },
      responsePayload: { errorMessage: 'broken' },
    },
  ]);
});

test('the dead-letter queue gets the event, with the error in its attributes', async () => {
  await begin('Dead');
  await run.idle();
  expect(countsOf('Dead').total).toBe(3);
  expect(run.queue('Letters').messages()).toMatchObject([
    { body: '{"n":1}', attributes: { ErrorCode: '200', ErrorMessage: 'broken' } },
  ]);
  const letters = { QueueUrl: run.queue('Letters').url, MessageAttributeNames: ['All'] };
  const { Messages } = await run.client(SQSClient).send(new ReceiveMessageCommand(letters));
  expect(Messages![0]!.MessageAttributes).toMatchObject({
    RequestID: { DataType: 'String' },
    ErrorCode: { DataType: 'Number', StringValue: '200' },
  });
});

test('a bucket keeps what failed', async () => {
  await begin('Kept');
  await run.idle();
  const listed = await run.client(S3Client).send(new ListObjectsV2Command({ Bucket: run.nameOf('Failures') }));
  expect(listed.Contents).toMatchObject([{ Key: expect.stringContaining('aws/lambda/async/') }]);
});

test('an event that is throttled until it is too old is told to its destination', async () => {
  const url = await meeting(2);
  const working = run.invoke('Busy', { url });
  await begin('Busy');
  while (bodies('Aged').length === 0) await sleep(10);
  expect(bodies('Aged')).toMatchObject([
    { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } },
  ]);
  await fetch(url);
  await working;
});

test('an event for a function without concurrency is not tried again', async () => {
  await begin('Off');
  await run.idle();
  expect(countsOf('Off')).toMatchObject({ total: 0, throttled: 1 });
  expect(bodies('Refused')).toMatchObject([
    { requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 }, requestPayload: { n: 1 } },
  ]);
  expect(run.queue('RefusedLetters').messages()).toMatchObject([{ body: '{"n":1}', attributes: { ErrorCode: '429' } }]);
});

test('a bus gets an event of Lambda with the record, which rules match', async () => {
  await begin('Good');
  await run.idle();
  await begin('Bad');
  await run.idle();
  const resources = (name: string) => [
    expect.stringMatching(/:event-bus\//),
    expect.stringMatching(new RegExp(`:function:${run.nameOf(name)}:\\$LATEST$`)),
  ];
  expect(bodies('Events')).toMatchObject([
    {
      'detail-type': 'Lambda Function Invocation Result - Success',
      resources: resources('Good'),
      detail: { requestContext: { condition: 'Success' }, responsePayload: 7 },
    },
    {
      'detail-type': 'Lambda Function Invocation Result - Failure',
      resources: resources('Bad'),
      detail: { requestContext: { condition: 'RetriesExhausted' }, responsePayload: { errorMessage: 'broken' } },
    },
  ]);
});

test('without its destination, a failed event is gone', async () => {
  const directory = mutated(shop(functions), 'AWS::Lambda::EventInvokeConfig', (properties) => {
    delete properties.DestinationConfig;
  });
  const other = await running(directory, { timeScale: 600, retryDelay: 5 });
  await begin('Told', other);
  await other.idle();
  expect(bodies('Failed', other)).toEqual([]);
});
