import { MigrationFailed } from './migration-failed';
import type { Migration } from './request';

/** How a migration is applied, and what a failed one may have left behind. */
export interface Application {
  readonly apply: (migration: Migration) => Promise<void>;
  readonly trace: (failed: Migration) => string;
}

/**
 * Applies migrations in order, up to the first that fails.
 * @returns the names of those applied
 * @throws MigrationFailed saying how far it got
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

/** How far it got, for whoever has to continue. */
interface Progress {
  /** Names of those applied now. */
  readonly done: readonly string[];
  /** The one that failed. */
  readonly failed: string;
  /** Names of those not started. */
  readonly left: readonly string[];
}

function failure({ done, failed, left }: Progress, error: unknown, trace: string): MigrationFailed {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const before = done.length === 0 ? 'none was applied before it' : `applied before it, and kept: ${done.join(', ')}`;
  const after = left.length === 0 ? '' : `; not started: ${left.join(', ')}`;
  const reason = `${message ?? String(error)}${code === undefined ? '' : ` (${code})`}`;
  return new MigrationFailed(`${failed} failed: ${reason}; ${trace}; ${before}${after}`, { cause: error });
}
