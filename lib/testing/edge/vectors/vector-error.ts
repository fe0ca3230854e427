/** What the service refuses, with its code where that is known. */
export class VectorError extends Error {
  constructor(
    message: string,
    readonly code?: number,
  ) {
    super(message);
  }
}
