/** Somebody else appended first: load again and decide again. */
export class ConcurrencyError extends Error {
  override readonly name = 'ConcurrencyError';

  /**
   * @param id of the aggregate
   * @param expected the version that the append was to follow
   * @param actual the version that the aggregate has
   */
  constructor(
    readonly id: string,
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`'${id}' is at version ${actual}, the append expected ${expected}`);
  }
}
