import { itemsOf } from '../evaluate';
import { LIST_FAILED } from '../outcome';
import { leaveList } from './leave-list';
import type { LeftList } from './left-list';
import { type Carried, sagaOf, whole } from './whole';

/** What a saga's machine requests: the list of a step. */
interface ListEvent extends Carried {
  readonly key: string;
  readonly execution: { readonly name: string };
  readonly list: { readonly step: string; readonly items: string; readonly maxItems: number };
}

/** Computes the list of a distributed `each`, fetching from the bucket what it needs, and stores it there for the map. */
export async function handler(event: ListEvent): Promise<LeftList> {
  const bucket = process.env.CLAIMS!;
  const { execution, list } = event;
  const saga = sagaOf(execution);
  try {
    const items = await itemsOf(list.items, list.maxItems, await whole(event, saga, bucket));
    return await leaveList(bucket, `${list.step}/${saga}/`, items);
  } catch (error) {
    // JSONata does not throw an Error.
    const message = error instanceof Error ? error.message : JSON.stringify(error);
    throw Object.assign(new Error(message, { cause: error }), { name: LIST_FAILED });
  }
}
