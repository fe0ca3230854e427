import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { leave, put } from '../claims/bucket';
import { CLAIM } from '../claims/claim';
import { leaveList, type LeftList } from '../claims/left-list';
import { sagaOf, whole } from '../claims/whole';
import { itemsOf } from '../evaluate';
import { inner } from '../expressions';
import { ITEMS_FAILED, LIST_FAILED } from '../outcome';
import type { NodeInParts } from '../plan';
import type { Failure } from './failures';
import { SOME } from './operations';
import { keyOfPart } from './part';
import type { SagaRun } from './run';

/** Files that are written at once. */
const AT_ONCE = 20;

/** Reads a list, whatever of it is in the bucket, and leaves it there, whole and in parts. Never throws. */
export async function leftInParts(
  { state, execution, claims }: SagaRun,
  { name, items: source, maxItems, part }: NodeInParts,
): Promise<{ readonly value: LeftList } | Failure> {
  const bucket = claims!;
  const saga = sagaOf(execution);
  try {
    const data = await whole({ key: state.key, input: state.input, results: state.results }, saga, bucket);
    const items = await itemsOf(inner(source), maxItems, data);
    const value = await leaveList(bucket, `${name}/${saga}/`, items);
    const count = Math.ceil(items.length / part);
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, index) => from + index);
      const json = (at: number) => JSON.stringify(items.slice(at * part, (at + 1) * part));
      await Promise.all(some.map((at) => put(bucket, keyOfPart(value[CLAIM], at), json(at))));
    }
    return { value };
  } catch (error) {
    return { error: LIST_FAILED, cause: error instanceof Error ? error.message : JSON.stringify(error) };
  }
}

/** Leaves a value of a list in the bucket, and gives its key. */
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
        return { error: ITEMS_FAILED, cause: `the ${what} could not be left in the bucket: ${String(error)}` };
      }
    },
    SOME,
  );
}
