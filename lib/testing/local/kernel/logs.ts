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
   * Set for lines that neither a function nor an API wrote: Lambda's START, END and REPORT, and one for each request.
   * They go to the listener and are not kept.
   */
  readonly platform?: true;
}

/** Everything that was written, in order. */
export class Logs {
  private readonly entries: LogEntry[] = [];
  private readonly muted = new Set<string>();

  /** @param listener told of each line at once */
  constructor(private readonly listener?: (entry: LogEntry) => void) {}

  /** Whether there is a listener. */
  get isHeard(): boolean {
    return this.listener !== undefined;
  }

  /** Adds a line. */
  write(source: string, message: string, requestId?: string): void {
    if (requestId !== undefined && this.muted.has(requestId)) return;
    const entry = { time: Date.now(), source, message, requestId };
    this.entries.push(entry);
    this.listener?.(entry);
  }

  /** Shows a line to the listener that the source did not write. */
  tell(source: string, message: string, requestId?: string): void {
    if (requestId !== undefined && this.muted.has(requestId)) return;
    this.listener?.({ time: Date.now(), source, message, ...(requestId && { requestId }), platform: true });
  }

  /** Drops everything that an invocation writes from now on. */
  mute(requestId: string): void {
    this.muted.add(requestId);
  }

  /** The lines of one source. */
  of(source: string): readonly LogEntry[] {
    return this.entries.filter((entry) => entry.source === source);
  }
}
