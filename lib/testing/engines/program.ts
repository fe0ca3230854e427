import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalRunError } from '../local/kernel/errors';
import { spawnWatched } from './watchdog';

/** A program that listens on its own port on 127.0.0.1. */
export interface Program {
  /** For a reader: `dynoxide 1.2.1`. */
  readonly name: string;
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Ends the program and waits until it is gone. */
  stop(): Promise<void>;
}

/** How a program is started. */
export interface ProgramCommand {
  /** For a reader: `dynoxide 1.2.1`. */
  readonly name: string;
  readonly command: string;
  /** Its arguments, given the port. */
  readonly args: (port: number) => readonly string[];
  /** Seconds until it must accept connections. */
  readonly startTimeout: number;
}

const ATTEMPTS = 3;
const POLL_MS = 3;

/**
 * Starts a program on a free port and returns when it accepts connections. It ends with this process.
 * @throws LocalRunError when it exits at once or does not listen in time; the message includes its output
 */
export async function startProgram(command: ProgramCommand): Promise<Program> {
  for (let attempt = 1; ; attempt++) {
    // Another process may take the port between the check and the start, so a program that exits at once is retried.
    const port = await freePort();
    const { child, printed } = spawnProgram(command, port);
    if (await listens(child, port, command.startTimeout)) {
      return { name: command.name, port, stop: () => stop(child) };
    }
    await stop(child);
    if (attempt === ATTEMPTS) {
      const detail = printed().trim() || `it did not listen within ${command.startTimeout} s`;
      throw new LocalRunError(`${command.name} did not start: ${detail}`);
    }
  }
}

function spawnProgram({ command, args }: ProgramCommand, port: number): { child: ChildProcess; printed: () => string } {
  const child = spawnWatched(command, args(port), {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '' },
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000)));
  child.on('error', ({ message }) => (text = message));
  return { child, printed: () => text };
}

async function listens(child: ChildProcess, port: number, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline && isRunning(child)) {
    if (await accepts(port)) return isRunning(child);
    await sleep(POLL_MS);
  }
  return false;
}

/** A program that could not be started has no process id. */
function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  child.stderr?.destroy();
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new LocalRunError('no free port on 127.0.0.1');
  return address.port;
}
