'use strict';
// Finds and loads a handler, in the order and with the errors of Lambda's runtime interface clients.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { RuntimeError } = require('./errors.js');
const { nameImported } = require('./provided-modules.js');

/** @typedef {(event: unknown, context: unknown, third?: unknown) => unknown} Handler */

/**
 * @param {string} taskRoot
 * @param {string} handler as in the template: `src/index.handler`
 * @param {boolean} imports whether every module is imported, as from Node.js 24 on
 * @returns {Promise<Handler>}
 * @throws RuntimeError when there is none, or its module does not load
 */
async function loadHandler(taskRoot, handler, imports) {
  if (handler.includes('..')) {
    const remedy = 'Use absolute paths when specifying root directories in handler names.';
    throw new RuntimeError('MalformedHandlerName', `'${handler}' is not a valid handler name. ${remedy}`);
  }
  const base = path.basename(handler);
  const root = handler.slice(0, handler.indexOf(base));
  const [, name, member] = /^([^.]*)\.(.*)$/.exec(base) ?? [];
  if (name === undefined || member === undefined) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  const module = await load(taskRoot, root, name, imports);
  const found = memberOf(module, member) ?? (imports ? memberOf(module?.default, member) : undefined);
  if (!found) throw new RuntimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${handler} is not a function`);
  return /** @type {Handler} */ (found);
}

/** @param {any} module @param {string} names */
function memberOf(module, names) {
  return names.split('.').reduce((value, key) => value?.[key], module);
}

/** @param {string} taskRoot @param {string} root @param {string} name @param {boolean} imports @returns {Promise<any>} */
async function load(taskRoot, root, name, imports) {
  try {
    const stem = path.resolve(taskRoot, root, name);
    const loaded = await (imports ? imported(stem) : requiredOrImported(stem));
    return loaded ?? require(require.resolve(name, { paths: [taskRoot, path.join(taskRoot, root)] }));
  } catch (error) {
    nameImported(error);
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error.stack);
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

/** From Node.js 24 on. @param {string} stem */
async function imported(stem) {
  const file = ['', '.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((one) => existsSync(one));
  return file === undefined ? undefined : import(pathToFileURL(file).href);
}

/** Up to Node.js 22. @param {string} stem */
async function requiredOrImported(stem) {
  const has = (/** @type {string} */ extension) => existsSync(stem + extension);
  const isModule = has('.js') && inModuleScope(path.dirname(stem));
  if (has('')) return require(stem);
  if (has('.js')) return isModule ? import(pathToFileURL(`${stem}.js`).href) : require(`${stem}.js`);
  if (has('.mjs')) return import(pathToFileURL(`${stem}.mjs`).href);
  return has('.cjs') ? require(`${stem}.cjs`) : undefined;
}

/** Whether the next package.json above says that `.js` files are ES modules. @param {string} folder @returns {boolean} */
function inModuleScope(folder) {
  if (folder.endsWith('/node_modules')) return false;
  const manifest = path.join(folder, 'package.json');
  if (existsSync(manifest)) {
    try {
      return JSON.parse(readFileSync(manifest, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${manifest} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  const above = path.dirname(folder);
  return above !== folder && inModuleScope(above);
}

module.exports = { loadHandler };
