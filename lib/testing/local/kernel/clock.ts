import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The time of the services: visibility, delays, windows, ages, pauses between attempts. One second here may count as
 * many there, when the user asks for it. The time that handlers take is never changed: see `Queue.hold`.
 */
export class Clock {
  private working = 0;
  private at = Date.now();
  private passed = Date.now();

  /** @param scale seconds of the services that pass in one second here */
  constructor(private readonly scale: number) {}

  /** Whether something runs here whose time is its own, so that a second is one of the services, too. */
  get slow(): boolean {
    return this.working > 0;
  }

  /** The time of the services in milliseconds since the epoch, where handlers take no more of it than they take here. */
  now(): number {
    const now = Date.now();
    const passed = now - this.at;
    this.at = now;
    this.passed += this.slow ? passed : passed * this.scale;
    return Math.round(this.passed);
  }

  /** A handler begins. */
  begin(): void {
    this.now();
    this.working++;
  }

  /** A handler has ended. */
  end(): void {
    this.now();
    this.working--;
  }

  /** How long some seconds of the services take here, in milliseconds. */
  milliseconds(seconds: number): number {
    return (seconds * 1000) / this.scale;
  }

  /** When some seconds of the services will have passed, in milliseconds since the epoch. */
  after(seconds: number): number {
    return Date.now() + this.milliseconds(seconds);
  }

  /** Seconds of the services since a moment here. */
  since(moment: number): number {
    return ((Date.now() - moment) / 1000) * this.scale;
  }

  /** Waits some seconds of the services, or until the signal. */
  wait(seconds: number, signal: AbortSignal): Promise<void> {
    return pause(this.milliseconds(seconds), signal);
  }
}

/** Waits some milliseconds, or until the signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
