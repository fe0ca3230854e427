/** What a command writes to. */
export interface Io {
  /** Standard output: the report and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress, notes and failures. Ends the line. */
  readonly note: (text: string) => void;
  /** Whether standard output shows colours: it is a terminal, and NO_COLOR is not set. */
  readonly colour: boolean;
  /** Columns of the terminal; undefined if standard output is not one. */
  readonly columns?: number;
}

/** The process's own streams. */
export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const { NO_COLOR = '', FORCE_COLOR = '' } = env;
  return {
    out: (text) => void stdout.write(text),
    note: (text) => void stderr.write(`${text}\n`),
    colour: NO_COLOR === '' && (stdout.isTTY === true || (FORCE_COLOR !== '' && FORCE_COLOR !== '0')),
    columns: stdout.isTTY === true ? stdout.columns : undefined,
  };
}

/** A command line that cannot be understood. Ends the command with exit code 2 and its usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reports progress once a command has taken more than two seconds. */
export class Progress {
  private readonly started = Date.now();

  constructor(private readonly io: Io) {}

  /** @param step what starts now: `judging 12 templates` */
  step(step: string): void {
    if (Date.now() - this.started > 2000) this.io.note(`${step} ...`);
  }
}
