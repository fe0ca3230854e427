import { UNKNOWN_TEXT } from '../core/model/graph';
import type { Internals } from './internals';

const installed = new WeakSet<object>();

/**
 * Lets a program continue when the SDK cannot serialize one of its functions here. The SDK serializes a function with
 * everything it refers to, and modules by name; under the loader of an offline run some modules are not recognised, and it
 * ends up in the runtime's own functions. A function's code is not checked, so it is unknown then. Outside of an offline
 * run nothing changes, and deployment refuses what cannot be serialized.
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
