import { pause } from '../../kernel/clock';

/** How soon a record is read, in milliseconds; Lambda takes up to a second. */
const POLL = 25;
/** How long reading goes on after a write, in milliseconds: an engine may show a record late. */
const SETTLED = 100;
/** Interval for a stream that nobody writes to, in milliseconds, as Lambda's. */
const IDLE = 1000;

/** When a stream is read: soon after a write, and seldom while nobody writes, since each read costs the engine a request. */
export class ReadingPace {
  private seen = -1;
  private changed = 0;
  private begun = 0;
  private more = false;

  /** @param writes how often the stream may have got records */
  constructor(private readonly writes: () => number) {}

  /** Whether there may be something to read; takes note of what was written since it was asked last. */
  private isDue(): boolean {
    const writes = this.writes();
    const now = Date.now();
    if (writes !== this.seen) this.changed = now;
    this.seen = writes;
    return this.more || now - this.changed < SETTLED || now - this.begun >= IDLE;
  }

  /** Reading begins. */
  begin(): void {
    this.begun = Date.now();
    this.more = false;
  }

  /** There may be more to read than was, however long the reading took. */
  again(): void {
    this.more = true;
  }

  /** Reads whenever it is due, until the signal. */
  async keep(read: () => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.isDue()) await read();
      await pause(POLL, signal);
    }
  }
}
