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
