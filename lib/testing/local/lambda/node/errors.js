'use strict';
// Errors of the runtime itself, and how it reports errors. Names and wording match Lambda's runtime interface clients:
// 3.x up to Node.js 22, 4.x from 24.
const { types } = require('node:util');

/** A runtime error, named by its type: `Runtime.HandlerNotFound`. */
class RuntimeError extends Error {
  /** @param {string} name without `Runtime.` @param {string} message @param {string} [stack] */
  constructor(name, message, stack) {
    super(message);
    this.name = `Runtime.${name}`;
    if (stack !== undefined) this.stack = stack;
  }
}

const UNREADABLE =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

/**
 * An error as the runtime reports it.
 * @param {any} thrown
 * @param {(value: any) => string} [asText] how a value that is not an error is written
 * @returns {{ errorType: string, errorMessage: string, trace?: string[] }}
 */
function describe(thrown, asText = (value) => value.toString()) {
  try {
    if (types.isNativeError(thrown) || isLikeError(thrown)) {
      const [errorType, errorMessage, stack] = [thrown.name, thrown.message, thrown.stack].map(asHeader);
      return { errorType, errorMessage, trace: stack.split('\n') };
    }
    return { errorType: typeof thrown, errorMessage: asText(thrown), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: UNREADABLE };
  }
}

/** Throws for what is neither a string nor missing, as the client does. @param {any} text */
function asHeader(text) {
  return text?.replaceAll('\x7F', '%7F');
}

/** @param {any} thrown */
function isLikeError(thrown) {
  return ['name', 'message', 'stack'].every((field) => typeof thrown?.[field] === 'string' && thrown[field] !== '');
}

/** @param {unknown} thrown @returns {Error} */
function intoError(thrown) {
  return thrown instanceof Error ? thrown : new Error(/** @type {string} */ (thrown));
}

/** An error as one line of a text log. @param {unknown} thrown */
function onOneLine(thrown) {
  try {
    return `\t${JSON.stringify(intoError(thrown), (_, value) => withFields(value))}`;
  } catch {
    return `\t${JSON.stringify(describe(thrown))}`;
  }
}

/** @param {unknown} value */
function withFields(value) {
  if (!(value instanceof Error)) return value;
  const { name: errorType, message: errorMessage, code } = /** @type {NodeJS.ErrnoException} */ (value);
  return {
    errorType,
    errorMessage,
    code,
    .../** @type {object} */ (value),
    ...(typeof value.stack === 'string' && { stack: value.stack.split('\n') }),
  };
}

module.exports = { RuntimeError, describe, intoError, onOneLine };
