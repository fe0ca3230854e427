import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The services' time: visibility, delays, windows, ages, pauses between attempts. On request, one real second counts as
 * many of theirs. The time that handlers take is never scaled: see `Queue.hold`.
 */
export class Clock {
  private working = 0;
  private at = Date.now();
  private passed = Date.now();

  /** @param scale service seconds per real second */
  constructor(private readonly scale: number) {}

  /** Whether something is running in real time, so that a service second is a real second. */
  get slow(): boolean {
    return this.working > 0;
  }

  /** The services' time in milliseconds since the epoch; while handlers run, it passes in real time. */
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

  /** Service seconds as real milliseconds. */
  milliseconds(seconds: number): number {
    return (seconds * 1000) / this.scale;
  }

  /** The real time after a number of service seconds, in milliseconds since the epoch. */
  after(seconds: number): number {
    return Date.now() + this.milliseconds(seconds);
  }

  /** Service seconds since a real moment. */
  since(moment: number): number {
    return ((Date.now() - moment) / 1000) * this.scale;
  }

  /** Waits a number of service seconds, or until the signal. */
  wait(seconds: number, signal: AbortSignal): Promise<void> {
    return pause(this.milliseconds(seconds), signal);
  }
}

/** Waits a number of milliseconds, or until the signal. Any number may wait for one signal. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  setMaxListeners(Infinity, signal);
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
