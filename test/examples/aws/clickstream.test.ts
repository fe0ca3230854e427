import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { ClickstreamStack } from '../../../examples/aws/clickstream/clickstream-stack';
import { clickOf } from '../../../examples/aws/clickstream/src/clicks';

test('refuses a record that is no click', () => {
  expect(() => clickOf(Buffer.from('{"id":1}').toString('base64'))).toThrow("a click must have an 'id' and a 'page'");
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: ClickstreamStack;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new ClickstreamStack(app, 'Clickstream');
    run = await runLocally(app, { timeScale: 300 });
  }, 30_000);
  afterAll(() => run.stop());

  test('counts every click once; a record that is no click blocks nobody and is kept', async () => {
    const click = (index: number) => JSON.stringify({ id: `c${index}`, page: index % 2 ? '/tea' : '/coffee' });
    const data = [...Array.from({ length: 40 }, (_, index) => click(index)), 'poison', click(40), click(0), click(1)];
    await run.client(KinesisClient).send(
      new PutRecordsCommand({
        StreamName: run.nameOf(stack.processor.source),
        Records: data.map((text) => ({ PartitionKey: 'visitor', Data: Buffer.from(text) })),
      }),
    );
    await run.idle({ timeout: 20_000 });

    const table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
    const { Items = [] } = await table.send(new ScanCommand({ TableName: run.nameOf(stack.counts) }));
    const counts = Items.filter(({ id }) => String(id).startsWith('page#'));
    expect(Object.fromEntries(counts.map(({ id, clicks }) => [id, clicks]))).toEqual({
      'page#/coffee': 21,
      'page#/tea': 20,
    });
    const [failed] = run.queue(stack.processor.failures).messages();
    expect(JSON.parse(failed!.body)).toMatchObject({ KinesisBatchInfo: { batchSize: 1 } });
  }, 40_000);
});
