/** Migrations that came to no good end; the message says how far they came. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}

/** How far it came, for who has to go on. */
export interface Progress {
  /** Names of those that were applied now. */
  readonly done: readonly string[];
  /** The one that failed. */
  readonly failed: string;
  /** Names of those that were not begun. */
  readonly left: readonly string[];
}

/** A failure with how far it came. @param trace what a failed file may have left behind */
export function failure({ done, failed, left }: Progress, error: unknown, trace: string): MigrationFailed {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const before =
    done.length === 0 ? 'none was applied before it' : `applied before it, and they stay: ${done.join(', ')}`;
  const after = left.length === 0 ? '' : `; not begun: ${left.join(', ')}`;
  const reason = `${message ?? String(error)}${code === undefined ? '' : ` (${code})`}`;
  return new MigrationFailed(`${failed} failed: ${reason}; ${trace}; ${before}${after}`, { cause: error });
}
