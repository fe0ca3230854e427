/** One thing that is wrong with what the user wrote: which prop, which rule, which value, which remedy. */
export interface Failure {
  /** The prop as the user wrote it, dotted: `batch.size`. */
  readonly prop: string;
  /** The whole sentence, without the construct path. */
  readonly message: string;
}

/**
 * Thrown at synthesis for a user's mistake. It names every failure of one construct at once:
 * `'batch.size' must be at most 10 without 'batch.window', got 500; set 'batch.window' to at least 1 second (Shop/Ingest)`.
 */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** The path of the construct, or the name of the component. */
  declare readonly path: string;
  /** What is wrong, in the order of the checks. */
  declare readonly failures: readonly Failure[];

  constructor(path: string, failures: readonly Failure[]) {
    super(failures.map((failure) => `${failure.message} (${path})`).join('\n'));
    // Not enumerable, or Node.js prints them once more below an error that nobody catches.
    Object.defineProperties(this, { path: { value: path }, failures: { value: failures } });
  }
}
