// Runs scripts of package.json, as many at a time as there are cores; what fails is told, and the others are run all the same.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';

const names = process.argv.slice(2);
const queue = names.values();

/** Runs what nobody has begun yet, one after the other. */
async function work() {
  for (const name of queue) {
    const child = spawn('npm', ['run', '--silent', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    process.stdout.write(out);
    process.stderr.write(error);
    if (code === 0) continue;
    console.error(`npm run ${name} failed`);
    process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
