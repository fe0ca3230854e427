'use strict';
// Resolves modules with absolute paths: /opt, /tmp and /var/task map to this environment's directories.
const Module = require('node:module');
const { pathToFileURL } = require('node:url');
const { located } = require('./file-system.js');

/** @typedef {import('./file-system.js').Places} Places */
/** @typedef {{ conditions?: readonly string[] }} Context of a resolution */

/**
 * Redirects `require` and `import` to the environment's directories.
 * @param {Places} places
 * @param {boolean} imports whether the function's code imports from them by name: older versions of Node.js need a thread
 * for hooks, which only such a function pays for
 */
function leadModules(places, imports) {
  const internals = /** @type {any} */ (Module);
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (/** @type {unknown} */ specifier, /** @type {unknown[]} */ ...rest) {
    const isPath = typeof specifier === 'string' && specifier.startsWith('/');
    return resolve.call(this, isPath ? located(specifier, places) : specifier, ...rest);
  };
  if (internals.registerHooks) internals.registerHooks({ resolve: resolver(places) });
  else if (imports) internals.register('./import-places.mjs', { parentURL: pathToFileURL(__filename), data: places });
}

/**
 * The `import` hook. Where it also runs for `require`, that one takes a path, of a folder or without an extension too,
 * where an import takes a URL.
 * @param {Places} places
 */
function resolver(places) {
  return (
    /** @type {string} */ specifier,
    /** @type {Context | undefined} */ context,
    /** @type {Function} */ next,
  ) => {
    const path = /^(?:file:\/\/)?(\/.*)$/.exec(specifier)?.[1];
    if (path === undefined) return next(specifier, context);
    if (context?.conditions?.includes('require')) return next(located(specifier, places), context);
    const place = /** @type {string} */ (located(decodeURI(path), places));
    return next(place === decodeURI(path) ? specifier : pathToFileURL(place).href, context);
  };
}

module.exports = { leadModules, resolver };
