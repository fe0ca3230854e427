import { Stack, Token } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import { type DatabaseEngine, reservedConnections, serverlessMost } from '../../core/facts/rds';
import { definitionOf } from './target';

/** Connections migrations hold while they run: one for the lock, and one for the work. */
export const MIGRATION_CONNECTIONS = 2;

/** How the number of connections that a proxy may use is derived. */
export interface Connections {
  /** `max_connections` of an instance. */
  readonly most: number;
  /** Where that number comes from. */
  readonly because: string;
  /** Reserved by the engine for administrators. */
  readonly reserved: number;
  readonly migrations: number;
}

/**
 * A database's connections, as far as this app knows.
 * @param declared by the team
 */
export function connectionsOf(
  database: IConstruct,
  engine: DatabaseEngine,
  declared: number | undefined,
): Connections | undefined {
  const rest = { reserved: reservedConnections.value[engine], migrations: MIGRATION_CONNECTIONS };
  if (Token.isUnresolved(declared)) return undefined;
  if (declared !== undefined) return { most: declared, because: "'maxConnections'", ...rest };
  const capacity = serverlessCapacityOf(database);
  if (capacity === undefined) return undefined;
  const { min, max } = capacity;
  return { most: serverlessMost(engine, min, max), because: `${engine} at ${max} ACU`, ...rest };
}

/** The range a cluster of this app scales in. */
export function serverlessCapacityOf(database: IConstruct): { readonly min: number; readonly max: number } | undefined {
  const definition = definitionOf(database);
  if (!rds.CfnDBCluster.isCfnDBCluster(definition)) return undefined;
  const scaling = Stack.of(definition).resolve(definition.serverlessV2ScalingConfiguration) as
    | { readonly minCapacity?: unknown; readonly maxCapacity?: unknown }
    | undefined;
  const { minCapacity: min, maxCapacity: max } = scaling ?? {};
  return typeof min === 'number' && typeof max === 'number' ? { min, max } : undefined;
}

/**
 * How many of an instance's connections a proxy may use.
 * @param percent of the proxy
 */
export function usableBy({ most, reserved, migrations }: Connections, percent: number): number {
  return Math.floor(((most - reserved - migrations) * percent) / 100);
}
