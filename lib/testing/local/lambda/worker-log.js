'use strict';
// Standard output of an execution environment, and the console as the Node.js runtime of Lambda replaces it.
const { format: formatText } = require('node:util');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
/** @type {Record<string, string>} */
const METHODS = { trace: 'TRACE', debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' };

/**
 * @param {object} options
 * @param {string} options.format `JSON` or `Text`
 * @param {string} options.level the least level that is written, in the JSON format
 * @param {() => string | undefined} options.requestId
 * @param {(text: string) => void} options.write
 */
function captureOutput({ format, level, requestId, write }) {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = /** @type {typeof stream.write} */ (
      (/** @type {string | Uint8Array} */ chunk, /** @type {unknown[]} */ ...rest) => {
        write(String(typeof chunk === 'string' ? chunk : Buffer.from(chunk)).replace(/\n$/, ''));
        const done = rest.find((argument) => typeof argument === 'function');
        if (typeof done === 'function') done();
        return true;
      }
    );
  }
  for (const [method, name] of Object.entries(METHODS)) {
    Object.assign(console, {
      [method]: (/** @type {unknown[]} */ ...args) => {
        if (format !== 'JSON') write([new Date().toISOString(), requestId(), name, formatText(...args)].join('\t'));
        else if (LEVELS.indexOf(name) >= LEVELS.indexOf(level)) write(JSON.stringify(entry(name, args, requestId())));
      },
    });
  }
}

/** @param {string} level @param {unknown[]} args @param {string | undefined} requestId */
function entry(level, args, requestId) {
  const error = args.find((argument) => argument instanceof Error);
  return {
    timestamp: new Date().toISOString(),
    level,
    requestId,
    message: args.length === 1 && isPlain(args[0]) ? args[0] : formatText(...args),
    ...(error && {
      errorType: error.name,
      errorMessage: error.message,
      stackTrace: (error.stack ?? '').split('\n').slice(1),
    }),
  };
}

/** Whether a value goes into the log as JSON, not as text. @param {unknown} value */
function isPlain(value) {
  if (typeof value !== 'object' || value === null || value instanceof Error) return false;
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

module.exports = { captureOutput };
