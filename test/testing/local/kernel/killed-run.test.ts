import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type LocalRun, runLocally } from 'lintel/testing';
import { inline, running, shop, stopRuns } from '../support';

const root = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(stopRuns);

// Each starts a process that loads the SDK and the compiler.
jest.setTimeout(60_000);

const { directory } = shop((stack) => {
  const partitionKey = { name: 'id', type: AttributeType.STRING };
  const table = new Table(stack, 'Orders', { partitionKey, stream: StreamViewType.NEW_IMAGE });
  new Queue(stack, 'Jobs');
  new Queue(stack, 'Ordered', { fifo: true });
  new Bucket(stack, 'Files', { versioned: true });
  new Secret(stack, 'Key', { secretName: 'key' });
  const reader = inline(stack, 'Reader', `exports.handler = async () => console.log('SEEDING');`);
  reader.addEventSource(new DynamoEventSource(table, { startingPosition: StartingPosition.TRIM_HORIZON }));
}).synth();

/** Starts a run in a process, and kills it when it has printed something. */
async function killed(when: RegExp, data: string, ...seedFile: readonly string[]): Promise<RegExpExecArray> {
  const program = path.join(__dirname, 'run-with-data.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, directory, data, ...seedFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const found = when.exec(text);
    if (!found) continue;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    return found;
  }
  throw new Error(`it ended with '${text}'`);
}

const count = async (run: LocalRun) =>
  (await run.client(DynamoDBClient).send(new ScanCommand({ TableName: run.nameOf('Orders'), Select: 'COUNT' }))).Count;
const messagesOf = (run: LocalRun, name: string) => run.queue(name).messages();

test('what was written before a run was killed in the middle of its work is there in the next', async () => {
  const data = path.join(root, 'killed');
  const [, generated] = await killed(/WRITTEN (.+)\n/, data);
  const run = await running(directory, { data, disorder: 0 });
  expect(messagesOf(run, 'Jobs')).toMatchObject([
    { body: 'second', receives: 1 },
    { body: 'third', receives: 0 },
    { body: 'later', receives: 0 },
  ]);
  expect(run.queue('Jobs').depth()).toEqual({ visible: 2, inFlight: 0, delayed: 1 });
  expect(messagesOf(run, 'Ordered').length).toBeGreaterThan(10);
  const s3 = run.client(S3Client);
  const bucket = { Bucket: run.nameOf('Files') };
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand(bucket));
  const latest = (all: readonly { Key?: string; IsLatest?: boolean }[]) =>
    all.map(({ Key, IsLatest }) => `${Key} ${IsLatest}`);
  expect(latest(Versions)).toEqual(['a.txt true', 'a.txt false', 'b.txt false']);
  expect(latest(DeleteMarkers)).toEqual(['b.txt true']);
  const { Body } = await s3.send(new GetObjectCommand({ ...bucket, Key: 'a.txt' }));
  expect(await Body!.transformToString()).toBe('two');
  const { Parameter } = await run.client(SSMClient).send(new GetParameterCommand({ Name: '/made' }));
  const secrets = run.client(SecretsManagerClient);
  const valueOf = async (SecretId: string) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  expect([Parameter?.Value, await valueOf('made'), await valueOf('key')]).toEqual(['v', 's', generated]);
  expect(await count(run)).toBe(1);
});

test('a seed whose run was killed meanwhile is sown again, whole and once', async () => {
  const seedFile = path.join(root, 'seed.json');
  const items = Array.from({ length: 500 }, (_, index) => ({ id: String(index) }));
  writeFileSync(seedFile, JSON.stringify({ tables: { Orders: items }, queues: { Jobs: ['a', 'b'] } }));
  const data = path.join(root, 'seeding');
  await killed(/SEEDING/, data, seedFile);
  const run = await running(directory, { data, seedFile, disorder: 0 });
  expect(await count(run)).toBe(500);
  expect(messagesOf(run, 'Jobs').map(({ body }) => body)).toEqual(['a', 'b']);
});

test('what a run left that did not finish its seed is removed, and what a user has there is not', async () => {
  const data = path.join(root, 'unfinished');
  mkdirSync(data);
  writeFileSync(path.join(data, '.gitignore'), '*');
  const seedFile = path.join(root, 'wrong.json');
  writeFileSync(seedFile, JSON.stringify({ queues: { Jobs: ['a'], Nothing: ['b'] } }));
  await expect(runLocally(directory, { data, seedFile })).rejects.toThrow("no queue 'Nothing'");
  writeFileSync(seedFile, JSON.stringify({ queues: { Jobs: ['a'], Ordered: ['b'] } }));
  for (let start = 0; start < 2; start++) {
    const run = await running(directory, { data, seedFile, disorder: 0 });
    expect(messagesOf(run, 'Jobs').map(({ body }) => body)).toEqual(['a']);
    await stopRuns();
  }
});
