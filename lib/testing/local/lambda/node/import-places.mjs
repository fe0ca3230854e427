// The hook of `import` where Node.js runs hooks in a thread of their own.
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
