'use strict';
// What a handler may load: its own files, its layers, and the AWS SDK that the runtime provides. The project's
// node_modules are near by on a developer's machine and far away on Lambda: a dependency that was left out of the
// bundle must fail here too.
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/**
 * @typedef {object} Modules
 * @property {string} taskRoot the directory of the function's code
 * @property {string[]} layers the directories of its layers
 * @property {string} project where the runtime's SDK is taken from
 * @property {boolean} openModules whether a layer is not at hand, so that anything may come from the project
 */

/** @param {string} specifier */
function isProvided(specifier) {
  return /^@(aws-sdk|smithy|aws-crypto)\//.test(specifier);
}

/** @param {string} file @param {Modules} modules */
function isOwn(file, { taskRoot, layers }) {
  return [taskRoot, ...layers].some((root) => file === root || file.startsWith(root + path.sep));
}

/** Directories from which a bare specifier is looked up when the function's own code does not have it.
 * @param {string} specifier @param {Modules} modules */
function elsewhere(specifier, { layers, project, openModules }) {
  if (specifier.startsWith('.') || path.isAbsolute(specifier)) return [];
  const [major] = process.versions.node.split('.');
  return [
    ...layers.flatMap((layer) => [path.join(layer, 'nodejs'), path.join(layer, 'nodejs', `node${major}`)]),
    ...(openModules || isProvided(specifier) ? [project] : []),
  ];
}

/** @param {string} specifier @param {string} parent */
function notFound(specifier, parent) {
  const remedy = isProvided(specifier)
    ? `; Lambda's runtime provides it: run 'npm i -D ${specifier.split('/').slice(0, 2).join('/')}' to have it here too`
    : '';
  const error = new Error(`Cannot find module '${specifier}'${remedy}\nRequire stack:\n- ${parent}`);
  return Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

/** Restricts `require()`. @param {Modules} modules */
function restrictRequire(modules) {
  const internals = /** @type {{ _resolveFilename: (...args: any[]) => string }} */ (/** @type {unknown} */ (Module));
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (specifier, parent, ...rest) {
    const from = parent?.filename;
    if (Module.isBuiltin(specifier) || !from || !isOwn(from, modules)) {
      return resolve.call(this, specifier, parent, ...rest);
    }
    const own = attempt(() => resolve.call(this, specifier, parent, ...rest));
    if (own && isOwn(own, modules)) return own;
    for (const directory of elsewhere(specifier, modules)) {
      const found = attempt(() => Module.createRequire(path.join(directory, 'index.js')).resolve(specifier));
      if (found) return found;
    }
    throw notFound(specifier, from);
  };
}

/** Restricts `import`, in the same way. @param {Modules} modules */
function restrictImport(modules) {
  Module.register(pathToFileURL(path.join(__dirname, 'worker-import.mjs')), { data: modules });
}

/** @template T @param {() => T} action @returns {T | undefined} */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

module.exports = { restrictRequire, restrictImport, isOwn, elsewhere, notFound };
