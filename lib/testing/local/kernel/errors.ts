/**
 * Thrown when a local run cannot start, or lacks what it is asked for. The message says what to do:
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

/** The code of a Node.js error: `EADDRINUSE`. Node's own errors come from a different realm than the tests'. */
export function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
