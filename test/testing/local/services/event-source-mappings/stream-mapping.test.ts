import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand, RegisterStreamConsumerCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { type App, Duration, type Stack } from 'aws-cdk-lib';
import { AttributeType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Stream, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StreamProcessor, type StreamProcessorProps } from 'lintel/aws';
import type { LocalRun } from 'lintel/testing';
import { mutated } from '../../mutated';
import { inline, meeting, running, shop, stopRuns } from '../../support';

/** A handler that fails from the first bad record on, and says what it did. */
const WORKER = `
const read = (r) => r.kinesis
  ? { sequence: r.kinesis.sequenceNumber, ...JSON.parse(Buffer.from(r.kinesis.data, 'base64')) }
  : { sequence: r.dynamodb.SequenceNumber, n: +r.dynamodb.Keys.id.S, name: r.eventName };
exports.handler = async ({ Records, state, isFinalInvokeForWindow }) => {
  const records = Records.map(read);
  if (state) {
    if (isFinalInvokeForWindow) console.log('final ' + JSON.stringify(state));
    return { state: { sum: (state.sum ?? 0) + records.reduce((sum, { n }) => sum + n, 0) } };
  }
  console.log('begin');
  if (records.some((r) => r.throws)) throw new Error('broken');
  await Promise.all(records.map((r) => r.meet && fetch(r.meet)));
  if (records.some((r) => r.ms)) await new Promise((r) => setTimeout(r, Math.max(...records.map((one) => one.ms ?? 0))));
  const bad = records.findIndex((r) => r.poison);
  console.log('done ' + JSON.stringify(records.slice(0, bad < 0 ? undefined : bad).map((r) => r.n)));
  return { batchItemFailures: bad < 0 ? [] : [{ itemIdentifier: records[bad].sequence }] };
};`;

const oneShard = (stack: Stack) => new Stream(stack, 'Clicks', { shardCount: 1 });

const app = (
  props: Partial<StreamProcessorProps> = {},
  source: (stack: Stack) => StreamProcessorProps['source'] = oneShard,
): App =>
  shop((stack) => {
    const handler = inline(stack, 'Work', WORKER, { timeout: Duration.seconds(10) });
    new StreamProcessor(stack, 'Process', { handler, source: source(stack), maxAttempts: 3, ...props });
  });

const FAST = { timeScale: 600, retryDelay: 5, disorder: 0 };
const put = async (run: LocalRun, records: readonly object[], keys = 1) =>
  run.client(KinesisClient).send(
    new PutRecordsCommand({
      StreamName: run.nameOf('Clicks'),
      Records: records.map((one, index) => ({
        Data: Buffer.from(JSON.stringify(one)),
        PartitionKey: `key${index % keys}`,
      })),
    }),
  );
const doneBy = (run: LocalRun): number[] =>
  run
    .logs('Work')
    .map(({ message }) => /done (.*)$/.exec(message)?.[1])
    .flatMap((found) => (found === undefined ? [] : (JSON.parse(found) as number[])));
const failures = (run: LocalRun) =>
  run
    .queue('Process/DeadLetterQueue')
    .messages()
    .map(({ body }) => JSON.parse(body) as Record<string, Record<string, unknown>>);
const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

afterEach(stopRuns);

test('a poison record does not block its shard, and only it is given up', async () => {
  const run = await running(app(), FAST);
  await put(
    run,
    numbers(20).map((one) => (one.n === 7 ? { ...one, poison: true } : one)),
  );
  await run.idle();
  expect(new Set(doneBy(run))).toEqual(new Set(numbers(20).flatMap(({ n }) => (n === 7 ? [] : [n]))));
  expect(failures(run)).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
      KinesisBatchInfo: { batchSize: 1, shardId: 'shardId-000000000000' },
    },
  ]);
});

test('a record that makes the handler throw is found by halving', async () => {
  const run = await running(app(), FAST);
  await put(
    run,
    numbers(16).map((one) => (one.n === 11 ? { ...one, throws: true } : one)),
  );
  await run.idle();
  expect(doneBy(run)).toEqual(numbers(16).flatMap(({ n }) => (n === 11 ? [] : [n])));
  expect(failures(run)).toMatchObject([{ KinesisBatchInfo: { batchSize: 1 } }]);
});

test('a failure bucket keeps the records themselves', async () => {
  const run = await running(
    shop((stack) => {
      const handler = inline(stack, 'Work', WORKER);
      const failures = new Bucket(stack, 'Failures');
      new StreamProcessor(stack, 'Process', { handler, source: oneShard(stack), maxAttempts: 1, failures });
    }),
    FAST,
  );
  await put(run, [{ n: 1, poison: true }]);
  await run.idle();
  const s3 = run.client(S3Client);
  const bucket = { Bucket: run.nameOf('Failures') };
  const { Contents } = await s3.send(new ListObjectsV2Command(bucket));
  expect(Contents).toMatchObject([{ Key: expect.stringMatching(/^aws\/lambda\/.+\/shardId-000000000000\/\d{4}\//) }]);
  const { Body } = await s3.send(new GetObjectCommand({ ...bucket, Key: Contents![0]!.Key }));
  const kept = JSON.parse(await Body!.transformToString()) as { payload: string };
  expect(JSON.parse(kept.payload)).toMatchObject({ Records: [{ eventSource: 'aws:kinesis' }] });
});

test('records of one key are worked on in order, parallelization works on keys side by side', async () => {
  const run = await running(app({ parallelization: 4, batch: { size: 1 } }), FAST);
  const meet = await meeting(2);
  await put(
    run,
    numbers(16).map(({ n }) => ({ n, ms: 20, meet })),
    8,
  );
  await run.idle();
  expect(doneBy(run)).toHaveLength(16);
  for (let key = 0; key < 8; key++) {
    expect(doneBy(run).filter((n) => n % 8 === key)).toEqual([key, key + 8]);
  }
  expect(mostAtOnce(run)).toBeGreaterThan(1);
});

test('without parallelization, one batch of a shard is in work', async () => {
  const run = await running(app({ batch: { size: 1 } }), FAST);
  await put(
    run,
    numbers(6).map(({ n }) => ({ n, ms: 10 })),
    6,
  );
  await run.idle();
  expect(doneBy(run)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(mostAtOnce(run)).toBe(1);
});

test('records gather until the batch is full', async () => {
  const run = await running(app({ batch: { size: 6, window: Duration.minutes(5) } }), { ...FAST, timeScale: 1 });
  await put(run, numbers(3));
  await put(run, numbers(3));
  await run.idle();
  expect(run.report().functions[0]!.invocations.total).toBe(1);
});

test('records that do not fill a batch wait for the batching window', async () => {
  const run = await running(app({ batch: { size: 6, window: Duration.minutes(1) } }), FAST);
  const sent = Date.now();
  await put(run, numbers(3));
  await run.idle();
  expect(doneBy(run)).toEqual([0, 1, 2]);
  expect(Date.now() - sent).toBeGreaterThanOrEqual(100);
});

test('filters pass over other records without an invocation', async () => {
  const run = await running(app({ filters: [{ data: { n: [{ numeric: ['<', 2] }] } }] }), FAST);
  await put(run, numbers(5));
  await run.idle();
  expect(doneBy(run)).toEqual([0, 1]);
});

test('records that are too old are given up', async () => {
  const run = await running(app({ maxAge: Duration.minutes(1), maxAttempts: 10_000 }), FAST);
  await put(run, [{ n: 1, throws: true }, { n: 2 }]);
  await run.idle();
  expect(failures(run).flatMap(({ requestContext }) => requestContext!.condition)).toContain('RecordAgeExceeded');
});

test('a tumbling window keeps its state, and ends with a last invocation', async () => {
  const run = await running(app({ tumblingWindow: Duration.minutes(5) }), FAST);
  await put(run, numbers(4));
  await put(run, numbers(4));
  await run.idle();
  const finals = run.logs('Work').flatMap(({ message }) => /final (.*)$/.exec(message)?.[1] ?? []);
  const sums = finals.map((state) => (JSON.parse(state) as { sum: number }).sum);
  // Two, if a window ended between the records.
  expect(sums.reduce((sum, one) => sum + one, 0)).toBe(12);
});

test('a stream on demand spreads keys over its shards', async () => {
  const run = await running(
    app({}, (stack) => new Stream(stack, 'Clicks', { streamMode: StreamMode.ON_DEMAND })),
    FAST,
  );
  const { Records } = await put(run, numbers(50), 50);
  await run.idle();
  expect(new Set(Records!.map(({ ShardId }) => ShardId)).size).toBe(4);
  expect(new Set(doneBy(run)).size).toBe(50);
});

test('a table’s stream calls its function', async () => {
  const run = await running(
    app(
      {},
      (stack) =>
        new TableV2(stack, 'Orders', {
          partitionKey: { name: 'id', type: AttributeType.STRING },
          dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
        }),
    ),
    FAST,
  );
  const table = run.client(DynamoDBClient);
  for (let n = 0; n < 3; n++) {
    await table.send(new PutItemCommand({ TableName: run.nameOf('Orders'), Item: { id: { S: `${n}` } } }));
  }
  await run.idle();
  expect(doneBy(run)).toEqual([0, 1, 2]);
  const [access] = run.report().functions;
  expect(access!.platform.map(({ action }) => action)).toContain('dynamodb:GetRecords');
  expect(access!.denied).toEqual([]);
  // Lambda needs it to find streams; the mapping here knows its own.
  expect(access!.unused.map(({ action }) => action)).toEqual(['sqs:SendMessage']);
});

describe('with enhanced fan-out', () => {
  const FAN = `
exports.handler = async ({ Records }) => {
  for (const { eventSourceARN, kinesis } of Records) {
    console.log('from ' + eventSourceARN + ' ' + JSON.parse(Buffer.from(kinesis.data, 'base64')).n);
  }
};`;
  const both = (): App =>
    shop((stack) => {
      const clicks = new Stream(stack, 'Clicks', { shardCount: 1, encryptionKey: new Key(stack, 'Key') });
      const shared = inline(stack, 'Work', WORKER);
      new StreamProcessor(stack, 'Shared', { handler: shared, source: clicks });
      const handler = inline(stack, 'Fan', FAN);
      new StreamProcessor(stack, 'Own', { handler, source: clicks, enhancedFanOut: true });
    });

  test('a consumer has a position of its own, and is what its records name', async () => {
    const run = await running(both(), FAST);
    expect(run.unsupported).toEqual([]);
    await put(run, [{ n: 0 }, { n: 1, ms: 500 }, { n: 2 }]);
    await run.idle();
    expect(doneBy(run)).toEqual([0, 1, 2]);
    const said = run.logs('Fan').filter(({ message }) => message.includes('from '));
    expect(said.map(({ message }) => /stream\/\w[\w-]*\/consumer\/\S+:\d+ (\d)/.exec(message)?.[1])).toEqual([
      '0',
      '1',
      '2',
    ]);
  });

  test.each([
    ['kinesis:SubscribeToShard', 'not authorized to perform: kinesis:SubscribeToShard'],
    ['kinesis:ListShards', 'not authorized to perform: kinesis:ListShards'],
    ['kms:Decrypt', 'not authorized to perform: kms:Decrypt'],
  ])('without %s, what reads by a consumer does not run', async (action, message) => {
    const run = await running(withoutGrant(action, both()), FAST);
    const reasons = run.unsupported.filter(({ resource }) => resource === 'Shop/Own/Mapping');
    expect(reasons).toMatchObject([{ reason: expect.stringContaining(message) }]);
  });

  test('refuses operations on consumers by name', async () => {
    const run = await running(both(), FAST);
    const registered = run
      .client(KinesisClient)
      .send(new RegisterStreamConsumerCommand({ StreamARN: 'arn:aws:kinesis:x:1:stream/s', ConsumerName: 'Mine' }));
    await expect(registered).rejects.toThrow('RegisterStreamConsumer');
  });
});

describe('a setting that is lost is seen', () => {
  const MAPPING = 'AWS::Lambda::EventSourceMapping';
  const lost = (name: string) => mutated(app(), MAPPING, (properties) => delete properties[name]);

  test('without MaximumRetryAttempts, a poison record blocks its shard', async () => {
    const run = await running(lost('MaximumRetryAttempts'), FAST);
    await put(run, [{ n: 1, poison: true }, { n: 2 }]);
    await expect(run.idle({ timeout: 1000 })).rejects.toThrow('records for Shop/Process/Mapping');
    expect(doneBy(run)).toEqual([]);
  });

  test('without BisectBatchOnFunctionError, good records are given up with the bad one', async () => {
    const run = await running(lost('BisectBatchOnFunctionError'), FAST);
    await put(
      run,
      numbers(4).map((one) => (one.n === 0 ? { ...one, throws: true } : one)),
    );
    await run.idle();
    expect(failures(run)).toMatchObject([{ KinesisBatchInfo: { batchSize: 4 } }]);
  });

  test('without DestinationConfig, nobody hears of the record', async () => {
    const run = await running(lost('DestinationConfig'), FAST);
    await put(run, [{ n: 1, poison: true }]);
    await run.idle();
    expect(failures(run)).toEqual([]);
  });

  test('without ReportBatchItemFailures, what failed counts as done', async () => {
    const run = await running(lost('FunctionResponseTypes'), FAST);
    await put(run, [{ n: 1, poison: true }]);
    await run.idle();
    expect(failures(run)).toEqual([]);
  });

  test('without FilterCriteria, every record comes through', async () => {
    const filtered = app({ filters: [{ data: { n: [0] } }] });
    const run = await running(
      mutated(filtered, MAPPING, (properties) => delete properties.FilterCriteria),
      FAST,
    );
    await put(run, numbers(3));
    await run.idle();
    expect(doneBy(run)).toEqual([0, 1, 2]);
  });

  test.each([
    ['kinesis:GetRecords', 'not authorized to perform: kinesis:GetRecords'],
    ['kinesis:GetShardIterator', 'not authorized to perform: kinesis:GetShardIterator'],
  ])('without %s, the mapping does not run', async (action, message) => {
    const run = await running(withoutGrant(action), FAST);
    expect(run.unsupported.map(({ reason }) => reason).join()).toContain(message);
  });

  test('without the grant on the failure queue, its log says what was lost', async () => {
    const run = await running(withoutGrant('sqs:SendMessage'), FAST);
    await put(run, [{ n: 1, poison: true }]);
    await run.idle();
    expect(failures(run)).toEqual([]);
    expect(
      run
        .logs('Work')
        .map(({ message }) => message)
        .join(),
    ).toContain('not authorized to perform: sqs:SendMessage');
  });
});

/** The app without an action in the policies of its roles. */
function withoutGrant(action: string, of: App = app()): string {
  return mutated(of, 'AWS::IAM::Policy', (properties) => {
    const document = properties.PolicyDocument as { Statement: { Action: string | string[] }[] };
    for (const one of document.Statement) one.Action = [one.Action].flat().filter((name) => name !== action);
    document.Statement = document.Statement.filter(({ Action }) => Action.length > 0);
  });
}

/** How many invocations ran at once, at most. */
function mostAtOnce(run: LocalRun): number {
  let now = 0;
  let most = 0;
  for (const { message } of run.logs('Work')) {
    if (message.includes('begin')) most = Math.max(most, ++now);
    if (message.includes('done ')) now--;
  }
  return most;
}
