import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
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
   * What becomes of the cluster when the stack is deleted; anything but RETAIN lifts its deletion protection.
   * @default - a snapshot is kept, and the cluster is protected from deletion
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Who is told of alarms.
   * @default - nobody; the alarms are there
   */
  readonly alarmTopic?: ITopic;
}
