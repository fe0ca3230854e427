import type { DatabaseUser } from '../user-statements';
import type { Migration } from './request';

/** A migration that was applied, as the ledger has it. */
export interface Applied {
  readonly name: string;
  readonly sha256: string;
}

/** What is to be done, or why nothing may be. */
export interface Plan {
  readonly pending: readonly Migration[];
  /** All at once; nothing is done while there is one. */
  readonly problems: readonly string[];
}

/** Names that the platform has. */
const NOT_OURS = ['rdsproxyadmin', 'rdsadmin', 'rdsrepladmin', 'rds_superuser', 'postgres', 'root', 'mysql.sys'];

/**
 * What is left to apply. What the ledger has and the template has not is no problem: a stack that goes back names the
 * files of before, and a database does not go back.
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
        ({ Name }) => `${Name} was changed after it was applied; take it back, and make a new file of the change`,
      ),
      ...late.map(({ Name }) => `${Name} comes before one that is applied already; give it a number above ${last}`),
      ...reserved.map(({ Name }) => `the user '${Name}' belongs to the platform; name another`),
    ],
  };
}

function numberOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}
