'use strict';
const { spawn } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

let count = 0;

/** Starts a program that goes on, changes directory, ends badly, or is busy. */
exports.handler = async ({ act, detached }) => {
  count++;
  if (act === 'spawn' || act === 'busy') {
    const child = spawn('sleep', ['300'], { stdio: 'ignore', detached });
    console.log(`PIDS ${process.pid} ${child.pid}`);
  }
  for (; act === 'busy';);
  if (act === 'chdir') process.chdir(tmpdir());
  if (act === 'abort') process.abort();
  appendFileSync(path.join(tmpdir(), 'seen'), 'x');
  return { count, cwd: process.cwd(), pid: process.pid };
};
