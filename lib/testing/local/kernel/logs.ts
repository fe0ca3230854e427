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
}

/** Everything that was written, in order. */
export class Logs {
  private readonly entries: LogEntry[] = [];

  /** @param listener told of each line at once */
  constructor(private readonly listener: (entry: LogEntry) => void = () => undefined) {}

  /** Adds a line. */
  write(source: string, message: string, requestId?: string): void {
    const entry = { time: Date.now(), source, message, ...(requestId !== undefined && { requestId }) };
    this.entries.push(entry);
    this.listener(entry);
  }

  /** The lines of one source. */
  of(source: string): readonly LogEntry[] {
    return this.entries.filter((entry) => entry.source === source);
  }
}
