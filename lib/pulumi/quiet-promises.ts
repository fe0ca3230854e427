import type { Internals } from './internals';

const installed = new WeakSet<object>();

/**
 * Spares the stack of each promise that the SDK waits for, which it takes down to explain promises that never settle: more than a
 * third of the time of an offline run, which says by itself what never came to be. It leaves everything as it is outside of one.
 */
export function installQuietPromises({ debuggable }: Internals, running: () => boolean): void {
  if (installed.has(debuggable)) return;
  installed.add(debuggable);
  const original = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    if (!running()) return original(promise, context);
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}
