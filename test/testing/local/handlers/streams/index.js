'use strict';
/* global awslambda */
const { setTimeout: sleep } = require('node:timers/promises');
const { pipeline } = require('node:stream/promises');
const { Readable } = require('node:stream');

const { streamifyResponse, HttpResponseStream } = awslambda;

/** Its second piece comes long after the first. */
exports.slow = streamifyResponse(async ({ pause = 500 }, stream) => {
  stream.write('first ');
  await sleep(pause);
  stream.write('second');
  stream.end();
});

exports.http = streamifyResponse(async (event, stream) => {
  const response = HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-mine': 'yes' }, cookies: ['a=b'] });
  response.write('hello ');
  response.write('world');
  response.end();
});

/** Without a write, what is given to `from` is never sent. */
exports.endsWithText = streamifyResponse(async (event, stream) => {
  HttpResponseStream.from(stream, { statusCode: 404 }).end('Not found');
});

exports.endsEmpty = streamifyResponse(async (event, stream) => {
  HttpResponseStream.from(stream, { statusCode: 302, headers: { location: '/' } }).end();
});

exports.piped = streamifyResponse(async (event, stream) => {
  stream.setContentType('text/plain');
  await pipeline(Readable.from(['a', Buffer.from('b'), 'c']), stream);
});

exports.returns = streamifyResponse(async (event, stream) => {
  stream.end('sent');
  return 'ignored';
});

exports.failsAtOnce = streamifyResponse(async () => {
  throw new RangeError('before anything');
});

exports.failsUnderWay = streamifyResponse(async (event, stream) => {
  stream.write('begun');
  await sleep(20);
  throw new RangeError('under way');
});

exports.notAsync = streamifyResponse((event, stream) => void stream.write('x'));
exports.neverEnds = streamifyResponse(async (event, stream) => void stream.write('x'));
exports.tooLate = streamifyResponse(async (event, stream) => {
  stream.write('x');
  stream.setContentType('text/html');
});
exports.plain = async () => ({ not: 'streamed' });
