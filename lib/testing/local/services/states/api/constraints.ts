import type { Bounds, Constraints } from '../../../kernel/constraints';

const FAILURE = { cause: [0, 32_768], error: [0, 256] } as const;
const TOKEN: Bounds = [1, 2048];

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
export const CONSTRAINTS: Constraints = {
  GetActivityTask: { workerName: [1, 80] },
  GetExecutionHistory: { maxResults: [0, 1000] },
  ListActivities: { maxResults: [0, 1000] },
  ListExecutions: { maxResults: [0, 1000] },
  ListMapRuns: { maxResults: [0, 1000] },
  ListStateMachines: { maxResults: [0, 1000] },
  SendTaskFailure: { ...FAILURE, taskToken: TOKEN },
  SendTaskHeartbeat: { taskToken: TOKEN },
  SendTaskSuccess: { taskToken: TOKEN },
  StartExecution: { traceHeader: [0, 256] },
  StartSyncExecution: { traceHeader: [0, 256] },
  StopExecution: FAILURE,
};
