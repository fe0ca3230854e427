'use strict';
// Serves invocations as the runtime does since Node.js 24: the handler's return value is the response. An uncaught
// error ends the process, and so does an event loop that empties before there is a response.
const { KIND, send } = require('./channel.js');
const { logError } = require('./console.js');
const { describe, RuntimeError } = require('./errors.js');
const { nextInvocation, peakMemory } = require('./invocation.js');
const { ResponseStream } = require('./response-stream.js');

const CALLBACK =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/** @param {unknown} error */
const reported = (error) => JSON.stringify(describe(error, String));

/**
 * @param {import('./load-handler.js').Handler} handler
 * @param {{ streaming: boolean, freeze: boolean }} options
 */
async function serve(handler, { streaming, freeze }) {
  for (;;) {
    const invocation = await nextInvocation(freeze);
    await (streaming ? stream(handler, invocation) : answer(handler, invocation));
  }
}

/** @param {import('./load-handler.js').Handler} handler @param {boolean} streaming @throws RuntimeError */
function refuseCallback(handler, streaming) {
  if (handler.length >= 3 && !streaming) throw new RuntimeError('CallbackHandlerDeprecated', CALLBACK);
}

/** @param {import('./load-handler.js').Handler} handler @param {import('./invocation.js').Invocation} invocation */
async function answer(handler, { event, context }) {
  try {
    const result = await handler(event, context);
    await untilNextTurn();
    send(KIND.response, peakMemory(), serialized(result));
  } catch (error) {
    await untilNextTurn();
    logError('Invoke Error', error);
    send(KIND.error, reported(error));
  }
}

/** @param {import('./load-handler.js').Handler} handler @param {import('./invocation.js').Invocation} invocation */
async function stream(handler, { event, context }) {
  const response = new ResponseStream();
  try {
    const returned = /** @type {any} */ (handler(event, response, context));
    if (typeof returned?.then !== 'function') throw new Error('Streaming does not support non-async handlers.');
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
    await response.finished;
  } catch (error) {
    await untilNextTurn();
    logError('Invoke Error', error);
    response.fail(describe(error, String));
  }
  send(KIND.next, peakMemory());
}

/** @param {unknown} result */
function serialized(result) {
  try {
    const text = JSON.stringify(result === undefined ? null : result);
    if (text !== undefined) return text;
  } catch {
    throw new RuntimeError('JSONStringifyError', 'Unable to stringify response body');
  }
  // The client's native part accepts only text.
  throw new Error('A string was expected');
}

const untilNextTurn = () => new Promise((resolve) => setImmediate(resolve));

module.exports = { serve, refuseCallback };
