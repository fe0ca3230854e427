// Starts what must end with this process, says which, and waits to be killed.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnWatched, watchDirectory, watching } from '../../../lib/testing/engines/watchdog';

const directory = mkdtempSync(path.join(tmpdir(), 'lintel-test-'));
watchDirectory(directory);
const wait = ['-e', 'setTimeout(() => {}, 60_000)'];
const forks = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(wait)}, { stdio: 'ignore' })`;
const leader = spawnWatched(process.execPath, ['-e', `console.log(${forks}.pid); for (;;);`], {
  stdio: ['ignore', 'pipe', 'ignore'],
});

void watching('node', async () => spawn(process.execPath, wait)).then((started) => {
  leader.stdout?.once('data', (grandchild: Buffer) => {
    const pids = [started.pid, leader.pid, Number(grandchild.toString())];
    process.stdout.write(`${JSON.stringify({ pids, directory })}\n`);
    setInterval(() => undefined, 1000);
  });
});
