import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Duration, type Stack } from 'aws-cdk-lib';
import { S3Destination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, running, shop, stopRuns } from '../../support';

const FAILS = `exports.handler = async () => { throw new Error('broken'); };`;

function functions(stack: Stack): void {
  inline(stack, 'Told', FAILS, { retryAttempts: 1, onFailure: new SqsDestination(new Queue(stack, 'Failed')) });
  inline(stack, 'Dead', FAILS, { deadLetterQueue: new Queue(stack, 'Letters') });
  inline(stack, 'Kept', FAILS, { retryAttempts: 0, onFailure: new S3Destination(new Bucket(stack, 'Failures')) });
  inline(stack, 'Off', FAILS, {
    reservedConcurrentExecutions: 0,
    maxEventAge: Duration.minutes(1),
    onFailure: new SqsDestination(new Queue(stack, 'Aged')),
  });
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
});

test('a bucket keeps what failed', async () => {
  await begin('Kept');
  await run.idle();
  const listed = await run.client(S3Client).send(new ListObjectsV2Command({ Bucket: run.nameOf('Failures') }));
  expect(listed.Contents).toMatchObject([{ Key: expect.stringContaining('aws/lambda/async/') }]);
});

test('an event that is throttled until it is too old is told to its destination', async () => {
  await begin('Off');
  await run.idle();
  expect(countsOf('Off').throttled).toBeGreaterThan(0);
  expect(bodies('Aged')).toMatchObject([
    { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } },
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
