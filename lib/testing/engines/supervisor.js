'use strict';
// Runs a program for as long as this process's standard input stays open. The operating system closes that pipe when
// the parent ends, however it ends, so the program never outlives it: a SIGKILL leaves the parent no chance to clean up.
const { spawn } = require('node:child_process');

const [command = '', ...args] = process.argv.slice(2);
const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

program.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
program.on('exit', (code) => process.exit(code ?? 0));
for (const event of ['end', 'error']) process.stdin.on(event, () => program.kill('SIGKILL'));
process.stdin.resume();
process.on('SIGTERM', () => program.kill('SIGKILL'));
