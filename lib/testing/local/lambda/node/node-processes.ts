import type { ProcessCommand } from '../environment/process-group';
import type { Watchdog } from '../environment/watchdog';
import { NodeProcess } from './node-process';

/** As many processes wait for a function at a time, whatever the functions. */
const SPARES = 2;
/** The next one is started when the function that took one is up, in milliseconds. */
const PAUSE = 150;

/**
 * Starts Node.js for execution environments, ahead of the first invocation of each function: a process takes longer to
 * start than a handler to load. Any function whose process is started in the same way may take one that waits.
 */
export class NodeProcesses {
  private readonly waiting = new Map<string, NodeProcess[]>();
  /** Functions that have not taken a process yet. */
  private readonly expected = new Map<string, { readonly command: ProcessCommand; count: number }>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param watchdog ends them with the run */
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
      while (!this.stopped && there.length < count && this.countWaiting() < SPARES) {
        there.push(new NodeProcess(command, this.watchdog));
      }
    }
  }

  /**
   * A process that waits, or a new one.
   * @param first whether it is the first that a function takes
   */
  take(command: ProcessCommand, first: boolean): NodeProcess {
    const key = JSON.stringify(command);
    const expected = this.expected.get(key);
    if (first && expected) expected.count--;
    const found = this.waiting.get(key)?.shift();
    if (found) this.prepareSoon();
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

  private countWaiting(): number {
    return [...this.waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }
}
