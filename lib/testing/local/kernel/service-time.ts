import { type Clock, pause } from './clock';

/** The longest delay of a Node.js timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How often to check whether a handler still runs, in milliseconds. */
const STEP = 5;

/** The time that executions see: it passes as fast as the services' time, but in real time while a handler runs. */
export class ServiceTime {
  /** @param clock of the run */
  constructor(private readonly clock: Clock) {}

  /** Milliseconds since the epoch. */
  now(): number {
    return this.clock.now();
  }

  /** As an execution shows it: `2026-11-29T16:00:00.000Z`. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Does work whose real duration the services must not see scaled. */
  async own<T>(work: () => Promise<T>): Promise<T> {
    this.clock.begin();
    try {
      return await work();
    } finally {
      this.clock.end();
    }
  }

  /** Waits some seconds, or until the signal. */
  wait(seconds: number, signal: AbortSignal): Promise<void> {
    const begun = this.now();
    return this.limit(seconds, () => begun, signal);
  }

  /**
   * Waits until a time limit has passed, or until the signal.
   * @param since when the limit began; it may be reset
   */
  async limit(seconds: number, since: () => number, signal: AbortSignal): Promise<void> {
    const left = () => since() + seconds * 1000 - this.now();
    for (let time = left(); time > 0 && !signal.aborted; time = left()) {
      const here = this.clock.slow ? Math.min(time, STEP) : Math.ceil(this.clock.milliseconds(time / 1000));
      await pause(Math.min(here, LONGEST), signal);
    }
  }
}
