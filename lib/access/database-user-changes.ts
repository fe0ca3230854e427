import type { Model } from '../core/model/model';
import { changeOf } from './change-id';
import {
  actionsOf,
  ANYTHING,
  BY_MIGRATIONS,
  type DatabaseUser,
  databaseUsers,
  type MigrationOf,
} from './database-users';
import type { AccessChange } from './diff';

/** Privileges of database users gained and lost between two models. */
export interface DatabaseUserChanges {
  readonly widened: readonly AccessChange[];
  readonly narrowed: readonly AccessChange[];
}

/**
 * Compares the privileges of database users. A user removed from the templates keeps its privileges in the database, so
 * nothing narrows; for a user without an entry, a migration that grants privileges may widen anything.
 */
export function databaseUserChanges(base: Model, head: Model): DatabaseUserChanges {
  const [before, after] = [known(base), known(head)];
  const both = [...after].flatMap(([key, now]) => {
    const earlier = before.get(key);
    return earlier ? [[earlier, now] as const] : [];
  });
  return {
    widened: [...after].flatMap(([key, now]) => widened(before.get(key), now)),
    narrowed: both.flatMap(([earlier, now]) => narrowed(earlier, now)),
  };
}

interface KnownUser {
  readonly name: string;
  readonly place: string;
  /** Actions by table; undefined if the user has no entry. */
  readonly tables?: ReadonlyMap<string, ReadonlySet<string>>;
  readonly migrations: readonly MigrationOf[];
}

/** Everything in the default schema. */
const ALL = '*';

/** By database and name. A user with an entry in any custom resource counts as having one. */
function known(model: Model): ReadonlyMap<string, KnownUser> {
  const users = new Map<string, KnownUser>();
  for (const user of databaseUsers(model)) {
    const key = JSON.stringify([user.place, user.name]);
    const earlier = users.get(key);
    const tables = user.rights ? tablesOf(user, earlier?.tables) : earlier?.tables;
    const migrations = [...(earlier?.migrations ?? []), ...user.migrations];
    users.set(key, { name: user.name, place: user.place, migrations, ...(tables && { tables }) });
  }
  return users;
}

function tablesOf(
  { rights = [], schema }: DatabaseUser,
  others: KnownUser['tables'] = new Map(),
): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map(others);
  for (const { property, table, open } of rights) {
    const [first, second] = table.split('.');
    const name = !open && second !== undefined && first === schema ? second : table;
    tables.set(name, new Set([...(tables.get(name) ?? []), ...actionsOf(property)]));
  }
  return tables;
}

function widened(before: KnownUser | undefined, now: KnownUser): readonly AccessChange[] {
  const changeOf = (resource: string, actions: readonly string[], problem?: string) =>
    change(now, resource, actions, before ? (problem === undefined ? 'granted' : 'unknown') : 'new principal', problem);
  return [
    ...added(before, now).map(({ table, actions }) => changeOf(table, actions)),
    ...openly(before, now).map((problem) => changeOf(BY_MIGRATIONS, ANYTHING, problem)),
  ];
}

/** What cannot be judged about a user's privileges, in words. */
function openly(before: KnownUser | undefined, now: KnownUser): readonly string[] {
  const own = new Set(before?.migrations.map(({ name, sha256 }) => `${name} ${sha256}`));
  const fresh = now.migrations.filter(({ name, sha256 }) => !own.has(`${name} ${sha256}`));
  const names = (files: readonly MigrationOf[]) => files.map(({ name }) => name).join(', ');
  const more = fresh.filter(({ rights }) => rights === 'more');
  const speaking = fresh.filter(({ rights }) => rights !== 'none');
  if (now.tables === undefined) {
    if (before === undefined) return ["only the migrations tell what it may: name it in 'users'"];
    if (before.tables !== undefined) return ['nothing says any more what it may: it keeps what it had'];
    return speaking.length === 0 ? [] : [`new migrations speak of rights: ${names(speaking)}`];
  }
  return more.length === 0 ? [] : [`new migrations speak of more than the rights of users to tables: ${names(more)}`];
}

/** Privileges no longer granted, which are revoked. */
function narrowed(before: KnownUser, now: KnownUser): readonly AccessChange[] {
  if (now.tables === undefined) return [];
  if (before.tables === undefined) return [change(now, BY_MIGRATIONS, ANYTHING, 'revoked')];
  return added(now, before).map(({ table, actions }) => change(now, table, actions, 'revoked'));
}

/** Tables with the actions that one user has and another lacks. */
function added(
  { tables: those }: Pick<KnownUser, 'tables'> = {},
  { tables = new Map<string, ReadonlySet<string>>() }: KnownUser,
): readonly { readonly table: string; readonly actions: readonly string[] }[] {
  return [...tables].flatMap(([table, actions]) => {
    const had = [those?.get(table), table.includes('.') ? undefined : those?.get(ALL)];
    const left = [...actions].filter((action) => !had.some((some) => some?.has(action)));
    return left.length === 0 ? [] : [{ table, actions: left.sort() }];
  });
}

function change(
  { name, place }: KnownUser,
  table: string,
  actions: readonly string[],
  reason: AccessChange['reason'],
  problem?: string,
): AccessChange {
  return changeOf({
    principal: { kind: 'database user', name },
    resource: `${place}/${table}`,
    actions,
    patterns: actions,
    conditions: [],
    reason,
    problem,
  });
}
