'use strict';
// One execution environment of a Lambda function, as a worker thread. It loads the handler as the Node.js runtime does,
// then serves one invocation after the other. Plain JavaScript: Node starts it itself, without anybody's transpiler.
const { parentPort, workerData } = require('node:worker_threads');
const { loadHandler, RuntimeError } = require('./worker-load.js');
const { captureOutput } = require('./worker-log.js');
const { isStreaming, provideStreaming, ResponseStream } = require('./worker-stream.js');

/**
 * @typedef {object} Invocation
 * @property {string} requestId
 * @property {string} event the payload, as JSON
 * @property {number} deadline in milliseconds since the epoch
 * @property {string} functionArn with the qualifier it was invoked by
 * @property {string} traceId
 * @property {string} [clientContext] as JSON
 */
/** @typedef {(event: unknown, context: object, third?: unknown) => unknown} Handler */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @type {string | undefined} */
let requestId;

captureOutput({
  format: workerData.logFormat,
  level: workerData.logLevel,
  requestId: () => requestId,
  write: (text) => port.postMessage({ type: 'log', requestId, text }),
});
provideStreaming();
// Warnings are about the Node.js of this machine, not about the function's runtime.
process.removeAllListeners('warning');
process.setSourceMapsEnabled(workerData.sourceMaps);
process.cwd = () => workerData.taskRoot;
process.on('uncaughtException', (error) => crash(describe(error)));
process.on('unhandledRejection', (reason) =>
  crash({ ...describe(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason) }),
);

/** From Node.js 24 on, a handler has no callback, and the context no methods that do the same. */
const hasCallback = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0) < 24;

const handler = loadHandler(workerData)
  .then(supported)
  .then(
    (loaded) => {
      port.postMessage({ type: 'ready' });
      return loaded;
    },
    (error) => {
      port.postMessage({ type: 'init-failed', error: describe(error) });
      return undefined;
    },
  );

port.on('message', async (/** @type {Invocation} */ invocation) => {
  const handle = await handler;
  if (!handle) return;
  requestId = invocation.requestId;
  process.env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    const payload = await run(handle, invocation);
    port.postMessage({ type: 'done', requestId: invocation.requestId, payload });
  } catch (error) {
    port.postMessage({ type: 'failed', requestId: invocation.requestId, error: describe(error) });
  }
});

/**
 * @param {unknown} loaded
 * @returns {Handler}
 * @throws RuntimeError for a handler that the runtime refuses to start
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
function supported(loaded) {
  const handle = /** @type {Handler} */ (loaded);
  if (hasCallback || isStreaming(handle) || handle.length < 3) return handle;
  throw new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24',
  );
}

/**
 * @param {Handler} handle
 * @param {Invocation} invocation
 * @returns {Promise<Uint8Array>} the payload
 */
async function run(handle, invocation) {
  const event = JSON.parse(invocation.event);
  if (isStreaming(handle)) {
    const stream = new ResponseStream();
    await handle(event, stream, contextOf(invocation));
    await stream.ended;
    return stream.payload();
  }
  const result = await outcome(handle, event, invocation);
  try {
    return Buffer.from(JSON.stringify(result === undefined ? null : result));
  } catch {
    throw new RuntimeError('Runtime.MarshallError', 'Unable to stringify response body');
  }
}

/**
 * What the handler returns or passes to its callback. Without a promise and without a callback, the answer is null.
 * @param {Handler} handle
 * @param {unknown} event
 * @param {Invocation} invocation
 * @returns {Promise<unknown>}
 */
function outcome(handle, event, invocation) {
  return new Promise((resolve, reject) => {
    /** @param {unknown} error @param {unknown} [result] */
    const callback = (error, result) => (error == null ? resolve(result) : reject(error));
    const methods = {
      callbackWaitsForEmptyEventLoop: true,
      done: callback,
      succeed: (/** @type {unknown} */ result) => resolve(result),
      fail: (/** @type {unknown} */ error) => reject(error ?? new Error('handled')),
    };
    const context = contextOf(invocation);
    const returned = hasCallback ? handle(event, { ...methods, ...context }, callback) : handle(event, context);
    if (returned instanceof Promise || isThenable(returned)) Promise.resolve(returned).then(resolve, reject);
    else if (handle.length < 3) setImmediate(resolve, null);
  });
}

/** @param {unknown} value */
function isThenable(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** @param {Invocation} invocation */
function contextOf({ requestId: awsRequestId, deadline, functionArn, clientContext }) {
  const { env } = process;
  return {
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/**
 * An error as the runtime reports it.
 * @param {unknown} thrown
 */
function describe(thrown) {
  if (!(thrown instanceof Error)) {
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  }
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** @param {object} error */
function crash(error) {
  port.postMessage({ type: 'crashed', error });
  process.exit(1);
}
