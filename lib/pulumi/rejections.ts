import { AsyncLocalStorage } from 'node:async_hooks';
import { runInThisContext } from 'node:vm';

type Listener = NodeJS.UnhandledRejectionListener;

/** Receives unhandled rejections; inherited by everything that the body starts. */
const collectors = new AsyncLocalStorage<(reason: unknown) => void>();

/** The real process: a test runner gives modules a copy, whose listeners are never called. */
const realProcess: NodeJS.Process = runInThisContext('process');

let active = 0;
let displaced: Listener[] = [];

/**
 * Runs a body and reports every unhandled rejection inside it, or inside anything it
 * started. Rejections from elsewhere are unaffected. Bodies may run concurrently. No listener is left
 * behind.
 */
export async function collectRejections<T>(collect: (reason: unknown) => void, body: () => Promise<T>): Promise<T> {
  if (active++ === 0) {
    displaced = realProcess.listeners('unhandledRejection');
    realProcess.removeAllListeners('unhandledRejection');
    realProcess.on('unhandledRejection', distribute);
  }
  try {
    return await collectors.run(collect, body);
  } finally {
    if (--active === 0) {
      realProcess.off('unhandledRejection', distribute);
      for (const listener of displaced) realProcess.on('unhandledRejection', listener);
      displaced = [];
    }
  }
}

/** Node calls this in the async context of the rejected promise, which identifies its run. */
const distribute: Listener = (reason, promise) => {
  const collect = collectors.getStore();
  if (collect) collect(reason);
  else if (displaced.length > 0) for (const listener of displaced) listener.call(realProcess, reason, promise);
  else throw reason; // what Node does without a listener
};
