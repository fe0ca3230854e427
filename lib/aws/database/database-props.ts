import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AlarmsOf } from '../alarms/watched-by';
import type { DatabaseEngine } from '../../core/facts/rds';

/** What Aurora may scale between, in Aurora capacity units: about 2 GiB of memory each, with the CPU and network of that. */
export interface DatabaseCapacity {
  /**
   * 0.5 or more, in halves. It is paid for day and night: 1 ACU is about 90 USD a month.
   * @default 1, or 2 with `insights`: IAM authentication needs memory that the engine does not have at less
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
   */
  readonly min?: number;
  /**
   * 1 to 256, in halves. The connections that the database bears are counted by it, after a reboot.
   * @default 4, or the minimum where that is more
   */
  readonly max?: number;
}

/** How a team's own cluster or instance is administered: by a user who comes by IAM, or by a secret. */
export interface DatabaseAdministrator {
  /**
   * A user who may make others, and comes by IAM.
   * @default - `secret` tells who it is
   */
  readonly user?: string;
  /**
   * The secret of a user who may make others. The migrations read it by a way out of the VPC.
   * @default - `user` comes by IAM
   */
  readonly secret?: ISecret;
  /**
   * Whether the migrations go through the Data API of Aurora, which needs no way out of the VPC and is switched on for it where
   * this app makes the cluster. Otherwise they read the secret, and come to the writer themselves.
   * @default true for a cluster that this app makes
   */
  readonly dataApi?: boolean;
}

/** SQL files that are applied when the stack is deployed, each once. */
export interface MigrationProps {
  /** Where they are, relative to the working directory: `0001_orders.sql`, `0002_...`. */
  readonly directory: string;
  /**
   * Time for all of them, 1 to 15 minutes; locks and statements are given up before.
   * @default Duration.minutes(15)
   */
  readonly timeout?: Duration;
  /**
   * Takes a snapshot before, which is paid for until somebody deletes it.
   * @default false
   */
  readonly snapshot?: boolean;
}

/** What a user may do with tables: `orders`, `billing.invoices`, or `*` for all of the schema `public`, those to come too. */
export interface UserRights {
  /**
   * Tables that the user reads.
   * @default - none
   */
  readonly read?: readonly string[];
  /**
   * Tables whose rows the user adds, changes and deletes, and so reads.
   * @default - none
   */
  readonly write?: readonly string[];
}

/** Props of a `PooledDatabase`. */
export interface PooledDatabaseProps {
  /** The network of the database, its proxy, and whoever connects. */
  readonly vpc: ec2.IVpc;
  /** PostgreSQL or MySQL. */
  readonly engine: DatabaseEngine;
  /**
   * Version of the engine: `'17.7'`, `'8.0.mysql_aurora.3.10.3'`.
   * @default - PostgreSQL 17.7, Aurora MySQL 3.10.3
   */
  readonly version?: string;
  /**
   * What Aurora may scale between.
   * @default - 1 to 4 ACU; 2 to 4 with `insights`
   */
  readonly capacity?: DatabaseCapacity;
  /**
   * Readers beside the writer, 0 to 15, in other zones: each costs what the writer costs. One takes over in about half a minute
   * when the writer's zone fails; without one, Aurora makes a new writer in some ten minutes. The data is in three zones anyway.
   * @default 0
   */
  readonly readers?: number;
  /**
   * The team's own cluster or instance, in place of a new one.
   * @default - a new cluster of Aurora Serverless v2
   */
  readonly cluster?: rds.IDatabaseCluster | rds.IDatabaseInstance;
  /**
   * By whom users are made and migrations applied in the team's own `cluster`. `'none'` leaves both to the team.
   * @default - an own cluster's first user; of `cluster` the secret with which this app made it
   */
  readonly administrator?: DatabaseAdministrator | 'none';
  /**
   * SQL files that are applied at deployment, or their directory. Functions that connect wait for them.
   * @default - none
   */
  readonly migrations?: MigrationProps | string;
  /**
   * Services to which the VPC has a way that this app does not see, such as endpoints of an imported VPC. CloudFormation is
   * answered by way of S3; a secret and a snapshot need one more each.
   * @default - none; endpoints and gateways of this app are seen
   */
  readonly routes?: readonly ('s3' | 'secretsmanager' | 'rds')[];
  /**
   * What users may do; anything else is taken from them. Who connects and is not here may log in, and what migrations grant.
   * @default - none
   */
  readonly users?: Readonly<Record<string, UserRights>>;
  /**
   * The database in it.
   * @default 'app', or the one with which the team's cluster was made
   */
  readonly databaseName?: string;
  /**
   * Subnets of the database and the proxy, private and in two zones.
   * @default - the isolated subnets of the VPC, or else its private ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /**
   * Share of the database's connections that the proxy may use, 1 to 100 percent. What it leaves is for migrations, for people
   * and for other proxies.
   * @default 90
   */
  readonly maxConnectionsPercent?: number;
  /**
   * What `SHOW max_connections` says of the team's own `cluster`, by which the budget of connections is judged.
   * @default - by AWS's table for Aurora Serverless v2; unknown for others, and nothing is judged
   */
  readonly maxConnections?: number;
  /**
   * The key of the storage and of its snapshots.
   * @default - a key of RDS's own, free
   */
  readonly encryptionKey?: IKey;
  /**
   * Days for which Aurora keeps backups that it can go back to any second of, 1 to 35.
   * @default Duration.days(7)
   */
  readonly backupRetention?: Duration;
  /**
   * Database Insights: what the database waits for, by statement. The standard mode is free and keeps a week; the advanced one
   * is paid for by ACU and keeps 15 months.
   * @default - none
   */
  readonly insights?: 'standard' | 'advanced';
  /**
   * How long the logs are kept that the cluster writes: those of PostgreSQL; of MySQL errors, statements that take a second, and an audit of
   * who connects, makes and grants.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * What becomes of the cluster when the stack is deleted; anything but RETAIN lifts its deletion protection.
   * @default - a snapshot is kept, and the cluster is protected from deletion
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
  /**
   * What the alarms are raised at, how long it must last, or that there is none, and why:
   * `{ errorRate: 5, deadLetters: { off: 'swept by hand each morning' } }`.
   * @default - what AWS recommends
   */
  readonly alarms?: AlarmsOf<'PooledDatabase'>;
}

/** How a function connects. */
export interface ConnectOptions {
  /**
   * Connects to the readers, where nothing can be written and what was written a moment ago may not be there yet.
   * @default false - the writer, which the proxy's own endpoint always leads to
   */
  readonly readOnly?: boolean;
  /**
   * Share of its time in which the function is in a transaction, 1 to 100 percent: the rest of it takes no connection of the
   * database. It is what the budget of connections counts; the alarm on waiting for a connection tells when it is too little.
   * @default 100
   */
  readonly busy?: number;
  /**
   * The function pins its connection, by `SET`, a cursor, `LISTEN` or a lock that outlasts the transaction: it takes one all the time.
   * @default false
   */
  readonly pinned?: boolean;
}
