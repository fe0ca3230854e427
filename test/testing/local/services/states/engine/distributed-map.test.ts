import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import { ArnFormat } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { gzipSync } from 'node:zlib';
import { running, shop, stopRuns } from '../../../support';

const CSV = 'id,amount\n1,10\n2,"20,5"\n3,30\n4,40\n5,50\n';

interface Manifest {
  ResultFiles: Record<'FAILED' | 'PENDING' | 'SUCCEEDED', { Key: string; Size: number }[]>;
}

let run: LocalRun;
let bucket: string;

/** A distributed map over what a file has; an item whose amount is 30 fails. */
function definition(more: object): string {
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Rows',
    States: {
      Rows: {
        Type: 'Map',
        Label: 'Rows',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Check',
          States: {
            Check: {
              Type: 'Choice',
              Choices: [{ Condition: '{% "30" in $states.input.**.amount %}', Next: 'Bad' }],
              Default: 'Good',
            },
            Good: { Type: 'Succeed' },
            Bad: { Type: 'Fail', Error: 'Bad', Cause: 'it is 30' },
          },
        },
        ItemReader: {
          Resource: 'arn:aws:states:::s3:getObject',
          ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
          Arguments: { Bucket: '{% $states.input.bucket %}', Key: 'rows.csv' },
        },
        ...more,
        End: true,
      },
    },
  });
}

/** What a map does with each item that a reader gives: nothing. */
function reading(resource: string, config: object, parameters: object, more: object = {}): string {
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Read',
    States: {
      Read: {
        Type: 'Map',
        Label: 'Read',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'Item',
          States: { Item: { Type: 'Succeed' } },
        },
        ItemReader: {
          Resource: `arn:aws:states:::s3:${resource}`,
          ReaderConfig: config,
          Arguments: { Bucket: '{% $states.input.bucket %}', ...parameters },
        },
        ItemSelector: {
          source: '{% $states.context.Map.Item.Source %}',
          value: '{% $states.context.Map.Item.Value %}',
        },
        End: true,
        ...more,
      },
    },
  });
}

const ITEM = {
  bucket: '{% $states.context.Execution.Input.bucket %}',
  key: '{% $states.context.Map.Item.Value %}',
};

/** Each item needs an object of its name. */
function gated(type: 'STANDARD' | 'EXPRESS', more: object = {}, first: object = { Type: 'Pass' }): string {
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Gates',
    States: {
      Gates: {
        Type: 'Map',
        Label: 'Gates',
        Items: '{% $states.input.gates %}',
        ItemSelector: ITEM,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
          StartAt: 'Before',
          States: {
            Before: { ...first, Next: 'Gate' },
            Gate: {
              Type: 'Task',
              Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
              Arguments: { Bucket: '{% $states.input.bucket %}', Key: '{% $states.input.key %}' },
              Output: '{% $states.result.Body %}',
              End: true,
            },
          },
        },
        ...more,
        End: true,
      },
    },
  });
}

const WRITER = {
  ResultWriter: {
    Resource: 'arn:aws:states:::s3:putObject',
    Arguments: { Bucket: '{% $states.input.bucket %}', Prefix: 'results' },
  },
};

beforeAll(async () => {
  const app = shop((stack) => {
    const files = new Bucket(stack, 'Files');
    const mapping = (id: string, source: string) => {
      const made = new StateMachine(stack, id, { definitionBody: DefinitionBody.fromString(source) });
      files.grantReadWrite(made);
      const executions = stack.formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${made.stateMachineName}*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      const own = new Policy(stack, `${id}Own`, {
        statements: [
          new PolicyStatement({ actions: ['states:StartExecution'], resources: [made.stateMachineArn] }),
          new PolicyStatement({
            actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
            resources: [executions],
          }),
        ],
      });
      own.attachToRole(made.role);
    };
    const machine = (id: string, more: object) => mapping(id, definition(more));
    mapping('Standard', gated('STANDARD'));
    mapping('Express', gated('EXPRESS'));
    const held = { ...ITEM, wait: '{% $states.context.Execution.Input.wait %}' };
    const waits = { Type: 'Wait', Seconds: '{% $states.input.wait %}' };
    mapping('Held', gated('STANDARD', { MaxConcurrency: 1, ItemSelector: held, ...WRITER }, waits));
    mapping(
      'Loaded',
      reading('listObjectsV2', { InputType: 'JSONL', Transformation: 'LOAD_AND_FLATTEN' }, { Prefix: 'lines/' }),
    );
    mapping('Listed', reading('listObjectsV2', {}, { Prefix: 'lines/' }));
    mapping(
      'Inventory',
      reading('getObject', { InputType: 'MANIFEST', MaxItems: 3 }, { Key: 'inventory/manifest.json' }),
    );
    mapping('Exported', reading('getObject', { InputType: 'JSONL' }, { Key: 'export/manifest-files.json' }));
    mapping(
      'Pointed',
      reading(
        'getObject',
        { InputType: 'JSON', ItemsPointer: '/a/b~1c' },
        { Key: 'days.json' },
        { ItemSelector: undefined },
      ),
    );
    mapping('Parquet', reading('getObject', { InputType: 'PARQUET' }, { Key: 'x.parquet' }));
    const alone = new StateMachine(stack, 'Alone', { definitionBody: DefinitionBody.fromString(gated('STANDARD')) });
    files.grantRead(alone);
    machine('Strict', {});
    machine('Batched', { ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { shop: 'x' } }, ToleratedFailureCount: 1 });
    machine('Written', {
      ToleratedFailurePercentage: 20,
      ItemSelector: {
        id: '{% $states.context.Map.Item.Value.id %}',
        amount: '{% $states.context.Map.Item.Value.amount %}',
      },
      ...WRITER,
    });
    const closed = new StateMachine(stack, 'Closed', { definitionBody: DefinitionBody.fromString(definition({})) });
    closed.addToRolePolicy(new PolicyStatement({ actions: ['states:*'], resources: ['*'] }));
    const started = new StateMachine(stack, 'Started', {
      definitionBody: DefinitionBody.fromString('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'),
    });
    new Rule(stack, 'Rule', {
      eventBus: EventBus.fromEventBusName(stack, 'Default', 'default'),
      eventPattern: {
        source: ['aws.states'],
        detail: { status: ['SUCCEEDED'], name: ['told'] },
      },
      targets: [new SfnStateMachine(started)],
    });
  });
  run = await running(app, { timeScale: 100 });
  bucket = run.nameOf('Files');
  await put('rows.csv', CSV);
});

async function put(Key: string, Body: string | Buffer): Promise<void> {
  await run.client(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

async function read<T = unknown>(Key: string): Promise<T> {
  const { Body } = await run.client(S3Client).send(new GetObjectCommand({ Bucket: bucket, Key }));
  return JSON.parse(await Body!.transformToString()) as T;
}

afterAll(stopRuns);

test('one item that fails is too many where none is tolerated', async () => {
  const execution = await run.machine('Strict').start({ bucket }).wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  expect(execution.history.map(({ event }) => event)).toEqual([
    'ExecutionStarted',
    'MapStateEntered',
    'MapStateStarted',
    'MapRunStarted',
    'MapRunFailed',
    'MapStateFailed',
    'ExecutionFailed',
  ]);
});

test('items come in batches, and as many fail as are tolerated', async () => {
  await expect(run.machine('Batched').run({ bucket })).resolves.toEqual([
    {
      BatchInput: { shop: 'x' },
      Items: [
        { id: '1', amount: '10' },
        { id: '2', amount: '20,5' },
      ],
    },
    { Error: 'Bad', Cause: 'it is 30' },
    { BatchInput: { shop: 'x' }, Items: [{ id: '5', amount: '50' }] },
  ]);
});

test('results are written by how they ended, with a manifest, and the API tells of the run', async () => {
  const execution = run.machine('Written').start({ bucket }, { name: 'told' });
  const { MapRunArn, ResultWriterDetails } = await execution.succeeded<{
    MapRunArn: string;
    ResultWriterDetails: { Bucket: string; Key: string };
  }>();
  const manifest = await read<Manifest>(ResultWriterDetails.Key);
  expect(ResultWriterDetails.Key).toMatch(/^results\/[0-9a-f-]{36}\/manifest\.json$/);
  expect(Object.values(manifest.ResultFiles).map((files) => files.length)).toEqual([1, 0, 1]);
  const failed = await read(manifest.ResultFiles.FAILED[0]!.Key);
  expect(failed).toEqual([
    expect.objectContaining({ Status: 'FAILED', Error: 'Bad', Input: '{"id":"3","amount":"30"}' }),
  ]);

  const sfn = run.client(SFNClient);
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn: execution.arn }));
  expect(mapRuns.map(({ mapRunArn }) => mapRunArn)).toEqual([MapRunArn]);
  const described = await sfn.send(new DescribeMapRunCommand({ mapRunArn: MapRunArn }));
  expect(described).toMatchObject({ status: 'SUCCEEDED', itemCounts: { succeeded: 4, failed: 1, total: 5 } });
  const items = await sfn.send(new ListExecutionsCommand({ mapRunArn: MapRunArn, statusFilter: 'FAILED' }));
  expect(items.executions).toHaveLength(1);
});

test('the status of an execution is an event, which starts another machine', async () => {
  await run.idle();
  const [started] = run.machine('Started').executions;
  await expect(started!.succeeded()).resolves.toMatchObject({
    'detail-type': 'Step Functions Execution Status Change',
  });
});

test('refuses to read a bucket that the role may not read', async () => {
  const execution = await run.machine('Closed').start({ bucket }).wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
  expect(execution.cause).toMatch(/not authorized to perform: s3:GetObject|Access Denied/i);
});

test('refuses to run items where the role may not start executions of its own machine', async () => {
  const execution = await run
    .machine('Alone')
    .start({ bucket, gates: ['a'] })
    .wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Permissions' });
  expect(execution.cause).toMatch(/not authorized to perform: states:StartExecution on resource: .*:stateMachine:/);
});

test.each(['Standard', 'Express'])('a redrive of a map of %s executions runs again what has failed', async (id) => {
  const gates = [`${id}-open`, `${id}-closed`];
  await put(gates[0]!, 'open');
  const execution = await run.machine(id).start({ bucket, gates }).wait();
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  const sfn = run.client(SFNClient);
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn: execution.arn }));
  const { mapRunArn } = mapRuns[0]!;
  const children = async (statusFilter: 'SUCCEEDED' | 'FAILED') =>
    (await sfn.send(new ListExecutionsCommand({ mapRunArn, statusFilter }))).executions ?? [];
  const [failed] = await children('FAILED');
  const described = await sfn.send(new DescribeExecutionCommand({ executionArn: failed!.executionArn }));
  expect(described).toMatchObject({ redriveStatus: 'REDRIVABLE_BY_MAP_RUN' });
  const alone = sfn.send(new RedriveExecutionCommand({ executionArn: failed!.executionArn }));
  await expect(alone).rejects.toThrow(id === 'Standard' ? /ExecutionNotRedrivable|Map Run/ : /express/i);

  await put(gates[1]!, 'late');
  await sfn.send(new RedriveExecutionCommand({ executionArn: execution.arn }));
  await expect(execution.succeeded()).resolves.toEqual(['open', 'late']);
  const events = execution.history.map(({ event }) => event);
  expect(events.slice(events.indexOf('ExecutionRedriven'))).toEqual([
    'ExecutionRedriven',
    'MapStateEntered',
    'MapRunRedriven',
    'MapRunSucceeded',
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
  await expect(sfn.send(new DescribeMapRunCommand({ mapRunArn }))).resolves.toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
    executionCounts: { succeeded: 2, failed: 0, pending: 0, total: 2 },
  });
  // A Standard execution goes on where it failed, an Express one is started anew.
  expect(await children('SUCCEEDED')).toHaveLength(2);
  expect((await children('FAILED')).length).toBe(id === 'Standard' ? 0 : 1);
});

test('what never began is written, too, and how much may fail is changed while the map runs', async () => {
  const gates = ['held-1', 'held-2', 'held-3'];
  const failed = await run.machine('Held').start({ bucket, gates, wait: 0 }).wait();
  expect(failed.error).toBe('States.ExceedToleratedFailureThreshold');
  const sfn = run.client(SFNClient);
  const mapRunOf = async (executionArn: string) => {
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    return mapRuns[0]!.mapRunArn!;
  };
  const first = await mapRunOf(failed.arn);
  const { ResultFiles } = await read<Manifest>(`results/${first.split(':').at(-1)}/manifest.json`);
  expect(ResultFiles.FAILED).toHaveLength(1);
  await expect(read(ResultFiles.PENDING[0]!.Key)).resolves.toHaveLength(2);
  await expect(sfn.send(new DescribeMapRunCommand({ mapRunArn: first }))).resolves.toMatchObject({
    status: 'FAILED',
    itemCounts: { failed: 1, pending: 2, total: 3 },
  });

  // Two seconds: the first item would fail before a slow machine has changed what may.
  const execution = run.machine('Held').start({ bucket, gates, wait: 200 });
  const mapRunArn = await eventually(() => mapRunOf(execution.arn));
  await sfn.send(new UpdateMapRunCommand({ mapRunArn, toleratedFailurePercentage: 100, maxConcurrency: 2 }));
  await expect(execution.wait()).resolves.toMatchObject({ status: 'SUCCEEDED' });
  await expect(sfn.send(new DescribeMapRunCommand({ mapRunArn }))).resolves.toMatchObject({
    maxConcurrency: 2,
    toleratedFailurePercentage: 100,
    itemCounts: { failed: 3 },
  });
  const late = sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 1 }));
  await expect(late).rejects.toThrow('the Map Run is SUCCEEDED');
});

test('readers give listings, what is listed, inventories, files of an export and fields of an object', async () => {
  await put('lines/1.jsonl', '{"a":1}\n{"a":2}\n');
  await put('lines/2.jsonl', '{"a":3}\n');
  await put('inventory/data/1.csv.gz', gzipSync('"shop","a%2Fb","12"\n"shop","c","3"\n'));
  await put('inventory/data/2.csv.gz', gzipSync('"shop","d","4"\n"shop","e","5"\n'));
  const manifest = {
    sourceBucket: 'shop',
    destinationBucket: `arn:aws:s3:::${bucket}`,
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size',
    files: [{ key: 'inventory/data/1.csv.gz' }, { key: 'inventory/data/2.csv.gz' }],
  };
  await put('inventory/manifest.json', JSON.stringify(manifest));
  await put('export/manifest-files.json', '{"itemCount":2,"dataFileS3Key":"export/data/x.json.gz"}\n');
  await put('days.json', JSON.stringify({ a: { 'b/c': { monday: 1, tuesday: [2] } } }));
  const given = async (id: string) => {
    const execution = run.machine(id).start({ bucket });
    return execution.succeeded();
  };
  const from = (key: string, value: unknown) => ({ source: `S3://${bucket}/${key}`, value });
  await expect(given('Loaded')).resolves.toEqual([
    from('lines/1.jsonl', { a: 1 }),
    from('lines/1.jsonl', { a: 2 }),
    from('lines/2.jsonl', { a: 3 }),
  ]);
  await expect(given('Listed')).resolves.toMatchObject([
    { source: `S3://${bucket}`, value: { Key: 'lines/1.jsonl', Size: 16 } },
    { source: `S3://${bucket}`, value: { Key: 'lines/2.jsonl' } },
  ]);
  await expect(given('Inventory')).resolves.toEqual([
    from('inventory/data/1.csv.gz', { Bucket: 'shop', Key: 'a%2Fb', Size: '12' }),
    from('inventory/data/1.csv.gz', { Bucket: 'shop', Key: 'c', Size: '3' }),
    from('inventory/data/2.csv.gz', { Bucket: 'shop', Key: 'd', Size: '4' }),
  ]);
  await expect(given('Exported')).resolves.toEqual([
    from('export/manifest-files.json', { itemCount: 2, dataFileS3Key: 'export/data/x.json.gz' }),
  ]);
  await expect(given('Pointed')).resolves.toEqual([
    { Key: 'monday', Value: 1 },
    { Key: 'tuesday', Value: [2] },
  ]);
  const parquet = await run.machine('Parquet').start({ bucket }).wait();
  expect(parquet).toMatchObject({ status: 'FAILED', error: 'LocalRunUnsupported' });
  expect(run.unsupported.map(({ reason }) => reason).join()).toContain("its state 'Read' reads Parquet");
});

async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt > 100) throw error;
    }
  }
}
