import type { ProcessCommand } from '../environment/process-group';
import type { Watchdog } from '../environment/watchdog';
import { NodeProcess } from './node-process';

/** Delay before the next one starts, in milliseconds, so that the function that took one is up first. */
const PAUSE = 150;

/**
 * Starts Node.js for execution environments ahead of a function's first invocation: a process takes longer to start
 * than a handler to load. One waits at a time, and any function with the same start command may take it. The first one
 * taken is not replaced, since most runs of a test call one function: then none is started for nothing.
 */
export class NodeProcesses {
  private readonly waiting = new Map<string, NodeProcess[]>();
  /** Functions that have not taken a process yet. */
  private readonly expected = new Map<string, { readonly command: ProcessCommand; count: number }>();
  private taken = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param watchdog ends the processes with the run */
  constructor(private readonly watchdog: Watchdog) {}

  /** A function will need a process. */
  expect(command: ProcessCommand): void {
    const key = JSON.stringify(command);
    const expected = this.expected.get(key) ?? { command, count: 0 };
    this.expected.set(key, { command, count: expected.count + 1 });
  }

  prepare(): void {
    for (const [key, { command, count }] of this.expected) {
      const there = this.waiting.get(key) ?? [];
      this.waiting.set(key, there);
      if (this.stopped || count === 0 || this.isOneWaiting()) continue;
      there.push(new NodeProcess(command, this.watchdog));
    }
  }

  /**
   * A waiting process, or a new one.
   * @param first whether it is the function's first process
   */
  take(command: ProcessCommand, first: boolean): NodeProcess {
    const key = JSON.stringify(command);
    const expected = this.expected.get(key);
    if (first && expected) expected.count--;
    const found = this.waiting.get(key)?.shift();
    if (++this.taken > 1) this.prepareSoon();
    return found?.alive ? found : new NodeProcess(command, this.watchdog);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const one of [...this.waiting.values()].flat()) one.kill();
    this.waiting.clear();
  }

  private prepareSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.prepare(), PAUSE).unref();
  }

  private isOneWaiting(): boolean {
    return [...this.waiting.values()].some(({ length }) => length > 0);
  }
}
