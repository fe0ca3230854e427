import { createHash } from 'node:crypto';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { DATA_LIMIT } from '../outcome';
import type { PlanCall, PlanRetry } from '../plan';
import { type Failure, failureOf, isRetried, TIMEOUT } from './failures';
import type { SagaRun } from './run';

/** How a call ended, after all of its attempts. */
export type Attempted =
  | { readonly ok: true; readonly result?: unknown; readonly large?: true }
  | ({ readonly ok: false; readonly retried: boolean } & Failure);

/** What is called, and how long. */
export interface Attempting {
  readonly call: PlanCall;
  /** Name of the function. */
  readonly fn: string;
  readonly event: { readonly idempotencyKey: string };
  /** The time of the saga, where it has one. */
  readonly over?: SagaRun['over'];
}

/** Calls a function as often as planned. Never throws: how it ended is the result of a context, and replays as it was. */
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
 * Seconds before the next attempt, anywhere up to the longest. A replay must come to the same: so it is no random number, but
 * one that is another for each call.
 */
export function pause({ interval, backoff, maxDelay }: PlanRetry, attempt: number, key: string): number {
  const most = Math.min(interval * backoff ** (attempt - 1), maxDelay);
  const share = createHash('sha256').update(`${key} ${attempt}`).digest().readUInt32BE() / 2 ** 32;
  return Math.max(1, Math.round(most * share));
}

async function once(context: DurableContext, { call, fn, event, over }: Attempting): Promise<Attempted> {
  // Of a list some items may be left, and of a call some attempts. What is said here stays so: it is what the context gives.
  if (over?.now) return timedOut;
  const seconds = Math.ceil(call.timeout);
  const answered = call.callback
    ? await answer(context, call, seconds)
    : { taskToken: undefined, answer: context.wait('timeout', { seconds }).then((): Attempted => timedOut) };
  const { taskToken } = answered;
  const payload = taskToken === undefined ? event : { ...event, taskToken };
  const called = context.invoke<object, unknown>('call', fn, payload).then(
    // What the handler returns says nothing where somebody else answers.
    (result) => (call.callback ? new Promise<Attempted>(() => undefined) : completed(result)),
    failed,
  );
  return Promise.race([called, answered.answer, ...(over ? [over.promise.then((): Attempted => timedOut)] : [])]);
}

/** What somebody answers who has the token. */
async function answer(context: DurableContext, { heartbeat }: PlanCall, seconds: number) {
  const [text, taskToken] = await context.createCallback<string>('answer', {
    timeout: { seconds },
    ...(heartbeat !== undefined && { heartbeatTimeout: { seconds: Math.ceil(heartbeat) } }),
  });
  return { taskToken, answer: text.then((json) => completed(JSON.parse(json)), failed) };
}

const timedOut: Attempted = { ok: false, retried: false, ...TIMEOUT };

/** What is too large to be carried along is not kept. */
function completed(result: unknown): Attempted {
  const json = JSON.stringify(result ?? null);
  return Buffer.byteLength(json) > DATA_LIMIT ? { ok: true, large: true } : { ok: true, result: result ?? null };
}

function failed(error: unknown): Attempted {
  return { ok: false, retried: false, ...failureOf(error) };
}
