/** A tumbling window: times in milliseconds since the epoch. */
export interface Window {
  /** Its start. */
  readonly start: number;
  /** The start of the next one. */
  readonly end: number;
  /** The state from the handler's last return value. */
  state: unknown;
}

/** The window that a moment falls into; windows are aligned to the epoch. */
export function windowAt(moment: number, length: number): Window {
  const start = Math.floor(moment / length) * length;
  return { start, end: start + length, state: {} };
}
