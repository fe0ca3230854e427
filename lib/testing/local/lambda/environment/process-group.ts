import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { messageOf } from '../../kernel/errors';
import type { ErrorPayload } from '../function-errors';
import type { Watchdog } from './watchdog';

/** How a process is started. */
export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether it gets a dedicated pipe as file descriptor 3. */
  readonly channel: boolean;
}

/** A process and its children: one group, which ends as a whole, no later than the run. */
export class ProcessGroup {
  /** The pipe on file descriptor 3. */
  readonly channel: Duplex | undefined;
  private readonly child: ChildProcess;
  private killedFor: ErrorPayload | undefined;

  constructor(
    { command, args, env, cwd, channel }: ProcessCommand,
    private readonly watchdog: Watchdog,
  ) {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(channel ? (['pipe'] as const) : [])];
    this.child = spawn(command, args, { env, cwd, stdio, detached: true });
    this.channel = (this.child.stdio[3] as Duplex | null | undefined) ?? undefined;
    this.channel?.on('error', () => undefined);
    if (this.child.pid !== undefined) watchdog.watch(this.child.pid);
  }

  /** The id of the process; 0 where it could not be started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Receives what it and its children write to stdout and stderr, line by line. */
  onLine(take: (line: string) => void): void {
    for (const stream of [this.child.stdout, this.child.stderr]) if (stream) readLines(stream, take);
  }

  /** Calls back once the process has ended, with the reason as Lambda words it. */
  onEnd(tell: (error: ErrorPayload) => void): void {
    this.end().then(tell, (error: unknown) => tell({ errorType: 'LocalRun.Failed', errorMessage: messageOf(error) }));
  }

  /** Ends the whole group. @param reason given in place of the signal */
  kill(reason?: ErrorPayload): void {
    this.killedFor ??= reason;
    if (this.pid === 0) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // The group is already gone.
    }
  }

  private async end(): Promise<ErrorPayload> {
    const failed = once(this.child, 'error').then(([error]) => error as Error);
    const exited = once(this.child, 'exit').then(([code, signal]) =>
      exitError(code as number | null, signal as NodeJS.Signals | null),
    );
    const result = await Promise.race([failed, exited]);
    // Its remaining children end too; its last output is still to be read.
    this.kill();
    if (this.channel && !this.channel.readableEnded && !this.channel.destroyed)
      await once(this.channel, 'close').catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    this.watchdog.forget(this.pid);
    if (result instanceof Error) return { errorType: 'Runtime.InvalidEntrypoint', errorMessage: result.message };
    return this.killedFor ?? result;
  }
}

/** As Lambda words it. */
function exitError(code: number | null, signal: NodeJS.Signals | null): ErrorPayload {
  const how = signal ? `signal: ${SIGNALS[signal] ?? `signal ${constants.signals[signal]}`}` : `exit status ${code}`;
  const errorMessage = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${how}`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream.on('end', () => rest !== '' && take(rest));
}
