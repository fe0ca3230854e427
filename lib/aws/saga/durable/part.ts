import { LambdaClient, SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { leave, take } from '../claims/bucket';
import { CLAIM } from '../claims/claim';
import { sagaOf } from '../claims/whole';
import { ITEMS_FAILED, TOO_LARGE } from '../outcome';
import type { NodeInParts } from '../plan';
import type { Failure } from './failures';
import { act, ALL, type Done, LOST, ONCE } from './act';
import { compensate, LOST as NOT_UNDONE } from './compensate';
import { SOME } from './operations';
import { deadlineOf, type SagaParts, type SagaRun } from './run';
import type { SagaFailed, SagaState } from './state';

const lambda = new LambdaClient({});

/** What a saga requests of an execution: a part of a list. */
export interface PartEvent {
  readonly work: 'do' | 'undo';
  /** The step. */
  readonly node: string;
  /** Key of the list. */
  readonly list: string;
  /** Key of what handlers get besides their item. */
  readonly data: string;
  /** Index of the part. */
  readonly at: number;
  /** The saga's own execution. */
  readonly execution: SagaRun['execution'];
  /** Callback for the part's outcome. */
  readonly callbackId: string;
  /** Seconds from the start of the saga after which nothing starts. */
  readonly deadline?: number;
  /** Why the saga has turned around. */
  readonly failed?: SagaFailed;
}

/** Outcome of a part. */
export type PartAnswer =
  | { readonly ok: true; readonly file?: string }
  | ({ readonly ok: false; readonly wait?: number } & Failure);

/**
 * The key of a part of a list.
 * @param part items per part
 */
export function keyOfPart(list: string, part: number, at: number): string {
  return `${list}-${part}-${at}`;
}

/** Runs or undoes a part of a list, and answers the saga. */
export async function runPart(
  context: DurableContext,
  event: PartEvent,
  parts: Omit<SagaParts, 'execution'>,
  started: string,
): Promise<void> {
  const answer = await worked(context, event, parts, started);
  const command = new SendDurableExecutionCallbackSuccessCommand({
    CallbackId: event.callbackId,
    Result: Buffer.from(JSON.stringify(answer)),
  });
  await context.step('answers', () => sent(lambda.send(command)), SOME);
}

/** A saga that no longer waits has been stopped, or is already undoing. */
async function sent(sending: Promise<unknown>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if ((error as Error).name !== 'CallbackTimeoutException') throw error;
  }
}

/**
 * Something read before that cannot be read in a replay. Items may be in progress by then, so this does not decide the part's
 * outcome: an error marked like this ends only the invocation, which Lambda retries.
 */
class UnreadAgain extends Error {
  readonly isUnrecoverable = true;
  readonly isUnrecoverableInvocation = true;
}

async function worked(
  context: DurableContext,
  event: PartEvent,
  parts: Omit<SagaParts, 'execution'>,
  started: string,
): Promise<PartAnswer> {
  const node = parts.plan.nodes.find(({ name }) => name === event.node) as NodeInParts;
  const keys = [event.data, keyOfPart(event.list, node.part, event.at)];
  const read = await Promise.all(keys.map((key) => take(parts.claims!, key))).catch((error: unknown) => String(error));
  const unread = await context.step('items read?', async () => (typeof read === 'string' ? read : null), ONCE);
  if (unread !== null) return { ok: false, error: ITEMS_FAILED, cause: unread, wait: 0 };
  if (typeof read === 'string') throw new UnreadAgain(read);
  const [data, values] = read as [Pick<SagaState, 'key' | 'input' | 'results'>, readonly unknown[]];
  const { execution, deadline, failed } = event;
  const elapsed = (Date.parse(started) - Date.parse(execution.startTime)) / 1000;
  const run: SagaRun = {
    ...parts,
    execution,
    state: { ...data, items: {}, outcomes: {} },
    before: false,
    over: deadline === undefined ? undefined : deadlineOf(context, deadline - elapsed),
  };
  const items = values.map((item, index) => ({ item, index: event.at * node.part + index }));
  return event.work === 'do' ? doItems(context, run, node, items) : undoItems(context, run, node, items, failed!);
}

type Items = readonly { readonly item: unknown; readonly index: number }[];

async function doItems(context: DurableContext, run: SagaRun, node: NodeInParts, items: Items): Promise<PartAnswer> {
  const { name, concurrency, steps } = node;
  const [step] = steps;
  const batch = await context.map(
    `${name} for each`,
    [...items],
    (child: DurableContext, of) => act(child, run, step, of),
    { ...ALL, maxConcurrency: concurrency, itemNamer: ({ index }) => `${name} ${index}` },
  );
  const done = batch.all.map(({ result }): Done => result ?? LOST);
  const bad = done.find((one) => 'error' in one);
  const wait = done.some(({ outcome }) => outcome === 'unknown') ? step.action.settle : 0;
  if (bad && 'error' in bad) return { ok: false, error: bad.error, cause: bad.cause, wait };
  if (done.some((one) => 'large' in one)) return { ok: false, error: TOO_LARGE, cause: '', wait };
  const results = done.flatMap((one, at) =>
    one.outcome === 'completed' ? [{ index: items[at]!.index, result: one.result }] : [],
  );
  const prefix = `${name}/${sagaOf(run.execution)}/`;
  try {
    const write = async () => (await leave(run.claims!, prefix, JSON.stringify(results)))[CLAIM];
    return { ok: true, file: await context.step('results written', write, SOME) };
  } catch (error) {
    return { ok: false, error: ITEMS_FAILED, cause: `results could not be written: ${String(error)}`, wait };
  }
}

async function undoItems(
  context: DurableContext,
  run: SagaRun,
  { name, concurrency, steps: [step] }: NodeInParts,
  items: Items,
  failed: SagaFailed,
): Promise<PartAnswer> {
  const batch = await context.map(
    `Undo ${name}`,
    [...items].reverse(),
    (child: DurableContext, of) => compensate(child, run, step, failed, of),
    { ...ALL, maxConcurrency: concurrency, itemNamer: ({ index }) => `Undo ${name} ${index}` },
  );
  const bad = batch.all.map(({ result }) => result ?? NOT_UNDONE).find((one) => !one.ok);
  return bad && !bad.ok ? { ok: false, error: bad.error, cause: bad.cause } : { ok: true };
}
