import { isRecord } from '../../../kernel/json';
import { dataOf, type Holder } from './data';
import { runtimeFault } from './failure';
import { sizeOf } from './variables';
import type { Visit } from './visit';

/** Default maximum size of a batch, in bytes. */
const MOST_BYTES = 262_144;

/** The input of one child execution. */
export interface Batch {
  readonly input: unknown;
  /** Its items. */
  readonly items: readonly unknown[];
}

/** Groups items per `ItemBatcher`; without one, each item is its own batch. */
export async function batched(visit: Visit, items: readonly unknown[]): Promise<readonly Batch[]> {
  const { state } = visit;
  const { ItemBatcher } = state.body;
  if (!isRecord(ItemBatcher)) return items.map((input) => ({ input, items: [input] }));
  const data = dataOf(state.language);
  const holder: Holder = { body: ItemBatcher, name: 'ItemBatcher' };
  const most = await positive(visit, 'MaxItemsPerBatch', holder);
  const bytes = Math.min((await positive(visit, 'MaxInputBytesPerBatch', holder)) ?? MOST_BYTES, MOST_BYTES);
  const { BatchInput: template } = ItemBatcher;
  const shared =
    template === undefined ? {} : { BatchInput: await data.template(visit, template, 'ItemBatcher/BatchInput') };
  const batches: unknown[][] = [];
  let size = Infinity;
  for (const item of items) {
    const own = sizeOf(item) + 1;
    const last = batches.at(-1);
    if (!last || (most !== undefined && last.length >= most) || size + own > bytes) {
      batches.push([item]);
      size = sizeOf({ ...shared, Items: [] }) + own;
    } else {
      last.push(item);
      size += own;
    }
  }
  return batches.map((batch) => ({ input: { ...shared, Items: batch }, items: batch }));
}

async function positive(visit: Visit, name: string, holder: Holder): Promise<number | undefined> {
  const given = await dataOf(visit.state.language).field(visit, name, holder);
  if (given === undefined) return undefined;
  if (typeof given === 'number' && Number.isInteger(given) && given > 0) return given;
  throw runtimeFault(`The ${name} field must be a positive integer, but was: ${JSON.stringify(given)}`);
}
