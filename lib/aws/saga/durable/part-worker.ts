import { type DurableExecutionInvocationInput, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { DurablePlan } from './durable-plan';
import { namedClient, namedEvent } from './named-errors';
import { type PartEvent, runPart } from './part';

/** Inserted when the function is bundled. */
declare const LINTEL_SAGA: DurablePlan;

/** The fields used of Lambda's own context. */
type LambdaContext = Parameters<ReturnType<typeof withDurableExecution>>[1];

/** The durable function that processes a part of a distributed list, and undoes it. */
export async function handler(event: DurableExecutionInvocationInput, context: LambdaContext) {
  // The first operation is the execution itself.
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
