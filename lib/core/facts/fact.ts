/** A limit or timing of a service, with where and when it was read. */
export interface Fact<T> {
  /** The value, in `unit`. */
  readonly value: T;
  /** What the value counts: `seconds`, `MB`, `messages`. */
  readonly unit: string;
  readonly source: string;
  /** The day on which the source was read, as YYYY-MM-DD. */
  readonly read: string;
}

/** The least and the greatest value that the service accepts, both included. */
export interface Range {
  /** The least accepted value. */
  readonly min: number;
  /** The greatest accepted value. */
  readonly max: number;
}

/** Whether a number lies in a range, both ends included. */
export function within({ min, max }: Range, value: number): boolean {
  return value >= min && value <= max;
}
