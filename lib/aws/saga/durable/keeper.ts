import {
  type Event as DurableEvent,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { begunBefore, keeperOf } from '../keeping';
import { needsKeeper, parkedSaga } from './durable-history';

const lambda = new LambdaClient({});

/** Parks sagas that ended otherwise than planned: stopped, timed out, or failed without their function catching it. */
export const handler = keeperOf<{ readonly durableExecutionArn: string }>({
  executionIn: ({ durableExecutionArn }) => durableExecutionArn,
  endedSince,
  read: async (arn) => {
    const execution = await describe(arn);
    if (execution === undefined || !needsKeeper(execution)) return undefined;
    return { message: async (known) => parkedSaga(execution, await history(arn), known) };
  },
});

async function endedSince(since: number): Promise<string[]> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(
      new ListDurableExecutionsByFunctionCommand({
        FunctionName: process.env.SAGA,
        Statuses: ['FAILED', 'TIMED_OUT', 'STOPPED'],
        StartedAfter: new Date(begunBefore(since)),
        Marker,
      }),
    );
    const executions = page.DurableExecutions ?? [];
    found.push(...executions.filter((one) => Number(one.EndTimestamp) >= since).map((one) => one.DurableExecutionArn!));
    Marker = page.NextMarker;
  } while (Marker);
  return found;
}

/** Undefined for an execution that no longer exists. */
async function describe(arn: string) {
  try {
    return await lambda.send(new GetDurableExecutionCommand({ DurableExecutionArn: arn }));
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function history(arn: string): Promise<DurableEvent[]> {
  const events: DurableEvent[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.send(
      new GetDurableExecutionHistoryCommand({ DurableExecutionArn: arn, IncludeExecutionData: true, Marker }),
    );
    events.push(...(page.Events ?? []));
    Marker = page.NextMarker;
  } while (Marker);
  return events;
}
