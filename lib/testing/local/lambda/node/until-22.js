'use strict';
// Serves invocations as the runtime does up to Node.js 22: a promise, a callback or a context method answers, once;
// an answer through the callback waits until the event loop is empty.
const { KIND, send } = require('./channel.js');
const { logError } = require('./console.js');
const { describe, RuntimeError } = require('./errors.js');
const { nextInvocation, peakMemory } = require('./invocation.js');
const { ResponseStream } = require('./response-stream.js');

const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';

/** What happens when the event loop is empty. */
let whenEmpty = () => {};
/** Handles an uncaught error. @type {(error: unknown) => void} */
let uncaught = (error) => send(KIND.initError, JSON.stringify(describe(error)));

/** Watches the process, from before the handler is loaded. */
function watchProcess() {
  process.on('beforeExit', () => whenEmpty());
  process.on('uncaughtException', (error) => {
    logError('Uncaught Exception', error);
    uncaught(error);
    process.exit(129);
  });
  process.on('unhandledRejection', (reason) => {
    const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
    logError('Unhandled Promise Rejection', error);
    uncaught(error);
    process.exit(128);
  });
}

/**
 * @param {import('./load-handler.js').Handler} handler
 * @param {{ streaming: boolean, freeze: boolean }} options
 */
function serve(handler, { streaming, freeze }) {
  if (handler.length === 3 && handler.constructor.name !== 'AsyncFunction' && !streaming) warnOfCallback();
  const handleOnce = streaming ? streamOnce : answerOnce;
  const next = () => {
    setImmediate(async () => {
      whenEmpty = () => {};
      handleOnce(handler, await nextInvocation(freeze), next);
    });
  };
  next();
}

function warnOfCallback() {
  if (process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING !== undefined) return;
  console.warn(
    'From Node.js 24 on, Lambda starts no handler that takes a callback; make it async (AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING silences this).',
  );
}

/**
 * @param {import('./load-handler.js').Handler} handler
 * @param {import('./invocation.js').Invocation} invocation
 * @param {() => void} next
 */
function answerOnce(handler, { event, context }, next) {
  let completed = false;
  let waits = true;
  /** @param {unknown} result */
  const complete = (result) => {
    if (completed) {
      console.error('The invocation is answered already: it can be answered only once.');
      return;
    }
    completed = true;
    send(KIND.response, peakMemory(), serialized(result));
    next();
  };
  /** @param {unknown} error */
  const fail = (error) => {
    logError('Invoke Error', error);
    send(KIND.error, JSON.stringify(describe(error)));
    next();
  };
  /** @param {unknown} error @param {unknown} result @param {boolean} now */
  const settle = (error, result, now) => {
    whenEmpty = () => {};
    if (error !== undefined && error !== null) fail(error);
    else if (now) complete(result);
    else whenEmpty = () => setImmediate(complete, result);
  };
  const first = once();
  const callback = first((error, result) => settle(error, result, !waits));
  const methods = {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
    succeed: first((result) => settle(null, result, true)),
    fail: first((error) => settle(error ?? 'handled', null, true)),
    done: first((error, result) => settle(error, result, true)),
  };
  uncaught = (error) => send(KIND.last, JSON.stringify(describe(error)));
  whenEmpty = () => {
    completed = true;
    if (handler.constructor.name === 'AsyncFunction') fail(new RuntimeError('NodeJsExit', NEVER_SETTLED));
    else {
      send(KIND.response, peakMemory(), 'null');
      next();
    }
  };
  try {
    const returned = /** @type {any} */ (handler(event, Object.assign(methods, context), callback));
    if (isThenable(returned)) returned.then(methods.succeed, methods.fail).catch(methods.fail);
  } catch (error) {
    callback(error);
  }
}

/** Wraps functions so that only the first one called has any effect. */
function once() {
  let finished = false;
  return (/** @type {(...args: any[]) => void} */ action) =>
    (/** @type {any[]} */ ...args) => {
      if (finished) return;
      action(...args);
      finished = true;
    };
}

/**
 * @param {import('./load-handler.js').Handler} handler
 * @param {import('./invocation.js').Invocation} invocation
 * @param {() => void} next
 */
async function streamOnce(handler, { event, context }, next) {
  let waits = true;
  const settings = {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
  };
  const stream = new ResponseStream();
  const leave = () => {
    if (!waits) return goOn();
    whenEmpty = () => setImmediate(goOn);
  };
  const goOn = () => {
    send(KIND.next, peakMemory());
    next();
  };
  uncaught = (error) => send(KIND.last, JSON.stringify(describe(error)));
  try {
    const returned = handler(event, stream, Object.assign(settings, context));
    if (!isThenable(returned)) throw 'Streaming does not support non-async handlers.';
    if ((await returned) !== undefined) console.warn('Streaming handlers ignore return values.');
    await stream.finished;
  } catch (error) {
    logError('Invoke Error', error);
    stream.fail(describe(error));
  }
  leave();
}

/** @param {unknown} result */
function serialized(result) {
  let text;
  try {
    text = JSON.stringify(result === undefined ? null : result);
  } catch {
    throw new Error('Unable to stringify response body');
  }
  // The client's native part accepts only text.
  if (text === undefined) throw new Error('A string was expected');
  return text;
}

/** @param {any} value */
function isThenable(value) {
  return Boolean(value?.then) && typeof value.then === 'function';
}

module.exports = { watchProcess, serve };
