import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import path from 'node:path';

/** A process of its own: it ends what it was told of when this one has ended, even when this one was killed. */
let watchdog: ChildProcess | undefined;
const watched = new Set<string>();

/** How a process ends with this one: killed with its group, or asked, so that it can clean up. */
export type Ending = 'killed' | 'asked';

/**
 * Starts a process in a group of its own, which ends with this process, however this one ends.
 * @param ending how it ends then
 */
export function spawnWatched(
  command: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'detached'>,
  ending: Ending = 'killed',
): ChildProcess {
  // A group of its own also keeps Ctrl-C in a terminal from ending it before the run has said its last word.
  const child = spawn(command, args, { ...options, detached: true });
  watch(child, ending);
  return child;
}

/**
 * Runs something that starts processes by itself, and sees to it that they end with this one.
 * @param program a part of the path of the programs to watch
 */
export async function watching<T>(program: string, start: () => Promise<T>): Promise<T> {
  const note = (message: unknown) => {
    const { process: child } = message as { readonly process: ChildProcess };
    // Node.js tells of it before it is started.
    queueMicrotask(() => child.spawnfile.includes(program) && watch(child, 'killed'));
  };
  subscribe('child_process', note);
  try {
    return await start();
  } finally {
    unsubscribe('child_process', note);
  }
}

/**
 * A directory that is removed when this process ends without having removed it.
 * @returns says that it has been removed
 */
export function watchDirectory(directory: string): () => void {
  tell('+', path.resolve(directory));
  return () => release(path.resolve(directory));
}

function watch(child: ChildProcess, ending: Ending): void {
  if (child.pid === undefined) return;
  const pid = String(child.pid);
  tell(ending === 'killed' ? '+' : '~', pid);
  child.once('exit', () => release(pid));
}

function tell(sign: '+' | '~', what: string): void {
  watched.add(what);
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${sign}${what}\n`);
}

/** With nothing left to watch it ends. */
function release(what: string): void {
  if (!watched.delete(what)) return;
  watchdog?.stdin?.write(`-${what}\n`);
  if (watched.size > 0) return;
  watchdog?.stdin?.end();
  watchdog = undefined;
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [path.join(__dirname, 'watchdog-process.js')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  child.on('error', () => undefined).unref();
  child.stdin.on('error', () => undefined);
  // The pipe must not keep this process alive: its end is what the watchdog waits for.
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
