import * as mysql from './mysql';
import { MigrationFailed } from './migration-failed';
import { planOf } from './plan';
import * as postgres from './postgres';
import type { Migration, MigrationProperties } from './request';
import type { DatabaseUser } from '../user-statements';
import type { Session, TimeLeft } from './session';

/** What is to come, and to whom. */
export interface MigrationWork {
  readonly engine: MigrationProperties['Engine'];
  /** Whether the database is nobody else's. */
  readonly own: boolean;
  readonly files: readonly Migration[];
  readonly users: readonly DatabaseUser[];
  /** Keeps the database as it is, where something is pending. */
  readonly snapshot?: () => Promise<void>;
  readonly left: TimeLeft;
}

/** What came of it, or would come of it. */
export interface MigrationOutcome {
  /** Files that were there before. */
  readonly before: number;
  /** Files that were applied, or would be, in order. */
  readonly applied: readonly string[];
  /** Why nothing would be applied; empty when it was. */
  readonly problems: readonly string[];
}

/**
 * Applies what is pending, then makes the users.
 * @throws MigrationFailed with how far it came
 */
export async function migrate(session: Session, work: MigrationWork): Promise<MigrationOutcome> {
  const { openLedger, lock, apply, makeUsers } = work.engine === 'postgres' ? postgres : mysql;
  const { left } = work;
  await lock(session, left);
  const before = await openLedger(session);
  const { pending, problems } = planOf(work.files, before, work.users);
  if (problems.length > 0) throw new MigrationFailed(`nothing was migrated: ${problems.join('; ')}`);
  // A new database has nothing to keep.
  if (pending.length > 0 && before.length > 0) await work.snapshot?.();
  const applied = await apply(session, pending, left);
  try {
    await makeUsers(session, work, left);
  } catch (error) {
    const migrated = applied.length === 0 ? '' : `; migrations were applied before, and stay: ${applied.join(', ')}`;
    throw new MigrationFailed(`the users were not made: ${(error as Error).message}${migrated}`, { cause: error });
  }
  return { before: before.length, applied, problems };
}

/** What `migrate()` would do; nothing is changed but that the ledger is there. */
export async function dryRun(session: Session, work: MigrationWork): Promise<MigrationOutcome> {
  const { openLedger } = work.engine === 'postgres' ? postgres : mysql;
  const before = await openLedger(session);
  const { pending, problems } = planOf(work.files, before, work.users);
  return { before: before.length, applied: pending.map(({ Name }) => Name), problems };
}
