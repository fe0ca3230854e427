/** API Gateway's token bucket: `burst` requests at once, `rate` more each second. */
export class Throttle {
  private tokens: number;
  private filled = Date.now();

  /**
   * @param rate requests per second
   * @param burst requests at once
   */
  constructor(
    private readonly rate: number,
    private readonly burst: number,
  ) {
    this.tokens = burst;
  }

  /** Whether one more request is allowed. */
  take(): boolean {
    const now = Date.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filled) / 1000) * this.rate);
    this.filled = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
