import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { SignatureV4 } from '@smithy/signature-v4';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { LocalRun } from 'lintel/testing';
import { Sha256 } from '../services/api-gateway/signed';
import { inline, running, shop, stopRuns } from '../support';

afterAll(stopRuns);

const NAME = 'constructor';
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

let run: LocalRun;
beforeAll(async () => {
  run = await running(
    shop((stack) => {
      new Queue(stack, 'Queue', { queueName: NAME });
      new Table(stack, 'Table', { tableName: NAME, partitionKey: { name: NAME, type: AttributeType.STRING } });
      new Bucket(stack, 'Bucket', { bucketName: NAME });
      new Secret(stack, 'Secret', { secretName: NAME });
      new StringParameter(stack, 'Parameter', { parameterName: NAME, stringValue: 'value' });
      new Stream(stack, 'Stream', { streamName: NAME });
      const fn = inline(
        stack,
        'Fn',
        'exports.handler = async (event) => (console.log("got", JSON.stringify(event)), event);',
        {
          functionName: NAME,
        },
      );
      const eventBus = new EventBus(stack, 'Bus', { eventBusName: NAME });
      const detail = { [NAME]: ['1'] };
      new Rule(stack, 'Rule', {
        eventBus,
        eventPattern: { source: [NAME], detail },
        targets: [new LambdaFunction(fn)],
      });
    }),
    {
      secrets: { [NAME]: 'secret' },
      callers: { all: [{ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }] },
    },
  );
});

describe('names that every object has are names like others', () => {
  test('of queues, and of the attributes of messages', async () => {
    const sqs = run.client(SQSClient);
    const QueueUrl = `${run.clientConfig.endpoint}/123456789012/${NAME}`;
    const MessageAttributes = Object.fromEntries([NAME, '__proto__', 'toString'].map((name) => [name, text(name)]));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello', MessageAttributes }));
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
    expect(Object.keys(received.Messages![0]!.MessageAttributes!).sort()).toEqual(['__proto__', NAME, 'toString']);
  });

  test('of tables and attributes', async () => {
    const dynamodb = run.client(DynamoDBClient);
    const Item = { [NAME]: { S: '1' }, toString: { S: 'x' }, valueOf: { N: '1' } };
    await dynamodb.send(new PutItemCommand({ TableName: NAME, Item }));
    const got = await dynamodb.send(
      new GetItemCommand({
        TableName: NAME,
        Key: { [NAME]: { S: '1' } },
        ProjectionExpression: '#a, toString',
        ExpressionAttributeNames: { '#a': NAME },
      }),
    );
    expect(got.Item).toEqual({ [NAME]: { S: '1' }, toString: { S: 'x' } });
  });

  test('of buckets, keys and metadata', async () => {
    const s3 = run.client(S3Client);
    const object = { Bucket: NAME, Key: '__proto__' };
    await s3.send(new PutObjectCommand({ ...object, Body: 'content', Metadata: { [NAME]: 'x', tostring: 'y' } }));
    const { Metadata } = await s3.send(new GetObjectCommand(object));
    expect(Metadata).toEqual({ [NAME]: 'x', tostring: 'y' });
  });

  test('of secrets and parameters', async () => {
    const secret = await run.client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: NAME }));
    expect(secret.SecretString).toBe('secret');
    const parameter = await run.client(SSMClient).send(new GetParameterCommand({ Name: NAME }));
    expect(parameter.Parameter?.Value).toBe('value');
    const missing = run.client(SSMClient).send(new GetParameterCommand({ Name: 'toString' }));
    await expect(missing).rejects.toThrow(/ParameterNotFound|UnknownError/);
  });

  test('of streams, functions, buses and their events', async () => {
    const record = { StreamName: NAME, PartitionKey: '__proto__', Data: Buffer.from('x') };
    await expect(run.client(KinesisClient).send(new PutRecordCommand(record))).resolves.toHaveProperty('ShardId');
    const invoked = await run
      .client(LambdaClient)
      .send(new InvokeCommand({ FunctionName: NAME, Payload: `{"${NAME}":1}` }));
    expect(Buffer.from(invoked.Payload!).toString()).toBe(`{"${NAME}":1}`);
    const Entries = [
      { EventBusName: NAME, Source: NAME, DetailType: 'toString', Detail: `{"${NAME}":"1","__proto__":2}` },
    ];
    await run.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
    await run.idle();
    expect(run.logs('Fn').map(({ message }) => message)).toContainEqual(expect.stringContaining('"__proto__":2'));
  });
});

const TARGETS: Readonly<Record<string, string>> = {
  sqs: 'AmazonSQS',
  dynamodb: 'DynamoDB_20120810',
  events: 'AWSEvents',
  kinesis: 'Kinesis_20131202',
  secretsmanager: 'secretsmanager',
  ssm: 'AmazonSSM',
};

/** A call of the AWS API as somebody may write it by hand. */
async function call(service: string, path: string, headers: Record<string, string>, body: string): Promise<Response> {
  const url = new URL(path, run.clientConfig.endpoint);
  const credentials = run.credentials('all');
  const signer = new SignatureV4({ service, region: 'us-east-1', credentials, sha256: Sha256 });
  const request = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...headers },
    body,
  });
  return fetch(url, { method: 'POST', headers: request.headers, body });
}

describe('an operation with such a name is refused, and crashes nothing', () => {
  test.each(Object.entries(TARGETS))('of %s, in JSON and as a form', async (service, target) => {
    for (const name of [NAME, '__proto__', 'toString', 'hasOwnProperty']) {
      const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${target}.${name}` };
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const fields = `Action=${name}&__proto__.x=1&${NAME}.y=2&QueueUrl=${NAME}`;
      for (const response of [
        await call(service, '/', json, `{"${NAME}":1}`),
        await call(service, '/', form, fields),
      ]) {
        const said = await response.text();
        expect([name, response.status, said.startsWith('local run:')]).toEqual([name, 501, false]);
      }
    }
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  test.each([
    ['s3', `/${NAME}/key?${NAME}`],
    ['lambda', `/2015-03-31/functions/${NAME}/${NAME}`],
    ['scheduler', `/schedules/${NAME}?__proto__=1`],
  ])('of %s, in the path', async (service, path) => {
    const response = await call(service, path, {}, '{}');
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toMatch(/^local run:/);
  });
});
