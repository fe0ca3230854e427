import { Annotations, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { timeoutOf } from '../handler-settings';
import { databaseSubnets, MIGRATION_USER } from './cluster';
import type { MigrationProps, PooledDatabaseProps } from './database-props';
import { readSqlFiles } from '../../core/sql-files';
import type { Connector } from './budget';
import { type Administration, DatabaseMigrations } from './migrations';
import { type DatabaseTarget, definitionOf, switchOnDataApi } from './target';
import type { DatabaseUser } from './user-statements';

/** As whom migrations come, if anybody may. */
export function administrationOf(
  props: PooledDatabaseProps,
  cluster: rds.IDatabaseCluster | rds.IDatabaseInstance,
): Administration | undefined {
  const { administrator, engine } = props;
  if (administrator === 'none') return undefined;
  if (props.cluster === undefined) {
    // Only PostgreSQL's first user can come by IAM. RDS keeps MySQL's secret and rotates it; the Data API reads it.
    return engine === 'postgres' ? { by: 'iam', user: MIGRATION_USER } : { by: 'data-api', secret: secretOf(cluster)! };
  }
  if (administrator?.user !== undefined) return { by: 'iam', user: administrator.user };
  const secret = administrator?.secret ?? secretOf(cluster);
  // No network leads to the Data API, so that it needs no way out of the VPC.
  const dataApi = administrator?.dataApi ?? rds.CfnDBCluster.isCfnDBCluster(definitionOf(cluster));
  return secret && { by: dataApi ? 'data-api' : 'secret', secret };
}

/** The secret with which this app made a cluster or an instance. */
export function secretOf(database: object): ISecret | undefined {
  return (database as { readonly secret?: ISecret }).secret;
}

/** What makes users and applies migrations, if anybody may. */
export function databaseMigrations(
  scope: Construct,
  props: PooledDatabaseProps,
  target: DatabaseTarget,
  database: string,
  connectors: readonly Connector[],
): DatabaseMigrations | undefined {
  const { migrations, vpc } = props;
  const administration = administrationOf(props, target.construct as rds.IDatabaseCluster);
  if (administration === undefined) {
    Annotations.of(scope).addWarningV2('lintel:UsersByHand', BY_HAND);
    return undefined;
  }
  if (administration.by === 'data-api') switchOnDataApi(target.construct);
  const settings: Partial<MigrationProps> =
    typeof migrations === 'string' ? { directory: migrations } : (migrations ?? {});
  const { directory, timeout = Duration.minutes(15), snapshot = false } = settings;
  return new DatabaseMigrations(scope, 'Migrations', {
    vpc,
    vpcSubnets: databaseSubnets(props),
    target,
    own: props.cluster === undefined,
    database,
    administration,
    files: directory === undefined ? [] : readSqlFiles(directory),
    timeout,
    snapshot,
    routes: props.routes ?? [],
    users: () => usersOf(props, connectors),
  });
}

const BY_HAND =
  'Users of this database are made by nobody here: make each with LOGIN and rds_iam (MySQL: AWSAuthenticationPlugin), and without a secret';

/** The users that are named and those that connect, each with the longest time that one of its functions waits. */
function usersOf({ users = {}, engine }: PooledDatabaseProps, connectors: readonly Connector[]): DatabaseUser[] {
  const names = [...new Set([...Object.keys(users), ...connectors.map(({ user }) => user)])].sort();
  return names.map((name) => {
    const timeouts = connectors.filter(({ user }) => user === name).map(({ fn }) => timeoutOf(fn));
    const known = timeouts.every((one) => one !== undefined) && timeouts.length > 0 && engine === 'postgres';
    return {
      Name: name,
      Authentication: 'iam',
      ...(users[name] && { Read: users[name].read ?? [], Write: users[name].write ?? [] }),
      ...(known && { StatementTimeoutSeconds: Math.max(...timeouts) }),
    };
  });
}
