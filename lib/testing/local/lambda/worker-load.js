'use strict';
// Finds and loads a handler as the Node.js runtime of Lambda does, and fails with the runtime's own error types.
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { restrictRequire, restrictImport } = require('./worker-modules.js');

/** An error of the runtime itself, whose name is its type: `Runtime.HandlerNotFound`. */
class RuntimeError extends Error {
  /** @param {string} name @param {string} message */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/**
 * @param {{ taskRoot: string, handler: string, layers: string[], project: string, openModules: boolean }} options
 * @returns {Promise<unknown>} the handler
 * @throws RuntimeError when there is none, or its module does not load
 */
async function loadHandler({ taskRoot, handler, ...modules }) {
  const [, base = '', name] = /^([^.]*)\.(.*)$/.exec(path.basename(handler)) ?? [];
  if (!name) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  const file = path.join(path.dirname(handler), base);
  const module = moduleFile(path.join(taskRoot, file));
  if (!module) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  }
  const loaded = await load(module, { taskRoot, ...modules });
  const found = name.split('.').reduce(memberOf, loaded);
  if (found === undefined) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  if (typeof found !== 'function') throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found;
}

/** @param {unknown} value @param {string} name @returns {unknown} */
function memberOf(value, name) {
  return value === null || value === undefined ? undefined : /** @type {Record<string, unknown>} */ (value)[name];
}

/** @param {string} stem */
function moduleFile(stem) {
  return ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((file) => existsSync(file));
}

/** @param {string} file @param {import('./worker-modules.js').Modules} modules */
async function load(file, modules) {
  try {
    restrictRequire(modules);
    if (!isModule(file, modules.taskRoot)) return require(file);
    restrictImport(modules);
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
}

/** Whether Node loads a file as an ECMAScript module. @param {string} file @param {string} root */
function isModule(file, root) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const manifest = path.join(directory, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
    if (directory === root || directory === path.dirname(directory)) return false;
  }
}

module.exports = { loadHandler, RuntimeError };
