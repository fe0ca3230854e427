import { createHash } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import { PART_LATE, partTime } from '../limits';
import type { NodeInParts } from '../plan';
import { failureOf, TIMEOUT } from './failures';
import { SOME } from './operations';
import type { PartAnswer, PartEvent } from './part';
import type { SagaRun } from './run';

const lambda = new LambdaClient({});

/** A part's answer, or why its outcome is unknown. */
export type Answered = PartAnswer & { readonly lost?: true };

/**
 * Starts an execution for a part, and waits for its answer longer than it may take, so that nothing runs afterwards. It is
 * started like the saga itself, as an `Event`: how long a chained call of a durable function may take is not documented.
 */
export async function askPart(
  context: DurableContext,
  { execution, parts }: SagaRun,
  node: NodeInParts,
  { name, ...work }: Omit<PartEvent, 'execution' | 'callbackId' | 'node'> & { readonly name: string },
): Promise<Answered> {
  const seconds = partTime(node) + PART_LATE;
  const [text, callbackId] = await context.createCallback<string>(name, { timeout: { seconds } });
  const event: PartEvent = { ...work, node: node.name, execution, callbackId };
  try {
    await context.step(`${name} begins`, () => begin(parts!, event), SOME);
    return JSON.parse(await text) as PartAnswer;
  } catch (error) {
    // Anything else that interrupts a replay is not ours to handle.
    if (!(error instanceof DurableOperationError)) throw error;
    const failure = failureOf(error);
    // Even if starting it failed, an earlier attempt may have started it.
    const wait = failure.error === TIMEOUT.error ? node.steps[0].action.settle : seconds;
    return { ok: false, lost: true, ...failure, wait };
  }
}

/** With a fixed name, so that a started execution is not started again. */
async function begin(FunctionName: string, event: PartEvent): Promise<void> {
  const Payload = JSON.stringify(event);
  const DurableExecutionName = createHash('sha256').update(Payload).digest('hex');
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', DurableExecutionName, Payload }));
}
