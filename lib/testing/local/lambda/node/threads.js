'use strict';
// A worker thread gets fresh Node.js modules: they are patched as in the main thread.
const { syncBuiltinESMExports } = require('node:module');
const threads = require('node:worker_threads');
const { exposeGc } = require('./heap.js');
const { limitFileSystem, located } = require('./file-system.js');
const { resolvePrefixes } = require('./host-prefix.js');
const { leadModules } = require('./module-places.js');
const { leadPrograms } = require('./programs.js');
const { nameProvidedModules } = require('./provided-modules.js');
const { leadConnections } = require('./routes.js');

/**
 * @typedef {object} Limits how a thread's view differs from this machine
 * @property {import('./file-system.js').Places} places directories that stand for those of Lambda
 * @property {boolean} imports whether the code imports from them by name
 * @property {import('./routes.js').Route[]} routes where connections to databases lead
 * @property {import('./heap.js').HeapLimits} heap its size
 */

/** The key of a thread's limits in its environment data. */
const LIMITS = 'lintel:limits';

/** Applies the limits to this thread and those it starts. @param {Limits} limits */
function limitThread(limits) {
  const { places, imports, routes, heap } = limits;
  nameProvidedModules();
  limitFileSystem(places);
  leadModules(places, imports);
  leadConnections(routes);
  leadPrograms(places);
  const Native = threads.Worker;
  threads.setEnvironmentData(LIMITS, /** @type {any} */ (limits));
  threads.Worker = class Worker extends Native {
    /** @param {string | URL} file @param {import('node:worker_threads').WorkerOptions} [options] */
    constructor(file, options = {}) {
      const execArgv = ['--require', __filename, ...(options.execArgv ?? [])];
      const resourceLimits = { ...heap, ...options.resourceLimits };
      super(options.eval ? file : /** @type {string} */ (located(file, places)), {
        ...options,
        execArgv,
        resourceLimits,
      });
    }
  };
  syncBuiltinESMExports();
}

// Node.js loads this file first in each worker thread.
if (!threads.isMainThread) {
  limitThread(/** @type {Limits} */ (/** @type {unknown} */ (threads.getEnvironmentData(LIMITS))));
  resolvePrefixes();
  exposeGc();
}

module.exports = { limitThread };
