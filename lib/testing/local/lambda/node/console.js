'use strict';
// Lambda's replacement of the Node.js console: one log entry per call, as text or JSON.
const { format } = require('node:util');
const { KIND, send } = require('./channel.js');
const { intoError, onOneLine } = require('./errors.js');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** @type {string | undefined} */
let requestId;
let json = false;

/** Sets the request that later lines belong to. @param {string} id */
function setRequestId(id) {
  requestId = id;
}

/**
 * Replaces the console, with the format and level from the environment variables.
 * @param {string} [outside] in place of the request id outside of an invocation
 */
function replaceConsole(outside) {
  const { AWS_LAMBDA_LOG_FORMAT: logFormat, AWS_LAMBDA_LOG_LEVEL: logLevel } = process.env;
  json = logFormat?.toUpperCase() === 'JSON';
  const least = LEVELS.indexOf(logLevel?.toUpperCase() ?? '');
  const entry = json ? jsonEntry : textEntry;
  for (const [index, level] of LEVELS.entries()) {
    /** @param {unknown[]} args */
    const write = (...args) => send(KIND.log, entry(level, args, requestId ?? outside));
    Object.assign(console, { [level.toLowerCase()]: index < least ? () => {} : write });
  }
  console.log = console.info;
}

/** Logs an error of an invocation or of initialization. @param {string} title @param {unknown} error */
function logError(title, error) {
  if (json) console.error(intoError(error));
  else console.error(title, onOneLine(error));
}

/** @param {string} level @param {unknown[]} args @param {string | undefined} id */
function textEntry(level, args, id) {
  return [new Date().toISOString(), String(id), level, format(...args)].join('\t');
}

/** @param {string} level @param {unknown[]} args @param {string | undefined} id */
function jsonEntry(level, args, id) {
  const head = { timestamp: new Date().toISOString(), level, requestId: id };
  if (args.length === 1) {
    try {
      return JSON.stringify({ ...head, message: args[0] }, (_, value) => errorFields(value));
    } catch {
      return JSON.stringify({ ...head, message: format(args[0]) });
    }
  }
  const error = args.find((arg) => arg instanceof Error);
  const fields = error instanceof Error ? described(error) : {};
  return JSON.stringify({ ...head, message: format(...args), ...fields });
}

/** @param {unknown} value */
function errorFields(value) {
  return value instanceof Error ? { ...described(value), .../** @type {object} */ (value) } : value;
}

/** @param {Error} error */
function described(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

module.exports = { replaceConsole, setRequestId, logError };
