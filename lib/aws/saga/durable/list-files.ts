import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { leave, put, take } from '../claims/bucket';
import { CLAIM } from '../claims/claim';
import { leaveList } from '../claims/leave-list';
import { isLeft, type LeftList } from '../claims/left-list';
import { sagaOf, whole } from '../claims/whole';
import { itemsOf } from '../evaluate';
import { inner } from '../expressions';
import { ITEMS_FAILED, LIST_FAILED } from '../outcome';
import type { NodeInParts } from '../plan';
import { ONCE } from './act';
import type { Failure } from './failures';
import { SOME } from './operations';
import { keyOfPart } from './part';
import type { SagaRun } from './run';

/** Files written concurrently. */
const AT_ONCE = 20;

/** Evaluates a list, fetching from the bucket what it needs, and stores it there, whole and in parts. Never throws. */
export async function leftInParts(
  { state, execution, claims }: SagaRun,
  { name, items: source, maxItems, part }: NodeInParts,
): Promise<{ readonly value: LeftList } | Failure> {
  const bucket = claims!;
  const saga = sagaOf(execution);
  try {
    const data = await whole({ key: state.key, input: state.input, results: state.results }, saga, bucket);
    const items = await itemsOf(inner(source), maxItems, data);
    return { value: await cut(bucket, await leaveList(bucket, `${name}/${saga}/`, items), items, part) };
  } catch (error) {
    return listFailed(error);
  }
}

/**
 * The list of a saga to undo, in this version's parts: a parked one may have been split by another version, or
 * not at all. Never throws.
 */
export async function cutAsPlanned(
  context: DurableContext,
  { state, claims }: SagaRun,
  { name, part }: NodeInParts,
): Promise<{ readonly value: LeftList } | Failure> {
  const list = state.items[name];
  if (!isLeft(list)) return listFailed(new Error(`the list of '${name}' is not in the bucket`));
  if (list.part === part) return { value: list };
  const again = async () => {
    try {
      const items = (await take(claims!, list[CLAIM])) as readonly unknown[];
      return { value: await cut(claims!, list, items, part) };
    } catch (error) {
      return listFailed(error);
    }
  };
  return context.step(`${name} parts cut`, again, ONCE);
}

async function cut(bucket: string, list: LeftList, items: readonly unknown[], part: number): Promise<LeftList> {
  const count = Math.ceil(items.length / part);
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
    const json = (at: number) => JSON.stringify(items.slice(at * part, (at + 1) * part));
    await Promise.all(some.map((at) => put(bucket, keyOfPart(list[CLAIM], part, at), json(at))));
  }
  return { ...list, part };
}

function listFailed(error: unknown): Failure {
  return { error: LIST_FAILED, cause: error instanceof Error ? error.message : JSON.stringify(error) };
}

/** Stores a value for a list in the bucket, and returns its key. */
export function leftFor(
  context: DurableContext,
  { claims, execution }: SagaRun,
  { name }: NodeInParts,
  { what, value }: { readonly what: string; readonly value: unknown },
): Promise<{ readonly key: string } | Failure> {
  return context.step(
    `${name} ${what} written`,
    async () => {
      try {
        return { key: (await leave(claims!, `${name}/${sagaOf(execution)}/`, JSON.stringify(value)))[CLAIM] };
      } catch (error) {
        return { error: ITEMS_FAILED, cause: `the ${what} could not be stored in the bucket: ${String(error)}` };
      }
    },
    SOME,
  );
}
