import { displayName } from '../core/model/display';
import type { Model, Resource } from '../core/model/model';
import { named } from '../core/model/references';
import { at, describe, items, toText } from '../core/model/select';
import type { Value } from '../core/model/values';
import type { AccessEntry } from './matrix';

/** What a migration's SQL grants. */
const RIGHTS = [
  { property: 'Read', actions: ['SELECT'], levels: ['read'] },
  { property: 'Write', actions: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'], levels: ['read', 'write'] },
] as const;

/** Everything a migration may grant on a table, as modelled here. */
export const ANYTHING: readonly string[] = RIGHTS[1].actions;

/** The table name for what migrations grant. */
export const BY_MIGRATIONS = 'tables that migrations grant';

/** Whether a migration changes privileges: none, only on tables, or more. */
export type RightsInFile = 'none' | 'tables' | 'more';

/** The privilege changes of a migration. */
export interface MigrationOf {
  readonly name: string;
  readonly sha256: string;
  readonly rights: RightsInFile;
}

/** A right on a table. */
export interface TableRight {
  readonly property: 'Read' | 'Write';
  /** Its name, or why it is unknown, in words. */
  readonly table: string;
  /** Whether its name is known only at deployment. */
  readonly open: boolean;
}

/** A database user, as defined by the custom resources that create it. */
export interface DatabaseUser {
  readonly name: string;
  /** The database. */
  readonly place: string;
  /** The user's entry; undefined if it has none, and only the migrations determine its privileges. */
  readonly rights?: readonly TableRight[];
  /** The migrations of the database. */
  readonly migrations: readonly MigrationOf[];
  /** The default schema. */
  readonly schema: string | undefined;
}

/** The database users created at deployment, one per custom resource. */
export function databaseUsers(model: Model): readonly DatabaseUser[] {
  return migrationResources(model).flatMap((resource) => {
    const { place, schema } = placeOf(model, resource);
    const migrations = migrationsOf(resource);
    return items(at(resource, 'Users')).map((user): DatabaseUser => {
      const name = toText(at(user, 'Name')) ?? 'a user known only at deployment';
      const unlisted = at(user, 'Read') === undefined && at(user, 'Write') === undefined;
      const rights = RIGHTS.flatMap(({ property }) =>
        items(at(user, property)).map((table): TableRight => {
          const name = toText(table);
          return {
            property,
            table: name ?? `a table known only at deployment (${describe(table)})`,
            open: name === undefined,
          };
        }),
      );
      return { name, place, schema, migrations, ...(!unlisted && { rights }) };
    });
  });
}

/** The custom resources that create users and apply migrations. */
export function migrationResources(model: Model): readonly Resource[] {
  return model
    .ofType('AWS::CloudFormation::CustomResource', 'Custom::DatabaseMigrations')
    .filter(
      (resource) =>
        resource.type === 'Custom::DatabaseMigrations' || ['postgres', 'mysql'].includes(engineOf(resource) ?? ''),
    );
}

/** The migrations that a custom resource names, in order. */
export function migrationsOf(resource: Resource): readonly MigrationOf[] {
  return items(at(resource, 'Files')).map((file) => ({
    name: toText(at(file, 'Name')) ?? 'a file known only at deployment',
    sha256: toText(at(file, 'Sha256')) ?? '',
    // If unspecified, it may be anything.
    rights: (['none', 'tables'] as const).find((one) => one === toText(at(file, 'Rights'))) ?? 'more',
  }));
}

/** The database within a cluster or instance of the model that a custom resource comes to, among those of its stack: it has one ledger. */
export function ledgerOf(model: Model, resource: Resource): string | undefined {
  const { database, name } = handlerOf(model, resource);
  return database && JSON.stringify([database.logicalId, name]);
}

/** The actions of one right on a table. */
export function actionsOf(right: 'Read' | 'Write'): readonly string[] {
  return RIGHTS.find(({ property }) => property === right)!.actions;
}

/**
 * The privileges of database users, from the custom resources that create them: IAM stops at the connection, and anyone
 * who connects as a user has its privileges.
 */
export function databaseUserEntries(model: Model): readonly AccessEntry[] {
  return databaseUsers(model).flatMap(({ name, place, rights }) => {
    const principal = { kind: 'database user', name } as const;
    const rest = { principal, conditions: [], through: 'identity policy' } as const;
    if (rights === undefined) {
      // For a user without an entry, only the migrations determine its privileges.
      const levels = ['read', 'write'] as const;
      return [{ ...rest, resource: `${place}/${BY_MIGRATIONS}`, verdict: 'unknown', actions: ANYTHING, levels }];
    }
    return rights.map(({ property, table, open }): AccessEntry => {
      const { actions, levels } = RIGHTS.find((one) => one.property === property)!;
      return { ...rest, resource: `${place}/${table}`, verdict: open ? 'unknown' : 'allowed', actions, levels };
    });
  });
}

/** The database that a custom resource's function connects to, or the custom resource itself. */
function placeOf(model: Model, resource: Resource): Pick<DatabaseUser, 'place' | 'schema'> {
  const { database, name } = handlerOf(model, resource);
  return {
    place: displayName(database ?? resource),
    schema: engineOf(resource) === 'mysql' ? name : 'public',
  };
}

function handlerOf(model: Model, resource: Resource): { readonly database?: Resource; readonly name?: string } {
  const [handler] = named(model, at(resource, 'ServiceToken'));
  const variable = (name: string): Value | undefined => handler && at(handler, `Environment.Variables.${name}`);
  const [database] = named(model, variable('DB_HOST'));
  const name = toText(variable('DB_NAME'));
  return { ...(database && { database }), name };
}

function engineOf(resource: Resource): string | undefined {
  return toText(at(resource, 'Engine'));
}
