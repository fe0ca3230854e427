/** Something that could not be read, so nothing can be said about it. Never the same as nothing found. */
export class ReadError extends Error {
  override readonly name = 'ReadError';

  /**
   * @param file the file or directory
   * @param reason what is wrong with it: `is not a CloudFormation template: it has no 'Resources'`
   * @param remedy what to do, as an imperative
   */
  constructor(
    readonly file: string,
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${file} ${reason}; ${remedy}`);
  }
}

/** What is read; nothing where it cannot be, which is then among the failures. */
export function orFailure<T>(failures: ReadError[], read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    failures.push(error);
    return [];
  }
}
