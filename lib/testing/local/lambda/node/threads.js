'use strict';
// A thread that a handler starts has the modules of Node.js anew: they are limited as those of the main thread are.
const { syncBuiltinESMExports } = require('node:module');
const threads = require('node:worker_threads');
const { limitFileSystem, located } = require('./file-system.js');
const { resolvePrefixes } = require('./host-prefix.js');
const { leadModules } = require('./module-places.js');
const { nameProvidedModules } = require('./provided-modules.js');
const { leadConnections } = require('./routes.js');

/**
 * @typedef {object} Limits what a thread sees otherwise than this machine has it
 * @property {import('./file-system.js').Places} places directories that stand for those of Lambda
 * @property {boolean} imports whether the code imports from them by name
 * @property {import('./routes.js').Route[]} routes where connections to databases lead
 */

/** Under this name a thread finds its limits. */
const LIMITS = 'lintel:limits';

/** Limits this thread and those that it starts. @param {Limits} limits */
function limitThread(limits) {
  const { places, imports, routes } = limits;
  nameProvidedModules();
  limitFileSystem(places);
  leadModules(places, imports);
  leadConnections(routes);
  const Native = threads.Worker;
  threads.setEnvironmentData(LIMITS, /** @type {any} */ (limits));
  threads.Worker = class Worker extends Native {
    /** @param {string | URL} file @param {import('node:worker_threads').WorkerOptions} [options] */
    constructor(file, options = {}) {
      const execArgv = ['--require', __filename, ...(options.execArgv ?? [])];
      super(options.eval ? file : /** @type {string} */ (located(file, places)), { ...options, execArgv });
    }
  };
  syncBuiltinESMExports();
}

// Node.js loads this file first in each of them.
if (!threads.isMainThread) {
  limitThread(/** @type {Limits} */ (/** @type {unknown} */ (threads.getEnvironmentData(LIMITS))));
  resolvePrefixes();
}

module.exports = { limitThread };
