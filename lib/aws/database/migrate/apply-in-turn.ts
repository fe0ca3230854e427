import { MigrationFailed } from './migration-failed';
import type { Migration } from './request';

/** How one migration is applied, and what one that failed may have left behind. */
export interface Application {
  readonly apply: (migration: Migration) => Promise<void>;
  readonly trace: (failed: Migration) => string;
}

/**
 * Applies migrations one after the other, up to the first that fails.
 * @returns the names of those that were applied
 * @throws MigrationFailed with how far it came
 */
export async function applyInTurn(
  pending: readonly Migration[],
  { apply, trace }: Application,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const [index, migration] of pending.entries()) {
    try {
      await apply(migration);
    } catch (error) {
      const left = pending.slice(index + 1).map(({ Name }) => Name);
      throw failure({ done, failed: migration.Name, left }, error, trace(migration));
    }
    done.push(migration.Name);
  }
  return done;
}

/** How far it came, for who has to go on. */
interface Progress {
  /** Names of those that were applied now. */
  readonly done: readonly string[];
  /** The one that failed. */
  readonly failed: string;
  /** Names of those that were not begun. */
  readonly left: readonly string[];
}

function failure({ done, failed, left }: Progress, error: unknown, trace: string): MigrationFailed {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const before =
    done.length === 0 ? 'none was applied before it' : `applied before it, and they stay: ${done.join(', ')}`;
  const after = left.length === 0 ? '' : `; not begun: ${left.join(', ')}`;
  const reason = `${message ?? String(error)}${code === undefined ? '' : ` (${code})`}`;
  return new MigrationFailed(`${failed} failed: ${reason}; ${trace}; ${before}${after}`, { cause: error });
}
