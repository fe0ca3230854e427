import { leave, put } from './bucket';
import { CLAIM } from './claim';
import { type LeftList, type PlacedItem, reversed } from './left-list';

/**
 * Stores a list in the bucket.
 * @param prefix of its keys
 */
export async function leaveList(bucket: string, prefix: string, items: readonly unknown[]): Promise<LeftList> {
  const left = await leave(bucket, prefix, JSON.stringify(items));
  const placed = items.map((item, index): PlacedItem => ({ item, index })).reverse();
  await put(bucket, reversed(left[CLAIM]), JSON.stringify(placed));
  return { ...left, count: items.length };
}
