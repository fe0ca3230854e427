import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { App } from 'aws-cdk-lib';
import { type LocalRun, runLocally } from 'lintel/testing';
import { ReportStack } from '../../../examples/aws/nightly-report/report-stack';
import { reportOf } from '../../../examples/aws/nightly-report/src/report';

test('a report leaves out what was cancelled', () => {
  const orders = [
    { status: 'placed', total: 500 },
    { status: 'cancelled', total: 900 },
  ];
  expect(reportOf('2030-01-31', orders)).toEqual({ day: '2030-01-31', orders: 1, revenue: 500 });
});

describe('run locally', () => {
  let run: LocalRun;
  let stack: ReportStack;
  let table: DynamoDBDocumentClient;

  beforeAll(async () => {
    const app = new App({ builtinCloudFormationValidation: false });
    stack = new ReportStack(app, 'NightlyReport');
    run = await runLocally(app);
    table = DynamoDBDocumentClient.from(run.client(DynamoDBClient));
  }, 30_000);
  afterAll(() => run.stop());

  const reports = async () => {
    await run.idle();
    return (await table.send(new ScanCommand({ TableName: run.nameOf(stack.reports) }))).Items;
  };

  test('writes the report of a day once, though the schedule delivers the run twice', async () => {
    const order = { id: 'o1', status: 'placed', total: 500 };
    await table.send(new PutCommand({ TableName: run.nameOf(stack.orders), Item: order }));
    const at = new Date('2030-01-31T02:00:00Z');
    await run.fire(stack.job.schedule, { at });
    const [first] = (await reports()) ?? [];
    expect(first).toMatchObject({ day: '2030-01-31', orders: 1, revenue: 500 });
    await run.fire(stack.job.schedule, { at });
    await expect(reports()).resolves.toEqual([first]);
  }, 30_000);

  test('keeps a run that fails in the dead-letter queue', async () => {
    await table.send(new DeleteTableCommand({ TableName: run.nameOf(stack.orders) }));
    await run.fire(stack.job.schedule, { at: new Date('2030-02-01T02:00:00Z') });
    await run.idle();
    const [failed] = run.queue(stack.job.deadLetterQueue).messages();
    expect(JSON.parse(failed!.body)).toMatchObject({ scheduledTime: '2030-02-01T02:00:00Z' });
  }, 30_000);
});
