'use strict';
// The AWS SDK is part of Lambda's runtime but not of Node.js: if one of its packages is missing here, the error says
// so.
const Module = require('node:module');

const PROVIDED = /^@(?:aws-sdk|smithy)\/[^/]+/;

/** Adds a remedy to errors about missing SDK packages. */
function nameProvidedModules() {
  const internals = /** @type {{ _resolveFilename: (...args: any[]) => string }} */ (/** @type {unknown} */ (Module));
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (specifier, ...rest) {
    try {
      return resolve.call(this, specifier, ...rest);
    } catch (error) {
      if (error instanceof Error) addRemedy(error, specifier);
      throw error;
    }
  };
}

/** The same for an import: Node's own resolver throws there. @param {unknown} error of loading a module */
function nameImported(error) {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return;
  addRemedy(error, /^Cannot find package '([^']+)'/.exec(error.message)?.[1] ?? '');
}

/** @param {Error} error @param {string} specifier */
function addRemedy(error, specifier) {
  const [name] = PROVIDED.exec(specifier) ?? [];
  if (name === undefined) return;
  const remedy = `; Lambda's runtime provides it: run 'npm i -D ${name}' to have it here too`;
  error.message = error.message.replace(/^.*$/m, (line) => line + remedy);
}

module.exports = { nameImported, nameProvidedModules };
