/** Someone else appended first: load and decide again. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';

  /**
   * @param id of the aggregate
   * @param expected the version that the append expected
   * @param actual the aggregate's current version
   */
  constructor(
    readonly id: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`'${id}' is at version ${actual}, the append expected ${expected}`);
  }
}
