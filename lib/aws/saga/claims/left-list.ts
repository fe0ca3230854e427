import { leave, put } from './bucket';
import { CLAIM } from './claim';

/** The list of a distributed `each`: it is in the bucket under this key, and under `reversed` of it for the undo. */
export interface LeftList {
  readonly [CLAIM]: string;
  /** How many items it has. */
  readonly count: number;
  /** Items of each part, where a durable function has cut it. */
  readonly part?: number;
}

/** An item, as the undo gets it. */
export interface PlacedItem {
  readonly item: unknown;
  readonly index: number;
}

/** The key of a list in reverse, each item with its place. */
export function reversed(key: string): string {
  return `${key}-reversed`;
}

/** Whether a list is in the bucket. */
export function isLeft(list: readonly unknown[] | LeftList | undefined): list is LeftList {
  return list !== undefined && CLAIM in list;
}

/**
 * Leaves a list in the bucket.
 * @param prefix with which its keys begin
 */
export async function leaveList(bucket: string, prefix: string, items: readonly unknown[]): Promise<LeftList> {
  const left = await leave(bucket, prefix, JSON.stringify(items));
  const placed = items.map((item, index): PlacedItem => ({ item, index })).reverse();
  await put(bucket, reversed(left[CLAIM]), JSON.stringify(placed));
  return { ...left, count: items.length };
}
