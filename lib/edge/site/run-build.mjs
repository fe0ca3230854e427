// Runs a site's build in a shell for a program that waits for it, and tells on standard error that it still runs. What the
// command says goes to standard output, in the order in which it came.
import { spawn } from 'node:child_process';

const [command = '', name] = process.argv.slice(2);
const child = spawn(command, { shell: true, stdio: 'pipe' });
const started = Date.now();
let last = '';
child.stdin.end();

for (const stream of [child.stdout, child.stderr]) {
  stream.on('data', (/** @type {Buffer} */ data) => {
    process.stdout.write(data);
    last = String(data).trim().split('\n').at(-1) || last;
  });
}
const timer = setInterval(() => {
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stderr.write(`${name}: '${command}' has run for ${seconds} s${last && `: ${last.slice(0, 100)}`}\n`);
}, 2000);
child.on('close', (code, signal) => {
  clearInterval(timer);
  if (signal) process.stdout.write(`\nended by ${signal}\n`);
  process.exitCode = code ?? 1;
});
