import { type ChildProcess, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import path from 'node:path';

let watchdog: ChildProcess | undefined;

/**
 * Runs something that starts processes, and sees to it that they end with this one, even when it is killed.
 * @param program a part of the path of the programs to watch
 * @returns what `start` gives, and a function that says that the processes have been ended
 */
export async function withWatchdog<T>(
  program: string,
  start: () => Promise<T>,
): Promise<{ readonly started: T; readonly ended: () => void }> {
  const children: ChildProcess[] = [];
  const note = (message: unknown) => children.push((message as { readonly process: ChildProcess }).process);
  subscribe('child_process', note);
  try {
    const started = await start();
    const watched = children.filter(({ spawnfile }) => spawnfile.includes(program));
    tell('+', watched);
    // Others may start theirs at the same time: only what is gone is no longer watched.
    return {
      started,
      ended: () =>
        tell(
          '-',
          watched.filter(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null),
        ),
    };
  } finally {
    unsubscribe('child_process', note);
  }
}

function tell(sign: '+' | '-', children: readonly ChildProcess[]): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(children.map(({ pid }) => `${sign}${pid}\n`).join(''));
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [path.join(__dirname, 'watchdog-process.js')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined).unref();
  child.stdin.on('error', () => undefined);
  // The pipe must not keep this process alive: its end is what the watchdog waits for.
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
