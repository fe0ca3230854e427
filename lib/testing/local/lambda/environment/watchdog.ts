import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ PID` and `- PID`, and kills the groups that are left when its input ends. A shell, because it is up in a
 * millisecond and there is one on every system that has process groups.
 */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -9 "-$group" 2>/dev/null; done
`;

/**
 * Ends what a run started when the run itself is ended, whatever way: a busy process does not notice that the pipe to
 * its parent is closed, and its children never do. It is a process of its own that holds a pipe to the run.
 */
export class Watchdog {
  private shell: ChildProcess | undefined;

  /** From now on, the group of a process ends with the run. */
  watch(group: number): void {
    this.shell ??= start();
    this.shell?.stdin?.write(`+ ${group}\n`);
  }

  /** The group is gone. */
  forget(group: number): void {
    this.shell?.stdin?.write(`- ${group}\n`);
  }

  /** Ends it, and every group that it still watches. */
  stop(): void {
    this.shell?.stdin?.end();
    this.shell = undefined;
  }
}

function start(): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  // A session of its own: Ctrl-C in a terminal must not end it before the run.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  shell.stdin?.on('error', () => undefined);
  shell.on('error', () => undefined);
  shell.unref();
  // Neither the process nor the pipe may keep the run alive.
  const { stdin } = shell;
  if (stdin && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return shell;
}
