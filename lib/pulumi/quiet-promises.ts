import type { Internals } from './internals';

const installed = new WeakSet<object>();

/**
 * Skips recording the stack of each promise that the SDK awaits, which it does to explain promises that never settle: over a
 * third of the time of an offline run, which itself reports what never settled. It changes nothing outside of one.
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
