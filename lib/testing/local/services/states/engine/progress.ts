import type { KeptMapRun } from './distributed-map';
import type { Variables } from './variables';

/** How far a flow has come, for a redrive. */
export interface Progress {
  /** The current state, with its input and the variables on entry. */
  at?: { readonly name: string; readonly input: unknown; readonly variables: Variables };
  /** Its output, once done. */
  done?: { readonly output: unknown };
  /** The progress of the state's branches or items, by index. */
  inner: Map<number, Progress>;
  /** The state's map run, for a distributed map. */
  mapRun?: KeptMapRun;
}

/** The progress of a flow that has not started. */
export function begin(): Progress {
  return { inner: new Map() };
}

/** The progress of a branch or item, initially empty. */
export function innerOf(progress: Progress, index: number): Progress {
  const known = progress.inner.get(index) ?? begin();
  progress.inner.set(index, known);
  return known;
}

/** Resets the state's progress: another one starts, or the same again. */
export function forget(progress: Progress): void {
  progress.inner.clear();
  delete progress.mapRun;
}
