import type { KeptMapRun } from './distributed-map';
import type { Variables } from './variables';

/** How far a flow has come, for a redrive. */
export interface Progress {
  /** The state that it is in, with what the state got and the variables at that time. */
  at?: { readonly name: string; readonly input: unknown; readonly variables: Variables };
  /** What it gave; set when it is done. */
  done?: { readonly output: unknown };
  /** How far the branches or items of the state have come, by their place. */
  inner: Map<number, Progress>;
  /** The run of the distributed map that the state is. */
  mapRun?: KeptMapRun;
}

/** The begin of a flow. */
export function begin(): Progress {
  return { inner: new Map() };
}

/** How far a branch has come; the begin where it has not been run. */
export function innerOf(progress: Progress, index: number): Progress {
  const known = progress.inner.get(index) ?? begin();
  progress.inner.set(index, known);
  return known;
}

/** Forgets how far the state has come: another one begins, or the same anew. */
export function forget(progress: Progress): void {
  progress.inner.clear();
  delete progress.mapRun;
}
