'use strict';
// The sizes of the heap. Node.js includes its own modules in compiled form, for V8's default flags: under others it
// compiles each when it is loaded, which takes as long as a bare start. V8 reads these flags when it creates a heap, so
// they are reset once this process has its own; those of worker threads get their sizes as limits. `node:v8` would come too
// late: it loads streams and a dozen other modules of Node.js first.
const setFlag = flagSetter();

/** @typedef {import('node:worker_threads').ResourceLimits} HeapLimits */

/** Resets the flags. @returns {HeapLimits} what they said */
function resetHeapFlags() {
  /** @type {HeapLimits} */
  const limits = {};
  for (const argument of process.execArgv) {
    const [flag, space, size] = /^--max-(semi|old)-space-size=(\d+)$/.exec(argument) ?? [];
    if (flag === undefined) continue;
    if (space === 'old') limits.maxOldGenerationSizeMb = Number(size);
    // Two semi-spaces, and as much for new large objects.
    else limits.maxYoungGenerationSizeMb = 3 * Number(size);
    setFlag(`--max-${space}-space-size=0`);
  }
  setFlag('--no-expose-gc');
  return limits;
}

/** Provides `gc` in a worker thread, as the flag would have. */
function exposeGc() {
  setFlag('--expose-gc');
  globalThis.gc = require('node:vm').runInNewContext('gc');
  setFlag('--no-expose-gc');
}

/**
 * What `v8.setFlagsFromString` is, without the module. Asking for it is deprecated, which is no news to a handler.
 * @returns {(flag: string) => void}
 */
function flagSetter() {
  const own = Object.getOwnPropertyDescriptor(process, 'noDeprecation');
  Object.defineProperty(process, 'noDeprecation', { value: true, configurable: true });
  try {
    const { setFlagsFromString } = /** @type {any} */ (process).binding('v8');
    return setFlagsFromString ?? require('node:v8').setFlagsFromString;
  } catch {
    return require('node:v8').setFlagsFromString;
  } finally {
    if (own) Object.defineProperty(process, 'noDeprecation', own);
    else Reflect.deleteProperty(process, 'noDeprecation');
  }
}

module.exports = { resetHeapFlags, exposeGc };
