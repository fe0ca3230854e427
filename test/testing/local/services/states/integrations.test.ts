import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { inline, ordersTable, running, shop, stopRuns } from '../../support';

let run: LocalRun;

beforeAll(async () => {
  const app = shop((stack) => {
    const table = ordersTable(stack).tableName;
    const bucket = new Bucket(stack, 'Files').bucketName;
    const queue = new Queue(stack, 'Jobs').queueUrl;
    const parameter = new StringParameter(stack, 'Parameter', { stringValue: 'seen' }).parameterName;
    const fn = inline(
      stack,
      'Fn',
      `exports.handler = async (event) => {
        if (event.fail) { const error = new Error('it is told to'); error.name = 'Told'; throw error; }
        if (event.large) return 'x'.repeat(300000);
        return { event };
      };`,
    ).functionName;
    /** A machine of one task, which may do everything, and whose error is its output. */
    const call = (id: string, resource: string, parameters: object) => {
      const machine = new StateMachine(stack, id, {
        definitionBody: DefinitionBody.fromString(
          JSON.stringify({
            QueryLanguage: 'JSONata',
            StartAt: 'Call',
            States: {
              Call: {
                Type: 'Task',
                Resource: resource.startsWith('arn:') ? resource : `arn:aws:states:::${resource}`,
                Arguments: parameters,
                Catch: [
                  { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Failed' },
                  { ErrorEquals: ['States.ALL'], Next: 'Failed' },
                ],
                End: true,
              },
              Failed: { Type: 'Succeed' },
            },
          }),
        ),
      });
      machine.addToRolePolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    };
    const item = { TableName: table, Item: { id: { S: 'a' }, n: { N: '1' } } };
    call('Put', 'dynamodb:putItem', item);
    call('PutNew', 'dynamodb:putItem', { ...item, ConditionExpression: 'attribute_not_exists(id)' });
    call('SdkPutNew', 'aws-sdk:dynamodb:putItem', { ...item, ConditionExpression: 'attribute_not_exists(id)' });
    call('Get', 'aws-sdk:dynamodb:getItem', { TableName: table, Key: { id: { S: 'a' } } });
    call('Invalid', 'aws-sdk:dynamodb:getItem', { TableName: table, Key: { other: { S: 'a' } } });
    call('PutFile', 'aws-sdk:s3:putObject', { Bucket: bucket, Key: 'a/b c.json', Body: { x: 1 } });
    call('GetFile', 'aws-sdk:s3:getObject', { Bucket: bucket, Key: 'a/b c.json' });
    call('NoFile', 'aws-sdk:s3:getObject', { Bucket: bucket, Key: 'none' });
    call('ListFiles', 'aws-sdk:s3:listObjectsV2', { Bucket: bucket, Prefix: 'a/' });
    call('Send', 'sqs:sendMessage', { QueueUrl: queue, MessageBody: { job: 1 } });
    call('SendNothing', 'sqs:sendMessage', { QueueUrl: queue, MessageBody: '' });
    call('Parameter1', 'aws-sdk:ssm:getParameter', { Name: parameter });
    call('NoParameter', 'aws-sdk:ssm:getParameter', { Name: '/none' });
    call('Events', 'events:putEvents', { Entries: [{ Source: 's', DetailType: 't', Detail: { a: 1 } }] });
    call('BadEvents', 'events:putEvents', { Entries: [{ Source: 's', DetailType: 't', Detail: 'no JSON' }] });
    call('Token', 'aws-sdk:sfn:sendTaskSuccess', { TaskToken: 'none', Output: '{}' });
    call('Start', 'states:startExecution', {
      StateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:none',
    });
    call('Invoke', 'lambda:invoke', { FunctionName: fn, Payload: { a: 1 } });
    call('InvokeFailing', 'lambda:invoke', { FunctionName: fn, Payload: { fail: true } });
    call('InvokeLarge', 'lambda:invoke', { FunctionName: fn, Payload: { large: true } });
    call('InvokeSdk', 'aws-sdk:lambda:invoke', { FunctionName: fn, Payload: { fail: true } });
    call('InvokeOther', 'lambda:invoke', { FunctionName: 'of-another-stack' });
  });
  run = await running(app);
});

afterAll(stopRuns);

const errors = (name: string) => run.machine(name).run<{ Error: string; Cause: string }>();

test('items are put and read, and errors have the names of either SDK', async () => {
  await expect(run.machine('Put').run()).resolves.toMatchObject({ SdkHttpMetadata: { HttpStatusCode: 200 } });
  await expect(run.machine('Get').run()).resolves.toMatchObject({ Item: { id: { S: 'a' }, n: { N: '1' } } });
  await expect(errors('PutNew')).resolves.toEqual({
    Error: 'DynamoDB.ConditionalCheckFailedException',
    Cause: expect.stringMatching(/\(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailed/),
  });
  await expect(errors('SdkPutNew')).resolves.toEqual({
    Error: 'DynamoDb.ConditionalCheckFailedException',
    Cause: expect.stringMatching(/\(Service: DynamoDb, Status Code: 400, Request ID: /),
  });
  await expect(errors('Invalid')).resolves.toMatchObject({ Error: 'DynamoDb.DynamoDbException' });
});

test('objects are put, read and listed', async () => {
  await run.machine('PutFile').run();
  await expect(run.machine('GetFile').run()).resolves.toMatchObject({ Body: '{"x":1}', ContentLength: 7 });
  await expect(run.machine('ListFiles').run()).resolves.toMatchObject({ Contents: [{ Key: 'a/b c.json', Size: 7 }] });
  await expect(errors('NoFile')).resolves.toMatchObject({ Error: 'S3.NoSuchKeyException' });
});

test('messages, parameters and events', async () => {
  await expect(run.machine('Send').run()).resolves.toMatchObject({ MessageId: expect.any(String) });
  expect(
    run
      .queue('Jobs')
      .messages()
      .map(({ body }) => body),
  ).toEqual(['{"job":1}']);
  await expect(errors('SendNothing')).resolves.toMatchObject({ Error: 'SQS.AmazonSQSException' });
  await expect(run.machine('Parameter1').run()).resolves.toMatchObject({ Parameter: { Value: 'seen' } });
  await expect(errors('NoParameter')).resolves.toMatchObject({ Error: 'Ssm.ParameterNotFoundException' });
  await expect(run.machine('Events').run()).resolves.toMatchObject({ FailedEntryCount: 0 });
  await expect(errors('BadEvents')).resolves.toEqual({
    Error: 'EventBridge.FailedEntry',
    Cause: expect.stringMatching(/^\{"Entries":\[\{"ErrorCode":"MalformedDetail"/),
  });
});

test('Step Functions itself', async () => {
  await expect(errors('Token')).resolves.toMatchObject({ Error: 'Sfn.InvalidTokenException' });
  await expect(errors('Start')).resolves.toMatchObject({ Error: 'StepFunctions.StateMachineDoesNotExistException' });
});

test('functions: what the handler answers, its error, and an answer that is too large', async () => {
  await expect(run.machine('Invoke').run()).resolves.toMatchObject({
    ExecutedVersion: '$LATEST',
    Payload: { event: { a: 1 } },
    StatusCode: 200,
  });
  await expect(errors('InvokeFailing')).resolves.toEqual({
    Error: 'Told',
    Cause: expect.stringMatching(/^\{"errorType":"Told","errorMessage":"it is told to"/),
  });
  await expect(errors('InvokeLarge')).resolves.toEqual({
    Error: 'States.DataLimitExceeded',
    Cause: expect.stringMatching(/^The state\/task 'lambda' returned a result with a size exceeding/),
  });
  await expect(run.machine('InvokeSdk').run()).resolves.toMatchObject({ FunctionError: 'Unhandled', StatusCode: 200 });
});

test('a function that is in no template is listed, and ends the execution past its Catch', async () => {
  expect(run.unsupported).toEqual([
    expect.objectContaining({
      resource: 'Shop/InvokeOther',
      reason: "its state 'Call' calls 'of-another-stack', which is not run: the execution ends there",
    }),
  ]);
  const execution = await run.machine('InvokeOther').start().wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'LocalRunUnsupported' });
});
