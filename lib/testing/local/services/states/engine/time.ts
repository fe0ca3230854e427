import { type Clock, pause } from '../../../kernel/clock';

/** The longest that a timer of Node.js waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How often it is looked whether a handler still runs, in milliseconds. */
const STEP = 5;

/** The time that executions see, which passes as fast as that of the services. */
export class ServiceTime {
  private readonly begun = Date.now();

  /**
   * @param clock of the run
   * @param working whether a handler runs now: its time is never changed
   */
  constructor(
    private readonly clock: Clock,
    private readonly working: () => boolean,
  ) {}

  /** Milliseconds since the epoch. */
  now(): number {
    return this.begun + Math.round(this.clock.since(this.begun) * 1000);
  }

  /** As an execution shows it: `2026-11-29T16:00:00.000Z`. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Waits some seconds, or until the signal. */
  async wait(seconds: number, signal: AbortSignal): Promise<void> {
    const end = Date.now() + this.clock.milliseconds(Math.max(0, seconds));
    for (let left = end - Date.now(); left > 0 && !signal.aborted; left = end - Date.now()) {
      await pause(Math.min(left, LONGEST), signal);
    }
  }

  /**
   * Waits until a time limit is over, or until the signal. While a handler runs, its seconds are those of this machine.
   * @param since when the limit began, in milliseconds of this machine; it may be set back
   */
  async limit(seconds: number, since: () => number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = this.clock.milliseconds(seconds) - (Date.now() - since());
      if (left > 0) await pause(Math.min(left, LONGEST), signal);
      else if (!this.working() || Date.now() - since() >= seconds * 1000) return;
      else await pause(STEP, signal);
    }
  }
}
