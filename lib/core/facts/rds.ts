import type { Fact, Range } from './fact';

const PROXY = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-creating.html';
const READ = '2026-11-21';

/** A client's idle connection to a proxy is closed after this; 30 minutes by default. */
export const proxyIdleTimeout: Fact<Range> = {
  value: { min: 1, max: 28_800 },
  unit: 'seconds',
  source: PROXY,
  read: READ,
};

/** A proxy waits this long for a free database connection; 120 seconds by default. */
export const proxyBorrowTimeout: Fact<Range> = {
  value: { min: 0, max: 3600 },
  unit: 'seconds',
  source: PROXY,
  read: READ,
};

/** Share of the database's `max_connections` that a proxy may open; 100 by default. */
export const proxyMaxConnections: Fact<Range> = {
  value: { min: 1, max: 100 },
  unit: 'percent',
  source: PROXY,
  read: READ,
};

/** Share of `max_connections` that a proxy keeps open when idle: at most the share it may open. */
export const proxyMaxIdleConnections: Fact<Range> = {
  value: { min: 0, max: 100 },
  unit: 'percent',
  source: PROXY,
  read: READ,
};

/** Capacity at which Aurora Serverless v2 pauses; an RDS Proxy's own connections keep it from doing so. */
export const autoPauseCapacity: Fact<number> = {
  value: 0,
  unit: 'ACU',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html',
  read: READ,
};

const CAPACITY =
  'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html';
const LATER = '2026-11-29';

/** Engines that a pooled database can have. */
export type DatabaseEngine = 'postgres' | 'mysql';

/**
 * `max_connections` of Aurora Serverless v2 by its maximum capacity. It is computed from the memory when an instance starts, and so
 * a change of the capacity counts after a reboot. What lies between two rows has at least the connections of the lower one.
 */
export const serverlessConnections: Fact<
  Readonly<Record<DatabaseEngine, readonly (readonly [acu: number, most: number])[]>>
> = {
  value: {
    postgres: [
      [1, 189],
      [4, 823],
      [8, 1669],
      [16, 3360],
      [32, 5000],
    ],
    mysql: [
      [1, 90],
      [4, 135],
      [8, 1000],
      [16, 2000],
      [32, 3000],
      [64, 4000],
      [128, 5000],
      [256, 6000],
    ],
  },
  unit: 'connections',
  source: CAPACITY,
  read: LATER,
};

/** What `max_connections` of PostgreSQL is at most where the minimum capacity is 0 or 0.5. */
export const smallMinimumConnections: Fact<number> = {
  value: 2000,
  unit: 'connections',
  source: CAPACITY,
  read: LATER,
};

/** Capacity of Aurora Serverless v2. 0 pauses. */
export const serverlessCapacity: Fact<Range> = {
  value: { min: 0, max: 256 },
  unit: 'ACU',
  source: CAPACITY,
  read: LATER,
};

/** The least capacity at which IAM authentication, which needs memory of its own, is advised; and the same with Database Insights. */
export const advisedCapacity: Fact<{ readonly iam: number; readonly insights: number }> = {
  value: { iam: 1, insights: 2 },
  unit: 'ACU',
  source: CAPACITY,
  read: LATER,
};

/** The port that a proxy listens on, whatever the database’s own is. */
export const enginePort: Fact<Readonly<Record<DatabaseEngine, number>>> = {
  value: { postgres: 5432, mysql: 3306 },
  unit: 'port',
  source: PROXY,
  read: LATER,
};

/** Connections that the engine keeps for administrators: no proxy gets them. */
export const reservedConnections: Fact<Readonly<Record<DatabaseEngine, number>>> = {
  // superuser_reserved_connections 3 and rds.rds_superuser_reserved_connections 2; MySQL's one more is beyond max_connections.
  value: { postgres: 5, mysql: 0 },
  unit: 'connections',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Managing.html',
  read: LATER,
};

/** The least capacity at which PostgreSQL has more than 2,000 connections. */
const SMALL = 0.5;

/** `max_connections` of an instance of Aurora Serverless v2, by its table. */
export function serverlessMost(engine: DatabaseEngine, min: number, max: number): number {
  const rows = serverlessConnections.value[engine];
  const [, most] = rows.findLast(([acu]) => acu <= max) ?? rows[0]!;
  return engine === 'postgres' && min <= SMALL ? Math.min(most, smallMinimumConnections.value) : most;
}

/** Longest identifier of an Aurora cluster; the names of a proxy and of its endpoints have the same limit. */
export const identifierLength: Fact<number> = {
  value: 63,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
  read: '2026-11-30',
};

/** How long a cluster keeps its automated backups. */
export const backupRetention: Fact<Range> = {
  value: { min: 1, max: 35 },
  unit: 'days',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
  read: '2026-11-30',
};

/** Readers of an Aurora cluster. */
export const clusterReaders: Fact<Range> = {
  value: { min: 0, max: 15 },
  unit: 'readers',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html',
  read: '2026-11-30',
};

/** What `max_connections` may be set to in PostgreSQL, whose bound is above MySQL's. */
export const databaseConnections: Fact<Range> = {
  value: { min: 10, max: 262_143 },
  unit: 'connections',
  source: 'https://www.postgresql.org/docs/current/runtime-config-connection.html',
  read: '2026-11-30',
};

/** Longest name of a database user. */
export const userNameLength: Fact<Readonly<Record<DatabaseEngine, number>>> = {
  value: { postgres: 63, mysql: 32 },
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
  read: '2026-11-30',
};

/** Longest name of a database: that of PostgreSQL, which is the shorter one. */
export const databaseNameLength: Fact<number> = {
  value: 63,
  unit: 'characters',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html',
  read: '2026-11-30',
};

/** For which a token of IAM opens a connection. */
export const authTokenLifetime: Fact<number> = {
  value: 900,
  unit: 'seconds',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html',
  read: '2026-11-30',
};
