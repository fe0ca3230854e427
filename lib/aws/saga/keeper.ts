import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { needsKeeper, parkedSaga } from './history';
import { begunBefore, keeperOf } from './keeping';

const sfn = new SFNClient({});

const ENDED: readonly ExecutionStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];

/** Parks sagas that ended otherwise than planned: stopped, timed out, or failed where no Catch applies. */
export const handler = keeperOf<{ readonly executionArn: string }>({
  executionIn: ({ executionArn }) => executionArn,
  endedSince,
  read: async (executionArn) => {
    const execution = await describe(executionArn);
    if (execution === undefined || !needsKeeper(execution)) return undefined;
    return { message: async (known) => parkedSaga(execution, await history(executionArn), known) };
  },
});

/** Executions are listed by start time, newest first. */
async function endedSince(since: number): Promise<string[]> {
  const begin = begunBefore(since);
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

/** Undefined for an execution that no longer exists. */
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
