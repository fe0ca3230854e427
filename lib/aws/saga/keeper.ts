import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type KnownSaga, needsKeeper, parkedSaga } from './history';

const sfn = new SFNClient({});
const sqs = new SQSClient({});
const dynamodb = new DynamoDBClient({});

/** The end of one execution, as EventBridge tells it; or the order to look for those of which nothing was told. */
export type KeeperEvent =
  { readonly detail: { readonly executionArn: string } } | { readonly sweep: { readonly hours: number } };

const ENDED: readonly ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/** Parks sagas that ended otherwise than planned: stopped, timed out, or failed where no Catch sees it. */
export async function handler(event: KeeperEvent): Promise<{ parked: string[] }> {
  const executions = 'sweep' in event ? await ended(event.sweep.hours) : [event.detail.executionArn];
  const parked: string[] = [];
  const failures: unknown[] = [];
  for (const execution of executions) {
    try {
      if (await keep(execution)) parked.push(execution);
    } catch (error) {
      failures.push(error);
    }
  }
  if (parked.length > 0) log('WARN', 'sagas parked', { parked });
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} sagas could not be parked`);
  return { parked };
}

/** Tells people of an execution, once: whoever finds it later, finds it told. */
async function keep(executionArn: string): Promise<boolean> {
  const execution = await describe(executionArn);
  if (execution === undefined || !needsKeeper(execution) || !(await claim(executionArn))) return false;
  const message = parkedSaga(execution, await history(executionArn), known());
  if (message)
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.PARKED, MessageBody: JSON.stringify(message) }));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: process.env.RECORDS,
      Key: { id: { S: executionArn } },
      UpdateExpression: 'SET #state = :parked',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':parked': { S: 'parked' } },
    }),
  );
  return message !== undefined;
}

/** A claim that led to nothing lapses, so that a keeper that broke down between two calls loses no saga. */
async function claim(id: string): Promise<boolean> {
  const now = Math.floor(Date.now() / 1000);
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env.RECORDS,
        Item: {
          id: { S: id },
          state: { S: 'claimed' },
          claimedAt: { N: String(now) },
          expires: { N: String(now + REMEMBERED) },
        },
        ConditionExpression: 'attribute_not_exists(id) OR (#state = :claimed AND claimedAt < :lapsed)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':claimed': { S: 'claimed' }, ':lapsed': { N: String(now - LAPSE) } },
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** Longer than an execution can be listed (90 days). */
const REMEMBERED = 100 * 86_400;
/** Longer than this function runs. */
const LAPSE = 600;

/** Executions that ended lately. They are listed by their start, the last first; none runs longer than the machine's timeout. */
async function ended(hours: number): Promise<string[]> {
  const since = Date.now() - hours * 3_600_000;
  const begin = since - Number(process.env.LONGEST) * 1000;
  const found: string[] = [];
  for (const statusFilter of ENDED) {
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: process.env.SAGA, statusFilter, nextToken, maxResults: 1000 }),
      );
      const executions = page.executions ?? [];
      found.push(...executions.filter(({ stopDate }) => Number(stopDate) >= since).map((one) => one.executionArn!));
      nextToken = executions.some(({ startDate }) => Number(startDate) < begin) ? undefined : page.nextToken;
    } while (nextToken !== undefined);
  }
  return found;
}

/** Undefined for an execution that has been forgotten since. */
async function describe(executionArn: string) {
  try {
    return await sfn.send(new DescribeExecutionCommand({ executionArn }));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist || (error as Error).name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  }
}

async function history(executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, nextToken, maxResults: 1000, includeExecutionData: true }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

function known(): KnownSaga {
  return JSON.parse(process.env.STEPS!) as KnownSaga;
}

function log(level: string, message: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}
