import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';

/** What a test wants to see. */
export interface Wanted {
  readonly steps?: number;
  readonly size?: number;
  readonly wait?: number;
  readonly call?: { readonly fn: string; readonly fails?: boolean; readonly times?: number };
  readonly ask?: { readonly timeout: number; readonly heartbeat?: number };
  readonly random?: boolean;
  readonly crash?: boolean;
  readonly race?: string;
  readonly slow?: number;
}

const never = { retryStrategy: () => ({ shouldRetry: false }) };

/** Does with its durable context what its event says. */
export const handler = withDurableExecution(async (wanted: Wanted, context: DurableContext) => {
  const done: unknown[] = [];
  if (wanted.crash) process.exit(1);
  if (wanted.random) await context.step(`step ${Math.random()}`, async () => 1, never);
  for (let index = 0; index < (wanted.steps ?? 0); index++) {
    const write = async () => {
      process.stdout.write(`step ${index}\n`);
      return 'x'.repeat(wanted.size ?? 1);
    };
    done.push((await context.step(`step ${index}`, write, never)).length);
  }
  if (wanted.wait) await context.wait('pause', { seconds: wanted.wait });
  if (wanted.call) {
    const { fn, fails, times = 1 } = wanted.call;
    const call = (index: number) => async (child: DurableContext) => {
      try {
        return await child.invoke<object, unknown>(`call ${index}`, fn, { fails, index });
      } catch (error) {
        return { failed: (error as Error).message };
      }
    };
    const all = await context.parallel(
      'calls',
      Array.from({ length: times }, (_, index) => call(index)),
      { completionConfig: { toleratedFailurePercentage: 100 } },
    );
    done.push(all.getResults());
  }
  if (wanted.race !== undefined) {
    const won = await context.runInChildContext('race', async (child) =>
      Promise.race([
        child.invoke<object, unknown>('slow', wanted.race!, { slow: wanted.slow }).then(() => 'answer'),
        child.wait('limit', { seconds: 1 }).then(() => 'time'),
      ]),
    );
    await context.wait('more', { seconds: 1 });
    done.push(won);
  }
  if (wanted.ask) {
    const { timeout, heartbeat } = wanted.ask;
    const [answer, id] = await context.createCallback<string>('ask', {
      timeout: { seconds: timeout },
      ...(heartbeat !== undefined && { heartbeatTimeout: { seconds: heartbeat } }),
    });
    process.stdout.write(`callback ${id}\n`);
    done.push(
      await answer.then(
        String,
        (error: unknown) => `${(error as Error).name}: ${((error as Error).cause as Error).name}`,
      ),
    );
  }
  return done;
});
