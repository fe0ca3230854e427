/**
 * Thrown when a local run cannot start or is asked for something it does not have. The message says what to do:
 * `'cdk.out' is not a cloud assembly: it has no manifest.json; run 'cdk synth' first`.
 */
export class LocalRunError extends Error {
  override readonly name = 'LocalRunError';
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  const isError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return isError ? String(thrown.message) : String(thrown);
}

/** The code of an error of Node.js: `EADDRINUSE`. Errors of the core are not of the realm that tests run in. */
export function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
