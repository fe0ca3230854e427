import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { SagaRun } from './run';

/** Whether the time of the saga is over: nothing is begun after it. What is said once stays so in a replay. */
export async function isLate(context: DurableContext, { over }: SagaRun, name: string): Promise<boolean> {
  if (over === undefined) return false;
  return context.step(name, async () => over.now, { retryStrategy: () => ({ shouldRetry: false }) });
}
