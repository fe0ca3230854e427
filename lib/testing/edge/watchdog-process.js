'use strict';
// Ends the processes it was told of when its standard input closes. The operating system closes that pipe when the parent
// ends, however it ends: the Workers runtime alone would outlive a parent that was killed. Lines: `+<pid>`, `-<pid>`.
const { createInterface } = require('node:readline');

/** @type {Set<number>} */
const watched = new Set();

createInterface(process.stdin)
  .on('line', (line) => watched[line.startsWith('+') ? 'add' : 'delete'](Number(line.slice(1))))
  .on('close', () => {
    for (const pid of watched) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    process.exit();
  });
