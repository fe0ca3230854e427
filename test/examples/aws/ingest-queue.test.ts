import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { IngestStack } from '../../../examples/aws/ingest-queue/ingest-stack';
import { readingOf } from '../../../examples/aws/ingest-queue/src/readings';

const reading = (second: number) => ({
  sensor: 'roof',
  takenAt: new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString(),
  celsius: 21,
});

describe('a reading', () => {
  test('is read from JSON', () => {
    expect(readingOf(JSON.stringify(reading(1)))).toEqual(reading(1));
  });

  test.each([
    ['no JSON'],
    ['{}'],
    [JSON.stringify({ ...reading(1), takenAt: 'soon' })],
    [JSON.stringify({ ...reading(1), celsius: -300 })],
  ])('refuses %s', (body) => {
    expect(() => readingOf(body)).toThrow();
  });
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: IngestStack;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new IngestStack(app, 'Ingest');
    run = await runLocally(app, { timeScale: 300 });
  }, 30_000);
  afterAll(() => run.stop());

  test('stores every reading once, in batches, and keeps what is none in the dead-letter queue', async () => {
    const readings = Array.from({ length: 300 }, (_, second) => reading(second));
    const queue = run.queue(stack.worker.queue);
    queue.send(readings);
    queue.send(readings.slice(0, 50));
    queue.send('not a reading');
    await run.idle({ timeout: 15_000 });

    const table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
    const stored = await table.send(new ScanCommand({ TableName: run.nameOf(stack.readings), Select: 'COUNT' }));
    expect(stored.Count).toBe(300);
    expect(
      run
        .queue(stack.worker.deadLetterQueue!)
        .messages()
        .map(({ body }) => body),
    ).toEqual(['not a reading']);
    expect(queue.depth()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    const [handler] = run.report().functions;
    expect(handler).toMatchObject({ denied: [] });
  }, 30_000);
});
