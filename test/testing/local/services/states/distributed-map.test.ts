import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeMapRunCommand, ListExecutionsCommand, ListMapRunsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { LocalRun } from 'lintel/testing';
import { running, shop, stopRuns } from '../../support';

const CSV = 'id,amount\n1,10\n2,"20,5"\n3,30\n4,40\n5,50\n';

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

beforeAll(async () => {
  const app = shop((stack) => {
    const files = new Bucket(stack, 'Files');
    const machine = (id: string, more: object) => {
      const made = new StateMachine(stack, id, { definitionBody: DefinitionBody.fromString(definition(more)) });
      files.grantReadWrite(made);
      return made;
    };
    machine('Strict', {});
    machine('Batched', { ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { shop: 'x' } }, ToleratedFailureCount: 1 });
    machine('Written', {
      ToleratedFailurePercentage: 20,
      ItemSelector: {
        id: '{% $states.context.Map.Item.Value.id %}',
        amount: '{% $states.context.Map.Item.Value.amount %}',
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Arguments: { Bucket: '{% $states.input.bucket %}', Prefix: 'results' },
      },
    });
    new StateMachine(stack, 'Closed', { definitionBody: DefinitionBody.fromString(definition({})) });
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
  await run.client(S3Client).send(new PutObjectCommand({ Bucket: bucket, Key: 'rows.csv', Body: CSV }));
});

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
  const read = async (Key: string): Promise<unknown> => {
    const { Body } = await run.client(S3Client).send(new GetObjectCommand({ Bucket: bucket, Key }));
    return JSON.parse(await Body!.transformToString());
  };
  const manifest = (await read(ResultWriterDetails.Key)) as {
    ResultFiles: Record<'FAILED' | 'PENDING' | 'SUCCEEDED', { Key: string; Size: number }[]>;
  };
  expect(ResultWriterDetails.Key).toMatch(/^results\/[0-9a-f-]{36}\/manifest\.json$/);
  expect(Object.values(manifest.ResultFiles).map((files) => files.length)).toEqual([1, 0, 1]);
  const failed = (await read(manifest.ResultFiles.FAILED[0]!.Key)) as object[];
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
