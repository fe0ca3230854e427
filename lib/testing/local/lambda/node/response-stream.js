'use strict';
// `awslambda`, the global of Lambda's Node.js runtime for streamed responses.
const { Writable } = require('node:stream');
const { KIND, send } = require('./channel.js');
const { RuntimeError } = require('./errors.js');

const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response';

/** The stream that a streaming handler writes to. */
class ResponseStream extends Writable {
  constructor() {
    super();
    this.contentType = 'application/octet-stream';
    this.begun = false;
    /** Runs before the first write. @type {((write: (chunk: string | Uint8Array) => void) => void) | undefined} */
    this._onBeforeFirstWrite = undefined;
    /** Resolves when the stream has ended. @type {Promise<void>} */
    this.finished = new Promise((resolve, reject) => this.once('finish', resolve).once('error', reject));
    this.finished.catch(() => undefined);
    // The client's connection keeps the event loop alive as long as the response is open.
    const open = setInterval(() => {}, 2 ** 30);
    this.once('close', () => clearInterval(open));
  }

  /** @param {string} type @throws RuntimeError when something was written */
  setContentType(type) {
    if (this.begun) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.contentType = type;
  }

  /** @param {any} chunk @param {any} [encoding] @param {any} [done] @override */
  write(chunk, encoding, done) {
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk);
    if (!this.begun) this._onBeforeFirstWrite?.((first) => this.forward(Buffer.from(/** @type {string} */ (first))));
    return super.write(data, encoding, done);
  }

  /** @param {Buffer | string} chunk @param {BufferEncoding} encoding @param {() => void} done @override */
  _write(chunk, encoding, done) {
    this.forward(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  /** @param {() => void} done @override */
  _final(done) {
    this.begin();
    send(KIND.streamEnd);
    done();
  }

  /** Ends the response with an error. @param {object} error */
  fail(error) {
    // A response that has ended can no longer fail.
    if (this.writableEnded) return;
    this.begin();
    send(KIND.streamError, JSON.stringify(error));
    this.destroy();
  }

  /** @param {Buffer} chunk */
  forward(chunk) {
    this.begin();
    if (chunk.length > 0) send(KIND.streamChunk, chunk);
  }

  begin() {
    if (this.begun) return;
    this.begun = true;
    send(KIND.streamStart, this.contentType);
  }
}

/** Sets the global, unless the function's variables turn it off. */
function provideStreaming() {
  if (['1', 'true'].includes(process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  /** @param {object} handler @param {{ highWaterMark?: number }} [options] */
  const streamifyResponse = (handler, options) => {
    const highWaterMark = options?.highWaterMark;
    return Object.assign(handler, {
      [STREAMING]: 'response',
      ...(typeof highWaterMark === 'number' && { [HIGH_WATER_MARK]: Math.trunc(highWaterMark) }),
    });
  };
  const HttpResponseStream = class {
    /** @param {ResponseStream} stream @param {unknown} prelude */
    static from(stream, prelude) {
      stream.setContentType(HTTP_RESPONSE);
      const metadata = JSON.stringify(prelude);
      stream._onBeforeFirstWrite = (write) => {
        write(metadata);
        write(new Uint8Array(8));
      };
      return stream;
    }
  };
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream } });
}

/** Whether a handler streams its response. @param {any} handler @throws RuntimeError for any other kind of streaming */
function isStreaming(handler) {
  const value = handler[STREAMING];
  if (value === undefined || value === null || value === false) return false;
  if (value === 'response') return true;
  throw new RuntimeError('MalformedStreamingHandler', 'Only response streaming is supported.');
}

module.exports = { ResponseStream, provideStreaming, isStreaming };
