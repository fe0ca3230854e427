/** Something that could not be read, so it cannot be judged. Never the same as nothing found. */
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

/** The result of reading; undefined on failure, which is added to the failures. */
export function orFailure<T>(failures: ReadError[], read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    failures.push(error);
    return [];
  }
}
