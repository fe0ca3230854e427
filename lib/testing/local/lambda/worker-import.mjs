// Module hooks for handlers that are ECMAScript modules; the rule is that of worker-modules.js.
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import common from './worker-modules.js';

/** @type {import('./worker-modules.js').Modules} */
let modules;

/** @param {import('./worker-modules.js').Modules} data */
export function initialize(data) {
  modules = data;
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined;
  if (isBuiltin(specifier) || !parent || !common.isOwn(parent, modules)) return next(specifier, context);
  const own = await attempt(() => next(specifier, context));
  if (own && common.isOwn(fileURLToPath(own.url), modules)) return own;
  for (const directory of common.elsewhere(specifier, modules)) {
    const parentURL = pathToFileURL(path.join(directory, 'index.js')).href;
    const found = await attempt(() => next(specifier, { ...context, parentURL }));
    if (found) return found;
  }
  throw common.notFound(specifier, parent);
}

/**
 * @template T
 * @param {() => T | Promise<T>} action
 * @returns {Promise<T | undefined>}
 */
async function attempt(action) {
  try {
    return await action();
  } catch {
    return undefined;
  }
}
