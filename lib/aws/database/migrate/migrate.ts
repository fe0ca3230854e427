import * as mysql from './mysql';
import { MigrationFailed } from './migration-failed';
import { planOf } from './plan';
import * as postgres from './postgres';
import type { Migration, MigrationProperties } from './request';
import type { DatabaseUser } from '../user-statements';
import type { Session, TimeLeft } from './session';

/** What to migrate, and for which users. */
export interface MigrationWork {
  readonly engine: MigrationProperties['Engine'];
  /** Whether the database was created here and is used by nothing else. */
  readonly own: boolean;
  readonly files: readonly Migration[];
  readonly users: readonly DatabaseUser[];
  /** Takes a snapshot of the database first, if anything is pending. */
  readonly snapshot?: () => Promise<void>;
  readonly left: TimeLeft;
}

/** The outcome, actual or predicted. */
export interface MigrationOutcome {
  /** Number of files applied before. */
  readonly before: number;
  /** Files that were applied, or would be, in order. */
  readonly applied: readonly string[];
  /** Why nothing would be applied; empty if something was. */
  readonly problems: readonly string[];
}

/**
 * Applies pending migrations, then creates the users.
 * @throws MigrationFailed saying how far it got
 */
export async function migrate(session: Session, work: MigrationWork): Promise<MigrationOutcome> {
  const { openLedger, lock, apply, makeUsers } = work.engine === 'postgres' ? postgres : mysql;
  const { left } = work;
  await lock(session, left);
  const before = await openLedger(session);
  const { pending, problems } = planOf(work.files, before, work.users);
  if (problems.length > 0) throw new MigrationFailed(`nothing was migrated: ${problems.join('; ')}`);
  // A new database has nothing to back up.
  if (pending.length > 0 && before.length > 0) await work.snapshot?.();
  const applied = await apply(session, pending, left);
  try {
    await makeUsers(session, work, left);
  } catch (error) {
    const migrated = applied.length === 0 ? '' : `; migrations were applied before, and kept: ${applied.join(', ')}`;
    throw new MigrationFailed(`the users were not created: ${(error as Error).message}${migrated}`, { cause: error });
  }
  return { before: before.length, applied, problems };
}

/** What `migrate()` would do; changes nothing except to create the ledger. */
export async function dryRun(session: Session, work: MigrationWork): Promise<MigrationOutcome> {
  const { openLedger } = work.engine === 'postgres' ? postgres : mysql;
  const before = await openLedger(session);
  const { pending, problems } = planOf(work.files, before, work.users);
  return { before: before.length, applied: pending.map(({ Name }) => Name), problems };
}
