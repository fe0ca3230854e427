import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Reads what to watch, and ends it when its input is closed: the operating system closes that pipe when the parent
 * ends, however it ends. Lines: `+ PID` for a process and its group, `~ PID` for one that is asked to end, `d
 * DIRECTORY`, `m DIRECTORY` for all processes with a variable inside it, and `- WHAT` for what is gone. A shell,
 * because it starts in a millisecond and exists wherever process groups do.
 */
const SCRIPT = `
set -f
nl='
'
groups=' '
asked=' '
directories=$nl
marks=$nl
while read -r sign what; do
  case $sign in
    +) groups="$groups$what " ;;
    '~') asked="$asked$what " ;;
    d) directories="$directories$what$nl" ;;
    m) marks="$marks$what$nl" ;;
    -)
      case $groups in *" $what "*) groups="\${groups%% $what *} \${groups#* $what }" ;; esac
      case $asked in *" $what "*) asked="\${asked%% $what *} \${asked#* $what }" ;; esac
      case $directories in
        *"$nl$what$nl"*) directories="\${directories%%"$nl$what$nl"*}$nl\${directories#*"$nl$what$nl"}" ;;
      esac
      case $marks in
        *"$nl$what$nl"*) marks="\${marks%%"$nl$what$nl"*}$nl\${marks#*"$nl$what$nl"}" ;;
      esac
      ;;
  esac
done
for pid in $asked; do kill "$pid"; done
for pid in $groups; do kill -9 "-$pid" || kill -9 "$pid"; done
IFS=$nl
for mark in $marks; do
  set +f
  files=$(grep -lsF -e "=$mark/" /proc/[0-9]*/environ)
  set -f
  for file in $files; do pid=\${file#/proc/} && kill -9 "\${pid%/environ}"; done
done
for directory in $directories; do rm -rf "$directory"; done
`;

/** A separate process: it ends everything registered with it when this process has ended, even if killed. */
let watchdog: ChildProcess | undefined;
const watched = new Set<string>();

/** How a process ends with this one: killed with its group, or asked to, so that it can clean up. */
export type Ending = 'killed' | 'asked';

/**
 * Starts a process in its own group, which ends with this process, however this one ends.
 * @param ending how it is ended then
 */
export function spawnWatched(
  command: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'detached'>,
  ending: Ending = 'killed',
): ChildProcess {
  // In its own group, Ctrl-C in a terminal does not end it before the run's last output.
  const child = spawn(command, args, { ...options, detached: true });
  watch(child, ending);
  return child;
}

/**
 * Runs something that starts processes itself, and makes sure that they end with this one.
 * @param program a part of the path of the programs to watch
 */
export async function watching<T>(program: string, start: () => Promise<T>): Promise<T> {
  const note = (message: unknown) => {
    const { process: child } = message as { readonly process: ChildProcess };
    // Node.js announces it before it is started.
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
 * Removes a directory if this process ends without having removed it.
 * @returns a function to call once it has been removed
 */
export function watchDirectory(directory: string): () => void {
  tell('d', path.resolve(directory));
  return () => release(path.resolve(directory));
}

/**
 * Makes every process with a variable inside a directory end with this one, even one in its own group, on systems with
 * `/proc`.
 * @returns a function that ends the current ones
 */
export function watchMarked(directory: string): () => void {
  const mark = path.resolve(directory);
  tell('m', mark);
  return () => {
    for (const pid of markedWith(mark)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended, or belongs to another user.
      }
    }
    release(mark);
  };
}

function markedWith(directory: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').map(Number).filter(Boolean);
  return pids.filter((pid) => {
    try {
      return pid !== process.pid && readFileSync(`/proc/${pid}/environ`).includes(`=${directory}/`);
    } catch {
      return false;
    }
  });
}

/** Makes a process group end with this process. */
export function watchGroup(pid: number): void {
  tell('+', String(pid));
}

/** The group is gone. */
export function forgetGroup(pid: number): void {
  release(String(pid));
}

function watch(child: ChildProcess, ending: Ending): void {
  if (child.pid === undefined) return;
  const pid = String(child.pid);
  tell(ending === 'killed' ? '+' : '~', pid);
  child.once('exit', () => release(pid));
}

function tell(sign: '+' | '~' | 'd' | 'm', what: string): void {
  watched.add(what);
  watchdog ??= startWatchdog();
  watchdog?.stdin?.write(`${sign} ${what}\n`);
}

/** With nothing left to watch, it ends. */
function release(what: string): void {
  if (!watched.delete(what)) return;
  watchdog?.stdin?.write(`- ${what}\n`);
  if (watched.size > 0) return;
  watchdog?.stdin?.end();
  watchdog = undefined;
}

function startWatchdog(): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  // In its own session: Ctrl-C in a terminal must not end it before this process.
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  child.on('error', () => undefined).unref();
  child.stdin.on('error', () => undefined);
  // Neither the process nor the pipe may keep this one alive.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
