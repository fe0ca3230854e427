'use strict';
// One invocation as the run sends it, and what both generations of the runtime derive from it.
const fs = require('node:fs');
const { setRequestId } = require('./console.js');
const { receive } = require('./channel.js');

const { openSync, readSync } = fs;

/**
 * @typedef {object} Invocation
 * @property {string} requestId
 * @property {unknown} event
 * @property {object} context the part of the handler's context that both generations share
 */

/** Waits for the next invocation. @param {boolean} freeze @returns {Promise<Invocation>} */
async function nextInvocation(freeze) {
  const frame = await receive(freeze);
  const end = 4 + frame.readUInt32BE();
  const head = JSON.parse(frame.toString('utf8', 4, end));
  setRequestId(head.requestId);
  process.env._X_AMZN_TRACE_ID = head.traceId;
  return {
    requestId: head.requestId,
    event: JSON.parse(frame.toString('utf8', end)),
    context: contextOf(head),
  };
}

/** @param {Record<string, any>} head */
function contextOf({ requestId, deadline, functionArn, clientContext }) {
  const { env } = process;
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: clientContext === undefined ? undefined : JSON.parse(clientContext),
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    tenantId: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** @type {number | undefined} */
let status;
const statusText = Buffer.allocUnsafe(4096);
let peak = 0;
let faults = -1;

/** This process's peak memory, in KB, as four bytes. */
function peakMemory() {
  const { maxRSS, minorPageFault, majorPageFault } = process.resourceUsage();
  // Without a page fault since the last look, the peak cannot have grown.
  const unchanged = faults === minorPageFault + majorPageFault;
  if (!unchanged) peak = process.platform === 'linux' ? fromProc() : maxRSS;
  faults = minorPageFault + majorPageFault;
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(peak);
  return bytes;
}

/** `ru_maxrss` would include the run's memory at the time it started this process. */
function fromProc() {
  status ??= openSync('/proc/self/status', 'r');
  const length = readSync(status, statusText, 0, statusText.length, 0);
  return Number(/VmHWM:\s+(\d+)/.exec(statusText.toString('latin1', 0, length))?.[1] ?? 0);
}

module.exports = { nextInvocation, peakMemory };
