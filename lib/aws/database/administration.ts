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

/** As whom migrations connect, if at all. */
export function administrationOf(
  props: PooledDatabaseProps,
  cluster: rds.IDatabaseCluster | rds.IDatabaseInstance,
): Administration | undefined {
  const { administrator, engine } = props;
  if (administrator === 'none') return undefined;
  if (props.cluster === undefined) {
    // Only PostgreSQL's master user can use IAM. RDS keeps and rotates MySQL's secret, which the Data API reads.
    return engine === 'postgres' ? { by: 'iam', user: MIGRATION_USER } : { by: 'data-api', secret: secretOf(cluster)! };
  }
  if (administrator?.user !== undefined) return { by: 'iam', user: administrator.user };
  const secret = administrator?.secret ?? secretOf(cluster);
  // The Data API is reached over AWS's network, so it needs no route out of the VPC.
  const dataApi = administrator?.dataApi ?? rds.CfnDBCluster.isCfnDBCluster(definitionOf(cluster));
  return secret && { by: dataApi ? 'data-api' : 'secret', secret };
}

/** The secret with which this app created a cluster or an instance. */
export function secretOf(database: object): ISecret | undefined {
  return (database as { readonly secret?: ISecret }).secret;
}

/** Creates users and applies migrations, if allowed to. */
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
  'Nothing here creates users of this database: create each with LOGIN and rds_iam (MySQL: AWSAuthenticationPlugin), and without a secret';

/** The users named and those that connect, each with the longest timeout of its functions. */
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
