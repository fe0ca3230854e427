import { App, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { type AccessMap, Access, EntityTable, ServiceFunction, WorkQueue } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { inline, running, stopRuns } from './support';

afterAll(stopRuns);

const OURS = '111111111111';
const THEIRS = '222222222222';

/** Does one thing with each resource, and says what came of it. */
const CODE = `
const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
const said = async (call) => { try { await call(); return 'done'; } catch (error) { return error.name; } };
exports.handler = async ({ table = process.env.ORDERS, region = process.env.ORDERS_REGION } = {}) => ({
  table: await said(() => new DynamoDBClient({ region }).send(new PutItemCommand({ TableName: table, Item: { id: { S: '1' } } }))),
  queue: await said(() => new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.JOBS, MessageBody: '1' }))),
  bucket: await said(() => new S3Client({}).send(new PutObjectCommand({ Bucket: process.env.FILES, Key: 'a', Body: 'b' }))),
});
`;

let run: LocalRun;

beforeAll(async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  const stack = (name: string, account: string, region = 'eu-west-1') =>
    new Stack(app, name, { env: { account, region } });
  const ours = stack('Ours', OURS);
  const theirs = stack('Theirs', THEIRS);
  const table = new EntityTable(theirs, 'Orders', { partitionKey: 'id', tableName: 'orders' });
  const queue = new WorkQueue(theirs, 'Jobs', { queueName: 'jobs' });
  const bucket = new Bucket(theirs, 'Files', {
    bucketName: 'files-of-theirs',
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  });
  const far = new EntityTable(stack('Far', OURS, 'us-east-2'), 'Orders', {
    partitionKey: 'id',
    tableName: 'far-orders',
  });
  const both = { JOBS: queue.send(), FILES: Access.bucket(bucket).write() };
  const make = (id: string, access: AccessMap) =>
    new ServiceFunction(ours, id, { code: Code.fromInline(CODE), onFailure: 'none', access });
  make('Admitted', { ORDERS: table.write(), ...both });
  make('Far', { ORDERS: far.write(), ...both });
  const env = {
    ORDERS: `arn:aws:dynamodb:eu-west-1:${THEIRS}:table/orders`,
    JOBS: `https://sqs.eu-west-1.amazonaws.com/${THEIRS}/jobs`,
    FILES: 'files-of-theirs',
  };
  const alone = inline(ours, 'Alone', CODE, { environment: env });
  for (const action of ['dynamodb:PutItem', 'sqs:SendMessage', 's3:PutObject']) {
    alone.addToRolePolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
  }
  run = await running(app);
});

const DENIED = { table: 'AccessDeniedException', queue: expect.stringMatching(/AccessDenied/), bucket: 'AccessDenied' };

test('a function of another account is let in by its own policies together with those of the resources', async () => {
  expect(await run.invoke('Ours/Admitted')).toMatchObject({ table: 'done', queue: 'done', bucket: 'done' });
});

test('refuses a function whose own policies alone allow it', async () => {
  expect(await run.invoke('Ours/Alone')).toEqual(DENIED);
});

test('a table of another account is not found by its name', async () => {
  expect(await run.invoke('Ours/Admitted', { table: 'orders' })).toMatchObject({ table: 'AccessDeniedException' });
  expect(await run.invoke('Ours/Alone', { table: 'orders' })).toMatchObject({ table: 'ResourceNotFoundException' });
});

test('a table of another region is found by a client of that region, and by no other', async () => {
  expect(await run.invoke('Ours/Far')).toMatchObject({ table: 'done' });
  expect(await run.invoke('Ours/Far', { region: 'eu-west-1' })).toMatchObject({ table: 'ResourceNotFoundException' });
});

test('tables of one name in two accounts are told to be one here', async () => {
  const app = new App({ builtinCloudFormationValidation: false });
  for (const account of [OURS, THEIRS]) {
    const stack = new Stack(app, `Of${account}`, { env: { account, region: 'eu-west-1' } });
    new EntityTable(stack, 'Orders', { partitionKey: 'id', tableName: 'orders' });
  }
  const { unsupported } = await running(app);
  expect(unsupported.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/they share one table here$/));
});
