import { type DurableExecutionInvocationInput, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { DurablePlan } from './durable-plan';
import { namedClient, namedEvent } from './named-errors';
import { type PartEvent, runPart } from './part';

/** Put in when the function is bundled. */
declare const LINTEL_SAGA: DurablePlan;

/** What is read of Lambda's own context. */
type LambdaContext = Parameters<ReturnType<typeof withDurableExecution>>[1];

/** The durable function that does a part of a distributed list, and undoes it. */
export async function handler(event: DurableExecutionInvocationInput, context: LambdaContext) {
  // The execution itself comes first.
  const [own] = event.InitialExecutionState.Operations;
  const started = new Date(own?.StartTimestamp ?? 0).toISOString();
  const parts = {
    plan: LINTEL_SAGA,
    functions: JSON.parse(process.env.FUNCTIONS!) as string[],
    parked: '',
    claims: process.env.CLAIMS,
    saga: '',
  };
  const run = withDurableExecution((input: PartEvent, durable) => runPart(durable, input, parts, started), {
    durableExecutionClient: namedClient(),
  });
  return run(namedEvent(event), context);
}
