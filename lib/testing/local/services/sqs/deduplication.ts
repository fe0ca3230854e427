import type { Clock } from '../../kernel/clock';
import type { Message } from './message';

/** The deduplication interval of FIFO queues. */
const INTERVAL_SECONDS = 300;

/** The messages a FIFO queue has recently accepted. */
export class Deduplication {
  private readonly seen = new Map<string, { readonly message: Message; readonly at: number }>();

  /** @param clock the services' clock */
  constructor(private readonly clock: Clock) {}

  /** The message first sent with a key within the interval, if any. */
  first(key: string): Message | undefined {
    const known = this.seen.get(key);
    return known && this.clock.since(known.at) < INTERVAL_SECONDS ? known.message : undefined;
  }

  /** Marks the key as seen. */
  remember(key: string, message: Message): void {
    this.seen.set(key, { message, at: Date.now() });
  }
}
