'use strict';
// Ends the processes that it was told of, with their groups, and removes the directories, when its standard input closes.
// The operating system closes that pipe when the parent ends, however it ends: a SIGKILL leaves the parent no chance to
// clean up. Lines: `+<pid>`, `-<pid>`; `~<pid>` for one that ends itself when it is asked; `+<directory>`, `-<directory>`.

const { rmSync } = require('node:fs');
const { createInterface } = require('node:readline');

/** @type {Map<string, string>} */
const watched = new Map();

/** @type {(pid: number, signal: NodeJS.Signals) => void} */
function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself, or leads no group.
  }
}

createInterface(process.stdin)
  .on('line', (line) => {
    const [sign = '', what] = [line[0], line.slice(1)];
    if (sign === '-') watched.delete(what);
    else watched.set(what, sign);
  })
  .on('close', () => {
    const pids = [...watched].filter(([what]) => /^\d+$/.test(what));
    for (const [pid, sign] of pids) {
      if (sign === '~') kill(Number(pid), 'SIGTERM');
      else for (const each of [-Number(pid), Number(pid)]) kill(each, 'SIGKILL');
    }
    for (const what of watched.keys()) if (!/^\d+$/.test(what)) rmSync(what, { recursive: true, force: true });
    process.exit();
  });
