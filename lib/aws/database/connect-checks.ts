import type { IConstruct } from 'constructs';
import { userNameLength, type DatabaseEngine } from '../../core/facts/rds';
import type { Check } from '../../core/check/check';
import { flag, whole } from '../../core/check/kinds';
import { checkProps, type Shape } from '../../core/check/shape';
import { MIGRATION_USER } from './cluster';
import type { ConnectOptions } from './database-props';
import type { DatabaseTarget } from './target';

/** Names reserved by an engine and by RDS. */
const KEPT: Readonly<Record<DatabaseEngine, readonly string[]>> = {
  postgres: [MIGRATION_USER, 'postgres', 'rdsadmin', 'rdsproxyadmin', 'rds_superuser', 'rds_iam'],
  mysql: [MIGRATION_USER, 'root', 'admin', 'rdsadmin', 'rdsproxyadmin', 'mysql.sys', 'mysql.session'],
};

/**
 * Checks who connects, and how.
 * @throws PatternError for a user that applications must not use, or for readers that do not exist
 */
export function checkConnection(
  owner: IConstruct,
  user: string,
  options: ConnectOptions,
  target: DatabaseTarget,
): void {
  checkProps(owner, options, OPTIONS, () => [
    ...userChecks('connect', user, target.engine),
    ...wayChecks(options, target),
  ]);
}

const OPTIONS: Shape<ConnectOptions> = { readOnly: flag, busy: whole({ min: 1, max: 100 }), pinned: flag };

/**
 * Checks of a user's name.
 * @param prop where it is written
 */
export function userChecks(prop: string, user: string, engine: DatabaseEngine): Check[] {
  return [
    {
      prop,
      value: user,
      ofType: typeof user !== 'string',
      valid: () => typeof user === 'string' && /^[a-z_][a-z0-9_]*$/.test(user),
      rule: 'must be a user name: lower-case letters, digits and underscores, not starting with a digit',
      remedy: "write it as 'app_user'",
    },
    {
      prop,
      value: user,
      valid: () => user.length <= userNameLength.value[engine],
      rule: `must have at most ${userNameLength.value[engine]} characters`,
      remedy: 'choose a shorter name',
    },
    {
      prop,
      value: user,
      valid: () => !KEPT[engine].includes(user) && !user.startsWith('pg_'),
      rule: 'must not be a user of the engine or of RDS, which may do everything or cannot log in',
      remedy: "name a user of the application: 'app_user'",
    },
  ];
}

function wayChecks({ readOnly = false }: ConnectOptions, target: DatabaseTarget): Check[] {
  const { resourceId, readers, clustered, construct } = target;
  return [
    {
      prop: 'cluster',
      value: construct,
      valid: () => resourceId !== undefined && resourceId !== '',
      rule: 'must have a known resource id, which IAM identifies it by',
      remedy: clustered ? "import it with 'clusterResourceIdentifier'" : "import it with 'instanceResourceId'",
    },
    {
      prop: 'readOnly',
      value: readOnly,
      valid: () => !readOnly || (clustered && readers !== 0),
      rule: 'must not be true without a reader: a read-only endpoint would lead nowhere',
      remedy: clustered ? "set 'readers' to 1 or more, or leave it out" : 'leave it out',
    },
  ];
}
