import { AsyncLocalStorage } from 'node:async_hooks';
import { runInThisContext } from 'node:vm';

type Listener = NodeJS.UnhandledRejectionListener;

/** Who wants to know of a rejection that nobody handles; carried along by everything that the body starts. */
const collectors = new AsyncLocalStorage<(reason: unknown) => void>();

/** The process itself: a test runner gives modules a copy, whose listeners are never called. */
const realProcess: NodeJS.Process = runInThisContext('process');

let active = 0;
let displaced: Listener[] = [];

/**
 * Runs a body and reports every promise that is rejected inside it, or inside anything it started, without being
 * handled. Rejections from elsewhere go where they went before. Bodies may run at the same time. No listener stays
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

/** Node calls this in the asynchronous context of the rejected promise, which says whose it is. */
const distribute: Listener = (reason, promise) => {
  const collect = collectors.getStore();
  if (collect) collect(reason);
  else if (displaced.length > 0) for (const listener of displaced) listener.call(realProcess, reason, promise);
  else throw reason; // what Node does where nobody listens
};
