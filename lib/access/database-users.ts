import { displayName } from '../core/model/display';
import type { Model, Resource } from '../core/model/model';
import { named } from '../core/model/references';
import { at, items, toText } from '../core/model/select';
import type { AccessEntry } from './matrix';

/** What SQL grants by the words of a migration. */
const RIGHTS = [
  { property: 'Read', actions: ['SELECT'], levels: ['read'] },
  { property: 'Write', actions: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'], levels: ['read', 'write'] },
] as const;

/**
 * What users of databases may do within them, as the custom resources that make them say it: IAM ends at the door of a database,
 * and who comes as a user may do what the user may.
 */
export function databaseUserEntries(model: Model): readonly AccessEntry[] {
  return model.ofType('AWS::CloudFormation::CustomResource', 'Custom::DatabaseMigrations').flatMap((resource) => {
    const place = placeOf(model, resource);
    return items(at(resource, 'Users')).flatMap((user) => {
      const name = toText(at(user, 'Name')) ?? 'a user known only at deployment';
      const unlisted = at(user, 'Read') === undefined && at(user, 'Write') === undefined;
      if (unlisted) return [byMigrations(place, name)];
      return RIGHTS.flatMap(({ property, actions, levels }) =>
        items(at(user, property)).map((table): AccessEntry => {
          const known = toText(table);
          return {
            principal: { kind: 'database user', name },
            resource: `${place}/${known ?? 'a table known only at deployment'}`,
            verdict: known === undefined ? 'unknown' : 'allowed',
            actions,
            levels,
            conditions: [],
            through: 'identity policy',
          };
        }),
      );
    });
  });
}

/** Of a user of whom nothing is said, only the migrations tell what it may. */
function byMigrations(place: string, name: string): AccessEntry {
  return {
    principal: { kind: 'database user', name },
    resource: `${place}/tables that migrations grant`,
    verdict: 'unknown',
    actions: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'],
    levels: ['read', 'write'],
    conditions: [],
    through: 'identity policy',
  };
}

/** The database that the function of a custom resource comes to; else the custom resource itself. */
function placeOf(model: Model, resource: Resource): string {
  const [handler] = named(model, at(resource, 'ServiceToken'));
  const [database] = handler === undefined ? [] : named(model, at(handler, 'Environment.Variables.DB_HOST'));
  return displayName(database ?? resource);
}
