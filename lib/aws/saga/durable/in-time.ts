import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { SagaRun } from './run';

/** Whether the saga's time is over, after which nothing starts. The answer stays the same in a replay. */
export async function isLate(context: DurableContext, { over }: SagaRun, name: string): Promise<boolean> {
  if (over === undefined) return false;
  return context.step(name, async () => over.now, { retryStrategy: () => ({ shouldRetry: false }) });
}
