import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { type LocalRun, type LocalRunOptions, runLocally } from 'lintel/testing';
import { DataDirectory } from '../../../../lib/testing/local/kernel/data-directory';
import { inline, shop } from '../support';

const root = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const app = (key = 'id') =>
  shop((stack: Stack) => {
    const table = new Table(stack, 'Orders', {
      partitionKey: { name: key, type: AttributeType.STRING },
      stream: StreamViewType.NEW_IMAGE,
    });
    new Queue(stack, 'Jobs');
    new Queue(stack, 'Ordered', { fifo: true });
    new Bucket(stack, 'Files', { versioned: true });
    const reader = inline(
      stack,
      'Reader',
      `exports.handler = async ({ Records }) => console.log('read ' + Records.length);`,
    );
    reader.addEventSource(new DynamoEventSource(table, { startingPosition: StartingPosition.LATEST }));
  });

/** Does something in a run, and stops it. */
async function during<T>(options: LocalRunOptions, work: (run: LocalRun) => Promise<T>, source = app()): Promise<T> {
  const run = await runLocally(source, { disorder: 0, ...options });
  try {
    const result = await work(run);
    await run.idle();
    return result;
  } finally {
    await run.stop();
  }
}

const put = (run: LocalRun, id: string) =>
  run.client(DynamoDBClient).send(new PutItemCommand({ TableName: run.nameOf('Orders'), Item: { id: { S: id } } }));
const count = async (run: LocalRun) =>
  (await run.client(DynamoDBClient).send(new ScanCommand({ TableName: run.nameOf('Orders') }))).Count;
const bodies = (run: LocalRun, name: string) =>
  run
    .queue(name)
    .messages()
    .map(({ body }) => body);

test('tables, queues and buckets are there in the next run, and the stream of the table is read', async () => {
  const data = path.join(root, 'kept');
  await during({ data }, async (run) => {
    await put(run, '1');
    run.queue('Jobs').send(['first', 'second']);
    run.queue('Ordered').send('in order', { groupId: 'g', deduplicationId: '1' });
    const object = { Bucket: run.nameOf('Files'), Key: 'a/b.txt' };
    for (const Body of ['one', 'two'])
      await run.client(S3Client).send(new PutObjectCommand({ ...object, Body, Metadata: { who: 'Ann' } }));
    await run.idle();
  });
  await during({ data }, async (run) => {
    expect(await count(run)).toBe(1);
    expect(run.unsupported).toEqual([]);
    expect([bodies(run, 'Jobs'), bodies(run, 'Ordered')]).toEqual([['first', 'second'], ['in order']]);
    const s3 = run.client(S3Client);
    const Bucket = run.nameOf('Files');
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b.txt' }));
    expect([await Body!.transformToString(), Metadata]).toEqual(['two', { who: 'Ann' }]);
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(2);
    await put(run, '2');
    await run.idle();
    expect(run.logs('Reader').map(({ message }) => message)).toEqual([expect.stringContaining('read 1')]);
  });
});

describe('what handlers write to parameters and secrets', () => {
  const configured = (value: string) =>
    shop((stack) => {
      for (const name of ['/a', '/gone']) new StringParameter(stack, name, { parameterName: name, stringValue: value });
      new Secret(stack, 'Key', { secretName: 'key' });
    });
  const valuesOf = async (run: LocalRun) => {
    const Names = ['/a', '/gone', '/made'];
    const { Parameters = [] } = await run.client(SSMClient).send(new GetParametersCommand({ Names }));
    return Object.fromEntries(Parameters.map(({ Name, Value, Version }) => [Name, `${Value} v${Version}`]));
  };
  const secretOf = async (run: LocalRun) =>
    (await run.client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: 'key' }))).SecretString;

  test('stays until the template changes, as after a deployment', async () => {
    const data = path.join(root, 'parameters');
    const generated = await during(
      { data },
      async (run) => {
        const ssm = run.client(SSMClient);
        await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'written', Overwrite: true }));
        await ssm.send(new PutParameterCommand({ Name: '/made', Value: 'by a handler', Type: 'String' }));
        await ssm.send(new DeleteParameterCommand({ Name: '/gone' }));
        return secretOf(run);
      },
      configured('one'),
    );
    const again = await during({ data }, async (run) => [await valuesOf(run), await secretOf(run)], configured('one'));
    expect(again).toEqual([{ '/a': 'written v2', '/made': 'by a handler v1' }, generated]);
    const changed = await during({ data }, valuesOf, configured('two'));
    expect(changed).toEqual({ '/a': 'two v3', '/gone': 'two v1', '/made': 'by a handler v1' });
    const given = { data, parameters: { '/a': 'mine' }, secrets: { key: 'mine' } };
    const mine = await during(given, async (run) => [await valuesOf(run), await secretOf(run)], configured('two'));
    expect(mine).toEqual([expect.objectContaining({ '/a': 'mine v1' }), 'mine']);
  });
});

test('a table whose keys have changed is listed', async () => {
  const data = path.join(root, 'changed');
  await during({ data }, async (run) => void (await put(run, '1')));
  const unsupported = await during({ data }, async (run) => run.unsupported, app('number'));
  expect(unsupported).toMatchObject([
    { resource: 'Shop/Orders', reason: expect.stringContaining('different keys') as string },
  ]);
});

test('refuses a directory that another run has, and leaves what is in it', async () => {
  const data = path.join(root, 'shared');
  await during({ data }, async (run) => {
    run.queue('Jobs').send('kept');
    await expect(runLocally(app(), { data })).rejects.toThrow(`in use by process ${process.pid}`);
  });
  await during({ data }, async (run) => expect(bodies(run, 'Jobs')).toEqual(['kept']));
});

test('takes over a directory whose killed run had the id of this process, as in a container', async () => {
  const data = path.join(root, 'container');
  mkdirSync(data);
  writeFileSync(path.join(data, 'owner.json'), JSON.stringify({ pid: process.pid, host: hostname() }));
  await during({ data }, async (run) => {
    expect(run.unsupported).toEqual([]);
    await expect(runLocally(app(), { data })).rejects.toThrow(`in use by process ${process.pid}`);
  });
});

test('a run that cannot start leaves what was kept', async () => {
  const data = path.join(root, 'failing');
  await during({ data }, async (run) => {
    run.queue('Jobs').send('kept');
    const endpointPort = Number(new URL(run.clientConfig.endpoint).port);
    const other = path.join(root, 'other');
    await expect(runLocally(app(), { data: other, endpointPort })).rejects.toThrow(`port ${endpointPort} is in use`);
    expect(readdirSync(other)).toEqual([]);
  });
  await expect(runLocally(app(), { data, port: 1 })).rejects.toThrow('port 1 is chosen');
  await during({ data }, async (run) => expect(bodies(run, 'Jobs')).toEqual(['kept']));
});

describe('a seed file', () => {
  const seedFile = path.join(root, 'seed.json');
  const write = (content: unknown) => writeFileSync(seedFile, JSON.stringify(content));
  beforeAll(() => mkdirSync(root, { recursive: true }));

  test('fills tables, queues and buckets, and of a data directory a new one', async () => {
    write({
      tables: { 'Shop/Orders': [{ id: '1', total: 12.5, paid: true, lines: [{ sku: 'a' }], note: null }] },
      queues: { Jobs: ['text', { job: 1 }], Ordered: ['x'] },
      buckets: { Files: { 'a b/ü.txt': 'Grüße', 'a.json': { a: 1 } } },
    });
    const data = path.join(root, 'seeded');
    await during({ data, seedFile }, async (run) => {
      const key = { TableName: run.nameOf('Orders'), Key: { id: { S: '1' } } };
      expect((await run.client(DynamoDBClient).send(new GetItemCommand(key))).Item).toEqual({
        id: { S: '1' },
        total: { N: '12.5' },
        paid: { BOOL: true },
        lines: { L: [{ M: { sku: { S: 'a' } } }] },
        note: { NULL: true },
      });
      const object = { Bucket: run.nameOf('Files'), Key: 'a b/ü.txt' };
      const { Body } = await run.client(S3Client).send(new GetObjectCommand(object));
      expect(await Body!.transformToString()).toBe('Grüße');
    });
    await during({ data, seedFile }, async (run) => {
      expect(bodies(run, 'Jobs')).toEqual(['text', '{"job":1}']);
    });
  });

  test('refuses what is not there, and what is refused, all at once', async () => {
    write({
      tables: { Nothing: [{ id: '1' }], Orders: [{ number: 1 }] },
      topics: {},
    });
    const message = await runLocally(app(), { seedFile }).then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toContain("'topics' must be 'tables', 'queues' or 'buckets'");
    expect(message).toContain("tables.Nothing[0]: there is no table 'Nothing'");
    expect(message).toMatch(/tables\.Orders\[0\]: .*key/i);
  });

  test('refuses a file that is not there or no JSON', async () => {
    await expect(runLocally(app(), { seedFile: path.join(root, 'none.json') })).rejects.toThrow('cannot be read');
    writeFileSync(seedFile, 'nonsense');
    await expect(runLocally(app(), { seedFile })).rejects.toThrow('must hold a JSON object');
  });
});

test('a directory that another run filled before this one began is not new', () => {
  const data = path.join(root, 'filled');
  const [first, second] = [new DataDirectory(data), new DataDirectory(data)];
  first.open(true);
  writeFileSync(path.join(data, 'parameters.json'), '{"a":1}');
  first.finish();
  first.close();
  second.open(true);
  expect([first.isNew, second.isNew, second.read('parameters.json')]).toEqual([true, false, { a: 1 }]);
  second.close();
});
