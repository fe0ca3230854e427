'use strict';
// The sizes of the heap. Node.js includes its own modules in compiled form, for V8's default flags: under others it
// compiles each when it is loaded, which takes as long as a bare start. V8 reads these flags when it creates a heap, so
// they are reset once this process has its own; those of worker threads get their sizes as limits.
const v8 = require('node:v8');
const vm = require('node:vm');

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
    v8.setFlagsFromString(`--max-${space}-space-size=0`);
  }
  v8.setFlagsFromString('--no-expose-gc');
  return limits;
}

/** Provides `gc` in a worker thread, as the flag would have. */
function exposeGc() {
  v8.setFlagsFromString('--expose-gc');
  globalThis.gc = vm.runInNewContext('gc');
  v8.setFlagsFromString('--no-expose-gc');
}

module.exports = { resetHeapFlags, exposeGc };
