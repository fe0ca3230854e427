'use strict';
const { execFileSync } = require('node:child_process');

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
  /** Nothing. */
  none: () => 'fine',
};

exports.handler = async ({ way }) => ways[way]();
