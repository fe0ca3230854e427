import { createHash } from 'node:crypto';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { DATA_LIMIT } from '../outcome';
import type { PlanCall, PlanRetry } from '../plan';
import { type Failure, failureOf, isRetried, TIMEOUT } from './failures';
import type { SagaRun } from './run';

/** How a call ended, after all attempts. */
export type Attempted =
  | { readonly ok: true; readonly result?: unknown; readonly large?: true }
  | ({ readonly ok: false; readonly retried: boolean } & Failure);

/** What to call, and for how long. */
export interface Attempting {
  readonly call: PlanCall;
  /** Name of the function. */
  readonly fn: string;
  readonly event: { readonly idempotencyKey: string };
  /** The saga's deadline, if it has one. */
  readonly over?: SagaRun['over'];
}

/** Calls a function with retries, as planned. Never throws: the outcome is the result of a context, and replays unchanged. */
export async function attempts(context: DurableContext, attempting: Attempting): Promise<Attempted> {
  const { retry } = attempting.call;
  for (let attempt = 1; ; attempt++) {
    const ended = await context.runInChildContext('attempt', (child) => once(child, attempting));
    if (ended.ok || attempt >= retry.attempts || !isRetried(ended.error, retry.errors))
      return ended.ok ? ended : { ...ended, retried: attempt > 1 };
    await context.wait('pause', { seconds: pause(retry, attempt, attempting.event.idempotencyKey) });
  }
}

/**
 * Seconds before the next attempt, up to the maximum. A replay must compute the same value: so it is not random, but
 * differs from call to call.
 */
export function pause({ interval, backoff, maxDelay }: PlanRetry, attempt: number, key: string): number {
  const most = Math.min(interval * backoff ** (attempt - 1), maxDelay);
  const share = createHash('sha256').update(`${key} ${attempt}`).digest().readUInt32BE() / 2 ** 32;
  return Math.max(1, Math.round(most * share));
}

async function once(context: DurableContext, { call, fn, event, over }: Attempting): Promise<Attempted> {
  // Items or attempts may still be left. The answer is stable in a replay: it becomes the context's result.
  if (over?.now) return timedOut;
  const seconds = Math.ceil(call.timeout);
  const answered = call.callback
    ? await answer(context, call, seconds)
    : { taskToken: undefined, answer: context.wait('timeout', { seconds }).then((): Attempted => timedOut) };
  const { taskToken } = answered;
  const payload = taskToken === undefined ? event : { ...event, taskToken };
  const called = context.invoke<object, unknown>('call', fn, payload).then(
    // With a callback, the handler's own result does not count.
    (result) => (call.callback ? new Promise<Attempted>(() => undefined) : completed(result)),
    failed,
  );
  return Promise.race([called, answered.answer, ...(over ? [over.promise.then((): Attempted => timedOut)] : [])]);
}

/** The answer from the holder of the token. */
async function answer(context: DurableContext, { heartbeat }: PlanCall, seconds: number) {
  const [text, taskToken] = await context.createCallback<string>('answer', {
    timeout: { seconds },
    ...(heartbeat !== undefined && { heartbeatTimeout: { seconds: Math.ceil(heartbeat) } }),
  });
  return { taskToken, answer: text.then((json) => completed(JSON.parse(json)), failed) };
}

const timedOut: Attempted = { ok: false, retried: false, ...TIMEOUT };

/** A result too large to be carried is dropped. */
function completed(result: unknown): Attempted {
  const json = JSON.stringify(result ?? null);
  return Buffer.byteLength(json) > DATA_LIMIT ? { ok: true, large: true } : { ok: true, result: result ?? null };
}

function failed(error: unknown): Attempted {
  return { ok: false, retried: false, ...failureOf(error) };
}
