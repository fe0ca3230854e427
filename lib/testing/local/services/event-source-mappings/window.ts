/** A tumbling window: times in milliseconds since the epoch. */
export interface Window {
  /** Where it begins. */
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
  /** What the handler returned last. */
  state: unknown;
}

/** The window that a moment falls into; windows are aligned to the epoch. */
export function windowAt(moment: number, length: number): Window {
  const start = Math.floor(moment / length) * length;
  return { start, end: start + length, state: {} };
}
