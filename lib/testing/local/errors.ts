/**
 * Thrown when a local run cannot start or is asked for something it does not have. The message says what to do:
 * `'cdk.out' is not a cloud assembly: it has no manifest.json; run 'cdk synth' first`.
 */
export class LocalRunError extends Error {
  override readonly name = 'LocalRunError';
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
