/** One line that a function or an API wrote. */
export interface LogEntry {
  /** When, in milliseconds since the epoch. */
  readonly time: number;
  /** Who wrote it: the construct path of the function or stage; a Worker's name, or `Workers` where there are several. */
  readonly source: string;
  /** The invocation; absent outside of one. */
  readonly requestId?: string;
  /** The line, as CloudWatch Logs would hold it. */
  readonly message: string;
  /**
   * Set for what neither a function nor an API wrote: Lambda's START, END and REPORT, and a line for each request. Such
   * lines are told, and not kept.
   */
  readonly platform?: true;
}

/** Everything that was written, in order. */
export class Logs {
  private readonly entries: LogEntry[] = [];
  private readonly muted = new Set<string>();

  /** @param listener told of each line at once */
  constructor(private readonly listener?: (entry: LogEntry) => void) {}

  /** Whether anybody listens. */
  get isHeard(): boolean {
    return this.listener !== undefined;
  }

  /** Adds a line. */
  write(source: string, message: string, requestId?: string): void {
    if (requestId !== undefined && this.muted.has(requestId)) return;
    const entry = { time: Date.now(), source, message, ...(requestId !== undefined && { requestId }) };
    this.entries.push(entry);
    this.listener?.(entry);
  }

  /** Tells of something that a reader wants to see, but that is no line of the source. */
  tell(source: string, message: string, requestId?: string): void {
    if (requestId !== undefined && this.muted.has(requestId)) return;
    this.listener?.({ time: Date.now(), source, message, ...(requestId && { requestId }), platform: true });
  }

  /** From now on, what an invocation writes is of no interest. */
  mute(requestId: string): void {
    this.muted.add(requestId);
  }

  /** The lines of one source. */
  of(source: string): readonly LogEntry[] {
    return this.entries.filter((entry) => entry.source === source);
  }
}
