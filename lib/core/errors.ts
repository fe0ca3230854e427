/** One mistake of the user: prop, rule, value and remedy. */
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

/**
 * Makes what a construct is built of: a mistake that shows there is the mistake of the construct that the user wrote.
 * @param path of the user's construct
 * @param rename names of the inner props in the user's words
 */
export function inTheNameOf<T>(path: string, make: () => T, rename: (prop: string) => string = (prop) => prop): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PatternError) || !error.path.startsWith(`${path}/`)) throw error;
    const failures = error.failures.map(({ prop, message }) => ({
      prop: rename(prop),
      message: message.replace(`'${prop}'`, `'${rename(prop)}'`),
    }));
    throw new PatternError(path, failures);
  }
}
