'use strict';
// One execution environment of a Node.js function, as a separate process. It may start before its function is known:
// the first frame that it receives tells. Plain JavaScript, because Node runs it directly, without a transpiler.
const { resetHeapFlags } = require('./heap.js');
// Before any other module of Node.js is loaded.
const heap = resetHeapFlags();
const Module = require('node:module');
const { KIND, receive, send } = require('./channel.js');
const { logError, replaceConsole } = require('./console.js');
const { describe } = require('./errors.js');
const { resolvePrefixes } = require('./host-prefix.js');
const { loadHandler } = require('./load-handler.js');
const { answerLocally } = require('./local-responses.js');
const { isStreaming, provideStreaming } = require('./response-stream.js');
const until22 = require('./until-22.js');
const from24 = require('./from-24.js');
const { limitThread } = require('./threads.js');

/**
 * @typedef {object} Role
 * @property {Record<string, string>} variables everything that the handler sees in `process.env`
 * @property {string} taskRoot
 * @property {string} handler
 * @property {boolean} callbacks whether the runtime is Node.js 22 or older
 * @property {import('./file-system.js').Places} places directories that stand for those of Lambda
 * @property {boolean} imports whether the code imports from them by name
 * @property {import('./routes.js').Route[]} routes where connections to databases lead
 * @property {import('./local-responses.js').Endpoint[]} endpoints hosts whose requests go to the run
 */

/** Whether the process blocks while it waits; a debugger could not reach it then. */
const freeze = !process.execArgv.some((argument) => argument.startsWith('--inspect'));

/** Becomes a function's environment, and loads its handler. */
async function start() {
  /** @type {Role} */
  const role = JSON.parse((await receive(freeze)).toString());
  become(role);
  replaceConsole(role.callbacks ? undefined : '-');
  provideStreaming();
  answerLocally(role.endpoints);
  resolvePrefixes();
  if (role.callbacks) until22.watchProcess();
  const { taskRoot, handler: name, callbacks } = role;
  try {
    const handler = await loadHandler(taskRoot, name, !callbacks);
    const streaming = isStreaming(handler);
    if (!callbacks) from24.refuseCallback(handler, streaming);
    send(KIND.ready);
    return { handler, serve: (callbacks ? until22 : from24).serve, options: { streaming, freeze } };
  } catch (error) {
    logError(callbacks ? 'Uncaught Exception' : 'Init Error', error);
    send(KIND.initError, JSON.stringify(describe(error)));
    process.exit(callbacks ? 129 : 1);
  }
}

/** Takes on the variables and the working directory. @param {Role} role */
function become({ variables, taskRoot, places, imports, routes }) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
  process.chdir(taskRoot);
  // NODE_PATH is read when Node starts.
  /** @type {{ _initPaths(): void }} */ (/** @type {unknown} */ (Module))._initPaths();
  // Warnings are about the Node.js of this machine, not about the function's runtime.
  process.removeAllListeners('warning');
  limitThread({ places, imports, routes, heap });
}

void start().then(({ handler, serve, options }) => serve(handler, options));
