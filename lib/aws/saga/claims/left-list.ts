import { CLAIM } from './claim';

/** The list of a distributed `each`: stored in the bucket under this key, and in reverse under its `reversed` key. */
export interface LeftList {
  readonly [CLAIM]: string;
  /** Number of items. */
  readonly count: number;
  /** Items per part, if a durable function has split it. */
  readonly part?: number;
}

/** An item for the undo. */
export interface PlacedItem {
  readonly item: unknown;
  readonly index: number;
}

/** The key of a reversed list, each item with its index. */
export function reversed(key: string): string {
  return `${key}-reversed`;
}

/** Whether a list is stored in the bucket. */
export function isLeft(list: readonly unknown[] | LeftList | undefined): list is LeftList {
  return list !== undefined && CLAIM in list;
}
