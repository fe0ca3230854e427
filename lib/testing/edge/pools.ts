import { LocalRunError } from '../local/kernel/errors';
import type { LocalGraph } from './local-graph';
import { startPostgres } from '../engines/postgres';

/** The databases behind Hyperdrive configurations. */
export interface Pools {
  /** Connection strings by the id of the configuration. */
  readonly connectionStrings: ReadonlyMap<string, string>;
  /** Stops whatever was started for them. */
  readonly stop: () => Promise<void>;
}

/**
 * Finds a database for each Hyperdrive configuration: the one that was passed, or one of an embedded PostgreSQL.
 * @param given connection strings by the name of the component or the configuration
 */
export async function connectPools(graph: LocalGraph, given: Readonly<Record<string, string>>): Promise<Pools> {
  const configs = graph.ofKind('HyperdriveConfig').map(({ path, name, parent = name, inputs }) => {
    const { scheme, database } = inputs.origin as { readonly scheme: string; readonly database: string };
    return { path, scheme, database, connectionString: given[parent] ?? given[name] ?? given[path] };
  });
  const open = configs.filter(({ connectionString }) => connectionString === undefined);
  const mysql = open.find(({ scheme }) => scheme === 'mysql');
  if (mysql) {
    throw new LocalRunError(`there is no embedded MySQL; pass databases: { '${mysql.path}': 'mysql://...' }`);
  }
  const postgres = open.length > 0 ? await startPostgres(open.map(({ database }) => database)) : undefined;
  return {
    connectionStrings: new Map([
      // Configurations outside the program go by id.
      ...Object.entries(given),
      ...configs.map(({ path, database, connectionString }): [string, string] => [
        path,
        connectionString ?? postgres!.connectionString(database),
      ]),
    ]),
    stop: async () => postgres?.stop(),
  };
}
