import type { Clock } from '../../kernel/clock';
import type { Message } from './message';

/** A FIFO queue drops what it has seen in the last five minutes. */
const INTERVAL_SECONDS = 300;

/** What a FIFO queue has seen of late. */
export class Deduplication {
  private readonly seen = new Map<string, { readonly message: Message; readonly at: number }>();

  /** @param clock the time of the services */
  constructor(private readonly clock: Clock) {}

  /** The message that was first sent with a key; undefined when there was none of late. */
  first(key: string): Message | undefined {
    const known = this.seen.get(key);
    return known && this.clock.since(known.at) < INTERVAL_SECONDS ? known.message : undefined;
  }

  /** From now on, the key is a duplicate's. */
  remember(key: string, message: Message): void {
    this.seen.set(key, { message, at: Date.now() });
  }
}
