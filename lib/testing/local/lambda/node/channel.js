'use strict';
// The channel between an execution environment and the run: a dedicated pipe on which both sides write frames of length
// (4 bytes), kind (1 byte) and content. Between invocations the process waits in a blocking read, so nothing in it
// runs, as when Lambda freezes it; and no handle of ours keeps its event loop alive.
const fs = require('node:fs');

const FD = 3;
const HEADER = 5;

// The originals: the handler may patch the module.
const { readSync, writeSync, read } = fs;

/** Frames that the environment sends. */
const KIND = /** @type {const} */ ({
  ready: 1,
  initError: 2,
  log: 3,
  response: 4,
  error: 5,
  streamStart: 6,
  streamChunk: 7,
  streamEnd: 8,
  streamError: 9,
  next: 10,
  last: 11,
});

/** @type {Buffer} */
let received = Buffer.alloc(0);
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * Writes a frame, and returns once the pipe has taken all of it.
 * @param {number} kind
 * @param {...(string | Uint8Array)} parts
 */
function send(kind, ...parts) {
  const bytes = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const length = bytes.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const header = Buffer.allocUnsafe(HEADER);
  header.writeUInt32BE(length);
  header[4] = kind;
  const frame = Buffer.concat([header, ...bytes], HEADER + length);
  try {
    for (let sent = 0; sent < frame.length;) sent += writeSync(FD, frame, sent);
  } catch {
    // The run is gone: there is no one left to answer.
    process.kill(process.pid, 'SIGKILL');
  }
}

/**
 * The next frame from the run; ends the process when the pipe is closed.
 * @param {boolean} freeze whether to block the process until then
 * @returns {Buffer | Promise<Buffer>}
 */
function receive(freeze) {
  const frame = complete();
  if (frame) return frame;
  if (!freeze) return receiveAwake();
  for (;;) {
    take(readSync(FD, buffer, 0, buffer.length, null));
    const next = complete();
    if (next) return next;
  }
}

/** For a debugger, which cannot reach a process that blocks. @returns {Promise<Buffer>} */
async function receiveAwake() {
  for (;;) {
    take(
      await new Promise((resolve) => {
        read(FD, buffer, 0, buffer.length, null, (error, count) => resolve(error ? 0 : count));
      }),
    );
    const next = complete();
    if (next) return next;
  }
}

/** @param {number} count */
function take(count) {
  if (count === 0) process.kill(process.pid, 'SIGKILL');
  const fresh = buffer.subarray(0, count);
  received = received.length === 0 ? Buffer.from(fresh) : Buffer.concat([received, fresh]);
}

/** @returns {Buffer | undefined} the content of a complete frame */
function complete() {
  if (received.length < HEADER) return undefined;
  const end = HEADER + received.readUInt32BE();
  if (received.length < end) return undefined;
  const content = received.subarray(HEADER, end);
  received = received.subarray(end);
  return content;
}

module.exports = { KIND, send, receive };
