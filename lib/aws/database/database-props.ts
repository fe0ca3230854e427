import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { DatabaseEngine } from '../../core/facts/rds';

/** The range Aurora scales in, in Aurora capacity units: each about 2 GiB of memory, with matching CPU and network. */
export interface DatabaseCapacity {
  /**
   * 0.5 or more, in steps of 0.5. Billed around the clock: 1 ACU is about 90 USD a month.
   * @default 1, or 2 with `insights`: IAM authentication needs more memory than the engine has below that
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
   */
  readonly min?: number;
  /**
   * 1 to 256, in steps of 0.5. Determines the database's maximum number of connections, after a reboot.
   * @default 4, or the minimum if higher
   */
  readonly max?: number;
}

/** How a team's own cluster or instance is administered: by a user with IAM authentication, or by a secret. */
export interface DatabaseAdministrator {
  /**
   * A user who may create others, and authenticates by IAM.
   * @default - the user in `secret`
   */
  readonly user?: string;
  /**
   * The secret of a user who may create others. The migrations need a route out of the VPC to read it.
   * @default - `user` authenticates by IAM
   */
  readonly secret?: ISecret;
  /**
   * Whether the migrations use Aurora's Data API, which needs no route out of the VPC and is switched on for it if
   * this app creates the cluster. Otherwise they read the secret and connect to the writer themselves.
   * @default true for a cluster that this app creates
   */
  readonly dataApi?: boolean;
}

/** SQL files applied on deployment, each once. */
export interface MigrationProps {
  /** Their directory, relative to the working directory: `0001_orders.sql`, `0002_...`. */
  readonly directory: string;
  /**
   * Time limit for all of them, 1 to 15 minutes; locks and statements time out earlier.
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;
  /**
   * Takes a snapshot first, billed until someone deletes it.
   * @default false
   */
  readonly snapshot?: boolean;
}

/** Table privileges of a user: `orders`, `billing.invoices`, or `*` for the whole schema `public`, future tables included. */
export interface UserRights {
  /**
   * Tables the user may read.
   * @default - none
   */
  readonly read?: readonly string[];
  /**
   * Tables whose rows the user may insert, update and delete, and therefore read.
   * @default - none
   */
  readonly write?: readonly string[];
}

/** Props of a `PooledDatabase`. */
export interface PooledDatabaseProps {
  /** The network of the database, its proxy and its clients. */
  readonly vpc: ec2.IVpc;
  /** PostgreSQL or MySQL. */
  readonly engine: DatabaseEngine;
  /**
   * Engine version: `'17.7'`, `'8.0.mysql_aurora.3.10.3'`.
   * @default - PostgreSQL 17.7, Aurora MySQL 3.10.3
   */
  readonly version?: string;
  /**
   * The range Aurora scales in.
   * @default - 1 to 4 ACU; 2 to 4 with `insights`
   */
  readonly capacity?: DatabaseCapacity;
  /**
   * Readers besides the writer, 0 to 15, in other zones; each costs as much as the writer. One takes over in about half a minute
   * when the writer's zone fails; without any, Aurora creates a new writer in about ten minutes. The data spans three zones anyway.
   * @default 0
   */
  readonly readers?: number;
  /**
   * The team's own cluster or instance, instead of a new one.
   * @default - a new Aurora Serverless v2 cluster
   */
  readonly cluster?: rds.IDatabaseCluster | rds.IDatabaseInstance;
  /**
   * Who creates users and applies migrations in the team's own `cluster`. `'none'` leaves both to the team.
   * @default - a new cluster's master user; for `cluster`, the secret this app created it with
   */
  readonly administrator?: DatabaseAdministrator | 'none';
  /**
   * SQL files applied on deployment, or their directory. Functions that connect wait for them.
   * @default - none
   */
  readonly migrations?: MigrationProps | string;
  /**
   * Services the VPC can reach in ways this app does not see, such as endpoints of an imported VPC. Responses to CloudFormation
   * go through S3; a secret and a snapshot need one more each.
   * @default - none; endpoints and gateways of this app are detected
   */
  readonly routes?: readonly ('s3' | 'secretsmanager' | 'rds')[];
  /**
   * Users' privileges; any others are revoked. A connecting user not listed here may log in, and has what migrations grant.
   * @default - none
   */
  readonly users?: Readonly<Record<string, UserRights>>;
  /**
   * The database within the cluster.
   * @default 'app', or the default database of the team's cluster
   */
  readonly databaseName?: string;
  /**
   * Subnets of the database and the proxy, private and in two zones.
   * @default - the isolated subnets of the VPC, otherwise its private ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /**
   * Share of the database's connections that the proxy may use, 1 to 100 percent. The rest is left for migrations, people
   * and other proxies.
   * @default 90
   */
  readonly maxConnectionsPercent?: number;
  /**
   * `SHOW max_connections` of the team's own `cluster`; the connection budget is checked against it.
   * @default - from AWS's table for Aurora Serverless v2; otherwise unknown, and nothing is checked
   */
  readonly maxConnections?: number;
  /**
   * The key that encrypts the storage and its snapshots.
   * @default - an AWS-managed key, free of charge
   */
  readonly encryptionKey?: IKey;
  /**
   * Days of point-in-time recovery, 1 to 35.
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;
  /**
   * Database Insights: what the database waits for, by statement. Standard mode is free and keeps a week; advanced is
   * billed per ACU and keeps 15 months.
   * @default - none
   */
  readonly insights?: 'standard' | 'advanced';
  /**
   * How long the cluster's logs are kept: PostgreSQL's log; MySQL's errors, statements slower than a second, and an audit of
   * connections, DDL and grants.
   * @default - as the team keeps its logs, or a month
   */
  readonly logRetention?: RetentionDays;
  /**
   * What happens to the cluster when the stack is deleted; anything but RETAIN lifts deletion protection.
   * @default - SNAPSHOT, with deletion protection
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Topic that alarms notify.
   * @default - no notifications; the alarms still exist
   */
  readonly alarmTopic?: ITopic;
  /**
   * Alarm thresholds and durations, or alarms switched off with a reason:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - as AWS recommends
   */
  readonly alarms?: AlarmsOf<'PooledDatabase'>;
}

/** How a function connects. */
export interface ConnectOptions {
  /**
   * Connects to the readers: nothing can be written, and the latest writes may not be visible yet.
   * @default false - the writer, the target of the proxy's default endpoint
   */
  readonly readOnly?: boolean;
  /**
   * Share of its time that the function spends in a transaction, 1 to 100 percent: otherwise it holds no database
   * connection. The connection budget uses it; the alarm on waiting for a connection shows when it is set too low.
   * @default 100
   */
  readonly busy?: number;
  /**
   * Whether the function pins its connection, by `SET`, a cursor, `LISTEN` or a lock that outlives the transaction: it then always
   * holds one.
   * @default false
   */
  readonly pinned?: boolean;
}
