/** The pending long polls of a queue. */
export class Arrivals {
  private waiters: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param nextDue when the next hidden message becomes visible, in milliseconds since the epoch
   * @param promote makes due messages visible
   */
  constructor(
    private readonly nextDue: () => number,
    private readonly promote: () => void,
  ) {}

  /** Resolves when a message becomes available, on timeout, or on abort. */
  async next(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || milliseconds <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    let wake = (): void => undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      this.waiters.push(wake);
      signal?.addEventListener('abort', wake);
      if (milliseconds < Infinity) timer = setTimeout(wake, milliseconds);
      this.watch();
    });
    clearTimeout(timer);
    signal?.removeEventListener('abort', wake);
    this.waiters = this.waiters.filter((one) => one !== wake);
  }

  /** Wakes all waiters: a message may be available. */
  wake(): void {
    for (const wake of this.waiters.splice(0)) wake();
  }

  /** While anyone waits, keeps a timer for the next message to become visible. */
  watch(): void {
    clearTimeout(this.timer);
    const due = this.nextDue();
    if (this.waiters.length === 0 || due === Infinity) return;
    // A timer may fire a millisecond early.
    const wait = Math.min(Math.max(1, Math.ceil(due - Date.now()) + 1), 2 ** 31 - 1);
    this.timer = setTimeout(() => {
      this.promote();
      this.wake();
    }, wait);
  }

  /** Releases all waiters. */
  stop(): void {
    clearTimeout(this.timer);
    this.wake();
  }
}
