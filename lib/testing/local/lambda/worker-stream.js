'use strict';
// `awslambda`, the global of the Node.js runtime for streamed responses. The whole response is collected, then handed over.
const { Writable } = require('node:stream');

const STREAMING = Symbol('streaming handler');
const PRELUDE_END = Buffer.alloc(8);

/** The stream that a streaming handler writes to. */
class ResponseStream extends Writable {
  constructor() {
    super();
    /** @type {Buffer[]} */
    this.chunks = [];
    /** @type {object | undefined} */
    this.metadata = undefined;
    this.ended = new Promise((resolve, reject) => this.once('finish', () => resolve(undefined)).once('error', reject));
    this.ended.catch(() => undefined);
  }

  /** @param {Buffer | string} chunk @param {BufferEncoding} encoding @param {() => void} done @override */
  _write(chunk, encoding, done) {
    this.chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  /** @param {string} type */
  setContentType(type) {
    this.metadata = { headers: { 'content-type': type } };
  }

  /** What Lambda sends: the metadata as JSON and eight zero bytes, where there are any, then the body. */
  payload() {
    const prelude = this.metadata ? [Buffer.from(JSON.stringify(this.metadata)), PRELUDE_END] : [];
    return Buffer.concat([...prelude, ...this.chunks]);
  }
}

/** Sets the global. */
function provideStreaming() {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (/** @type {object} */ handler) => Object.assign(handler, { [STREAMING]: true }),
      HttpResponseStream: {
        /** @param {ResponseStream} stream @param {object} metadata */
        from: (stream, metadata) => Object.assign(stream, { metadata }),
      },
    },
  });
}

/** @param {object} handler */
function isStreaming(handler) {
  return STREAMING in handler;
}

module.exports = { ResponseStream, provideStreaming, isStreaming };
