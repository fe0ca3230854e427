// The `import` hook for versions of Node.js that run hooks in a separate thread.
import { createRequire } from 'node:module';

const { resolver } = createRequire(import.meta.url)('./module-places.js');

/** @type {(specifier: string, context: unknown, next: Function) => unknown} */
let hook;

/** @param {import('./file-system.js').Places} places */
export function initialize(places) {
  hook = resolver(places);
}

/** @param {string} specifier @param {unknown} context @param {Function} next */
export function resolve(specifier, context, next) {
  return hook(specifier, context, next);
}
