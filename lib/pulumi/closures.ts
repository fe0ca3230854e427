import { UNKNOWN_TEXT } from '../core/model/graph';
import type { Internals } from './internals';

const installed = new WeakSet<object>();

/**
 * Lets a program go on whose functions the SDK cannot write down here. It writes a function that stands in the program itself with
 * all that it refers to, modules by their names; under the loader of an offline run some modules are not known as such, and it
 * ends in the runtime's own functions. What a function does is judged by nobody, so its code is unknown then. Outside of an offline
 * run everything stays as it is, and the deployment refuses what cannot be written down.
 */
export function installClosures({ invokes }: Internals, running: () => boolean): void {
  if (installed.has(invokes)) return;
  installed.add(invokes);
  const original = invokes.serializeFunction;
  invokes.serializeFunction = async (run, options) => {
    try {
      return await original(run, options);
    } catch (error) {
      if (!running()) throw error;
      return { text: `throw new Error('${UNKNOWN_TEXT}');`, exportName: 'handler', containsSecrets: false };
    }
  };
}
