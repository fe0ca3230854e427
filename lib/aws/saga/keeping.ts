import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { historyRetention } from '../../core/facts/step-functions';
import type { KnownSaga } from './known';
import { fitting } from './claims/fitting';
import type { ParkedSaga } from './parked';

const sqs = new SQSClient({});
const dynamodb = new DynamoDBClient({});

/** How a keeper reads its engine's executions. */
export interface EngineReader<Detail> {
  /** The execution that an engine's event is about. */
  executionIn(detail: Detail): string;
  /** Unsuccessful executions that ended after a time, in milliseconds since the epoch. */
  endedSince(since: number): Promise<readonly string[]>;
  /** Reads one; undefined if it ended as planned, is running, or no longer exists. */
  read(execution: string): Promise<EndedExecution | undefined>;
}

/** An execution that ended otherwise than planned. */
export interface EndedExecution {
  /** Its message, from its history and of any size; undefined if the saga itself had sent its message. */
  message(known: KnownSaga): Promise<ParkedSaga | undefined>;
}

/** The end of one execution, as reported by EventBridge; or a request to sweep for unreported ones. */
export type KeeperEvent<Detail> = { readonly detail: Detail } | { readonly sweep: { readonly hours: number } };

/** Parks sagas that ended otherwise than planned: stopped, timed out, or failed without being caught. */
export function keeperOf<Detail>(reader: EngineReader<Detail>) {
  return async (event: KeeperEvent<Detail>): Promise<{ parked: string[] }> => {
    const executions =
      'sweep' in event
        ? await reader.endedSince(Date.now() - event.sweep.hours * 3_600_000)
        : [reader.executionIn(event.detail)];
    const parked: string[] = [];
    const failures: unknown[] = [];
    for (const execution of executions) {
      try {
        if (await keep(reader, execution)) parked.push(execution);
      } catch (error) {
        failures.push(error);
      }
    }
    if (parked.length > 0) log('WARN', 'sagas parked', { parked });
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} sagas could not be parked`);
    return { parked };
  };
}

/** Earliest start of an execution that ended after a time: none outlasts the engine's limit. */
export function begunBefore(since: number): number {
  return since - Number(process.env.LONGEST) * 1000;
}

/** Reports an execution once: later calls find it already reported. */
async function keep(reader: EngineReader<never>, execution: string): Promise<boolean> {
  const ended = await reader.read(execution);
  if (ended === undefined || !(await claim(execution))) return false;
  const message = await ended.message(JSON.parse(process.env.STEPS!) as KnownSaga);
  if (message) {
    const MessageBody = JSON.stringify(await fitting(message, process.env.CLAIMS));
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.PARKED, MessageBody }));
  }
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: process.env.RECORDS,
      Key: { id: { S: execution } },
      UpdateExpression: 'SET #state = :parked',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':parked': { S: 'parked' } },
    }),
  );
  return message !== undefined;
}

/** A claim expires if nothing comes of it, so that a keeper that crashes midway loses no saga. */
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

/** Longer than an execution can be listed, in seconds. */
const REMEMBERED = (historyRetention.value + 10) * 86_400;
/** Longer than this function can run. */
const LAPSE = 600;

function log(level: string, message: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
}
