import { alarmSettings } from '../alarms/settings-shape';
import {
  duration,
  either,
  filled,
  flag,
  having,
  known,
  list,
  needed,
  number,
  object,
  oneOf,
  record,
  text,
  whole,
} from '../../core/check/kinds';
import type { Shape } from '../../core/check/shape';
import { functionTimeout } from '../../core/facts/lambda';
import { backupRetention, clusterReaders, databaseConnections, proxyMaxConnections } from '../../core/facts/rds';
import { KEY, RETENTION, SECRET, SUBNETS, TOPIC, VPC } from '../resource-kinds';
import type { DatabaseAdministrator, MigrationProps, PooledDatabaseProps, UserRights } from './database-props';

const TABLES = known(list(known(filled('orders')), "['orders']"));

/** What the props of a `PooledDatabase` may hold. */
export const SHAPE: Shape<PooledDatabaseProps> = {
  vpc: needed(VPC, "pass the VPC: new Vpc(this, 'Network'), or Vpc.fromLookup(...)"),
  engine: needed(known(oneOf('postgres', 'mysql')), "write 'postgres' or 'mysql'"),
  version: known(filled('17.7')),
  capacity: object<NonNullable<PooledDatabaseProps['capacity']>>({ min: number, max: number }, '{ min: 1, max: 4 }'),
  readers: known(whole(clusterReaders.value)),
  cluster: having(
    'a cluster or an instance',
    ['clusterIdentifier', 'instanceIdentifier'],
    "pass it: a DatabaseCluster or a DatabaseInstance, or one of their from...() methods' results",
  ),
  administrator: either(
    "must be 'none', or an administrator of the database",
    () => "write { secret }, or { user: 'admin_user' } for IAM authentication",
    oneOf('none'),
    object<DatabaseAdministrator>({ user: filled('admin_user'), secret: SECRET, dataApi: flag }, '{ secret }'),
  ),
  migrations: known(
    either(
      'must be a directory, or an object with one',
      () => "write it as 'migrations'",
      filled('migrations'),
      object<MigrationProps>(
        {
          directory: needed(known(filled('migrations')), "write it as 'migrations'"),
          timeout: duration(
            { min: 60, max: functionTimeout.value.max },
            `choose 1 to ${functionTimeout.value.max / 60} minutes`,
          ),
          snapshot: flag,
        },
        "{ directory: 'migrations' }",
      ),
    ),
  ),
  routes: known(list(known(oneOf('s3', 'secretsmanager', 'rds')), "['s3']")),
  users: known(
    record(
      object<UserRights>({ read: TABLES, write: TABLES }, "{ read: ['orders'] }"),
      "{ app_user: { read: ['orders'] } }",
    ),
  ),
  databaseName: text('app'),
  maxConnections: whole(databaseConnections.value),
  vpcSubnets: SUBNETS,
  maxConnectionsPercent: known(whole(proxyMaxConnections.value)),
  encryptionKey: KEY,
  backupRetention: duration(
    { min: backupRetention.value.min * 86_400, max: backupRetention.value.max * 86_400 },
    `choose ${backupRetention.value.min} to ${backupRetention.value.max} days`,
  ),
  insights: known(oneOf('standard', 'advanced')),
  logRetention: RETENTION,
  removalPolicy: known(oneOf('retain', 'destroy', 'snapshot', 'retain-on-update-or-delete')),
  alarmTopic: TOPIC,
  alarms: alarmSettings('PooledDatabase'),
};

/** CDK's names for a database's props, and their equivalents here. */
export const NAMES = {
  scheme: "write 'engine'",
  origin: "give it as 'cluster', which takes a cluster or an instance",
  instance: "give it as 'cluster', which takes either",
  secret: 'leave it out: clients have no passwords',
  credentials: 'leave it out: the master user authenticates by IAM',
  iamAuthentication: 'leave it out: it is always on',
  requireTLS: 'leave it out: TLS is always required',
  serverlessV2MinCapacity: "write 'capacity: { min }'",
  serverlessV2MaxCapacity: "write 'capacity: { max }'",
  defaultDatabaseName: "write 'databaseName'",
  cloudwatchLogsExports: 'leave it out: logs are exported',
  cloudwatchLogsRetention: "write 'logRetention', which needs no custom resource",
};
