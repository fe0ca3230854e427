'use strict';
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { getHeapStatistics } = require('node:v8');
const { Worker } = require('node:worker_threads');

const ways = {
  /** Many objects: V8's heap. */
  heap() {
    const all = [];
    for (;;) all.push(new Array(1e4).fill(`${all.length}`));
  },
  /** Memory outside of V8's heap. */
  buffers() {
    const all = [];
    for (;;) all.push(Buffer.alloc(1e7, 1));
  },
  /** One allocation that is too large, which is gone again when the handler answers. */
  once() {
    Buffer.alloc(4e8, 1);
    return 'answered';
  },
  /** A program that the handler starts. */
  child() {
    execFileSync(process.execPath, ['-e', 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));']);
  },
  /** Programs that share with the handler what is in the file of Node.js, and hold little else. */
  async family() {
    const wait = ['-e', 'setTimeout(() => {}, 700)'];
    const all = [1, 2, 3].map(() => spawn(process.execPath, wait, { stdio: 'ignore' }));
    await Promise.all(all.map((one) => once(one, 'exit')));
    return 'fine';
  },
  /** The heaps of the handler and of a thread of it, and whether they can collect garbage. */
  async heaps() {
    const code = `const { parentPort } = require('node:worker_threads');
      parentPort.postMessage([require('node:v8').getHeapStatistics().heap_size_limit, typeof gc]);`;
    const [thread] = await once(new Worker(code, { eval: true }), 'message');
    return { thread, own: [getHeapStatistics().heap_size_limit, typeof gc] };
  },
  /** Nothing. */
  none: () => 'fine',
};

exports.handler = async ({ way }) => ways[way]();
