import { type DurableExecutionInvocationInput, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { DurablePlan } from './durable-plan';
import { namedClient, namedEvent } from './named-errors';
import { runSaga } from './run';

/** Inserted when the function is bundled. */
declare const LINTEL_SAGA: DurablePlan;

/** The fields used of Lambda's own context. */
type LambdaContext = Parameters<ReturnType<typeof withDurableExecution>>[1];

/** The durable function of a saga. */
export async function handler(event: DurableExecutionInvocationInput, context: LambdaContext) {
  const { DurableExecutionArn: arn, InitialExecutionState } = event;
  const [own = ''] = arn.split('/durable-execution/');
  const execution = {
    arn,
    name: arn.split('/').at(-2)!,
    // The first operation is the execution itself.
    startTime: new Date(InitialExecutionState.Operations[0]?.StartTimestamp ?? 0).toISOString(),
  };
  const run = withDurableExecution(
    (input: unknown, durable) =>
      runSaga(durable, input, {
        plan: LINTEL_SAGA,
        functions: JSON.parse(process.env.FUNCTIONS!) as string[],
        parked: process.env.PARKED!,
        claims: process.env.CLAIMS,
        parts: process.env.PARTS,
        saga: own.replace(/:[^:]+$/, ''),
        execution,
      }),
    { durableExecutionClient: namedClient() },
  );
  return run(namedEvent(event), context);
}
