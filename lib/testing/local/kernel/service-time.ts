import { type Clock, pause } from './clock';

/** The longest that a timer of Node.js waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How often it is looked whether a handler still runs, in milliseconds. */
const STEP = 5;

/** The time that executions see, which passes as fast as that of the services, and no faster than a handler that runs. */
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

  /** Does what takes time here that the services do not know of. */
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
   * Waits until a time limit is over, or until the signal.
   * @param since when the limit began; it may be set back
   */
  async limit(seconds: number, since: () => number, signal: AbortSignal): Promise<void> {
    const left = () => since() + seconds * 1000 - this.now();
    for (let time = left(); time > 0 && !signal.aborted; time = left()) {
      const here = this.clock.slow ? Math.min(time, STEP) : Math.ceil(this.clock.milliseconds(time / 1000));
      await pause(Math.min(here, LONGEST), signal);
    }
  }
}
