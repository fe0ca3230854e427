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
