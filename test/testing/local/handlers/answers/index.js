'use strict';
// Ways to answer. Each is a handler; the table of node-handlers.test.ts says what Lambda makes of it.

exports.returnsValue = () => 'value';
exports.returnsPromise = async () => 'value';
exports.returnsThenable = () => ({ then: (resolve) => resolve('value') });
exports.returnsNothing = async () => {};

exports.callsBack = (event, context, callback) => callback(null, 'value');
exports.callsBackLater = (event, context, callback) => void setTimeout(callback, 5, null, 'value');
exports.callsBackWithError = (event, context, callback) => callback(new RangeError('broken'));
exports.callsBackAndReturns = async (event, context, callback) => {
  callback(null, 'first');
  return 'second';
};
exports.takesCallback = (event, context, callback) => void callback;
exports.seesArguments = async (...given) => given.length;

/** What a timer does after the answer is seen in it only where the answer waits for an empty event loop. */
function afterTimer() {
  const state = { timer: false };
  setTimeout(() => (state.timer = true), 20);
  return state;
}
exports.callsBackBeforeTimer = (event, context, callback) => callback(null, afterTimer());
exports.callsBackWithoutWaiting = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  callback(null, afterTimer());
};
exports.succeeds = (event, context) => context.succeed(afterTimer());
exports.isDone = (event, context) => context.done(null, afterTimer());
exports.fails = (event, context) => context.fail();
exports.resolvesBeforeTimer = async () => afterTimer();

exports.throws = async () => {
  throw new RangeError('broken');
};
exports.throwsText = async () => {
  throw 'text';
};
exports.throwsUndefined = async () => {
  throw undefined;
};
exports.throwsAtOnce = () => {
  throw new RangeError('broken');
};
exports.neverSettles = async () => new Promise(() => {});
exports.returnsPendingPromise = () => new Promise(() => {});
exports.rejectsUnhandled = () => new Promise(() => void Promise.reject(new RangeError('nobody')));
exports.throwsUncaught = () => new Promise(() => setTimeout(() => exports.throwsAtOnce(), 1));
exports.answersBigInt = async () => 1n;
