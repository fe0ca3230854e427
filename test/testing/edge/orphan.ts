// Starts a process under the watchdog, says which, and waits to be killed.
import { spawn } from 'node:child_process';
import { withWatchdog } from '../../../lib/testing/edge/watchdog';

void withWatchdog('node', async () => spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])).then(
  ({ started }) => {
    process.stdout.write(`${started.pid}\n`);
    setInterval(() => undefined, 1000);
  },
);
