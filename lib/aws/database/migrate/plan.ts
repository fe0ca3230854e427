import type { DatabaseUser } from '../user-statements';
import type { Migration } from './request';

/** An applied migration, as recorded in the ledger. */
export interface Applied {
  readonly name: string;
  readonly sha256: string;
}

/** What to do, or why nothing may be done. */
export interface Plan {
  readonly pending: readonly Migration[];
  /** All problems at once; nothing is done while there are any. */
  readonly problems: readonly string[];
}

/** Names reserved by the platform. */
const NOT_OURS = ['rdsproxyadmin', 'rdsadmin', 'rdsrepladmin', 'rds_superuser', 'postgres', 'root', 'mysql.sys'];

/**
 * What is left to apply. Files in the ledger but not in the template are fine: a stack that rolls back names the
 * earlier files, and a database does not roll back.
 */
export function planOf(files: readonly Migration[], applied: readonly Applied[], users: readonly DatabaseUser[]): Plan {
  const known = new Map(applied.map(({ name, sha256 }) => [name, sha256]));
  const pending = files.filter(({ Name }) => !known.has(Name));
  const changed = files.filter(({ Name, Sha256 }) => known.has(Name) && known.get(Name) !== Sha256);
  const last = Math.max(0, ...applied.map(({ name }) => numberOf(name)));
  const late = pending.filter(({ Name }) => numberOf(Name) < last);
  const reserved = users.filter(({ Name }) => NOT_OURS.includes(Name.toLowerCase()));
  return {
    pending,
    problems: [
      ...changed.map(
        ({ Name }) => `${Name} was changed after it was applied; revert it, and put the change in a new file`,
      ),
      ...late.map(({ Name }) => `${Name} comes before one that is already applied; give it a number above ${last}`),
      ...reserved.map(({ Name }) => `the user '${Name}' belongs to the platform; name another`),
    ],
  };
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}
