import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Annotations, type CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type DatabaseEngine, enginePort } from '../../core/facts/rds';

/** What a proxy, and functions that connect to it, must know about a cluster or an instance. */
export interface DatabaseTarget {
  readonly engine: DatabaseEngine;
  /** The cluster or the instance. */
  readonly construct: IConstruct & IConnectable;
  /** RDS identifier. */
  readonly identifier: string;
  /** Its id in IAM: `cluster-ABC...` or `db-ABC...`; may be unknown for an imported one. */
  readonly resourceId?: string;
  /** Endpoint of the writer; may be unknown for an imported one. */
  readonly host?: string;
  readonly port: number;
  /** Whether it is a cluster. */
  readonly clustered: boolean;
  /** Number of readers; unknown for an imported one. */
  readonly readers?: number;
}

/** What a proxy must know about a cluster or an instance. */
export function targetOf(given: rds.IDatabaseCluster | rds.IDatabaseInstance, engine: DatabaseEngine): DatabaseTarget {
  if ('clusterEndpoint' in given) {
    return {
      engine,
      construct: given,
      identifier: given.clusterIdentifier,
      resourceId: attempt(() => given.clusterResourceIdentifier),
      host: attempt(() => given.clusterEndpoint.hostname),
      port: portOf(given, engine) ?? attempt(() => given.clusterEndpoint.port) ?? enginePort.value[engine],
      clustered: true,
      readers: definitionOf(given) === undefined ? undefined : Math.max(0, instancesOf(given).length - 1),
    };
  }
  return {
    engine,
    construct: given,
    identifier: given.instanceIdentifier,
    // CDK's property of this name is an ARN for some, unless a feature flag is set.
    resourceId: instanceOf(given)?.attrDbiResourceId ?? given.instanceResourceId,
    host: given.dbInstanceEndpointAddress,
    port: portOf(given, engine) ?? Token.asNumber(given.dbInstanceEndpointPort),
    clustered: false,
    readers: 0,
  };
}

/** The L1 of a database that this app creates. */
export function definitionOf(database: IConstruct): rds.CfnDBCluster | rds.CfnDBInstance | undefined {
  const definition = database.node.defaultChild;
  return rds.CfnDBCluster.isCfnDBCluster(definition) || rds.CfnDBInstance.isCfnDBInstance(definition)
    ? definition
    : undefined;
}

function instanceOf(database: IConstruct): rds.CfnDBInstance | undefined {
  const definition = definitionOf(database);
  return rds.CfnDBInstance.isCfnDBInstance(definition) ? definition : undefined;
}

/** Whether an instance of this app is a read replica. */
export function isReplica(database: IConstruct): boolean {
  const { sourceDbInstanceIdentifier, sourceDbClusterIdentifier } = instanceOf(database) ?? {};
  return (sourceDbInstanceIdentifier ?? sourceDbClusterIdentifier) !== undefined;
}

/** The database that a cluster or an instance of this app was created with. */
export function databaseNameOf(database: IConstruct): string | undefined {
  const definition = definitionOf(database);
  return rds.CfnDBCluster.isCfnDBCluster(definition) ? definition.databaseName : definition?.dbName;
}

/** Whether IAM authentication was switched off explicitly. */
export function isIamOff(database: IConstruct): boolean {
  const definition = definitionOf(database);
  return definition !== undefined && Stack.of(definition).resolve(definition.enableIamDatabaseAuthentication) === false;
}

/** Switches IAM authentication on, or warns that it cannot be checked. */
export function switchOnIam(user: IConstruct, database: IConstruct): void {
  const definition = definitionOf(database);
  if (definition) definition.enableIamDatabaseAuthentication = true;
  else Annotations.of(user).addWarningV2('lintel:ImportedDatabase', UNKNOWN_IAM);
}

/** Switches a cluster's Data API on, if this app creates the cluster. */
export function switchOnDataApi(database: IConstruct): void {
  const definition = definitionOf(database);
  if (rds.CfnDBCluster.isCfnDBCluster(definition)) definition.enableHttpEndpoint = true;
}

const UNKNOWN_IAM =
  'Whether the imported database accepts IAM authentication and refuses connections without TLS is not known here: enable both where it is created';

/** What must exist before a proxy finds its database: in the same stack only, since stacks already wait for each other. */
export function madeBefore(user: IConstruct, database: IConstruct): CfnResource[] {
  if (Stack.of(user) !== Stack.of(database)) return [];
  const definition = definitionOf(database);
  return [...(definition ? [definition] : []), ...instancesOf(database)];
}

/** The literal port from the template, which rules can read, rather than a reference to the endpoint. */
function portOf(database: IConstruct, engine: DatabaseEngine): number | undefined {
  const definition = definitionOf(database);
  return definition && Number(definition.port ?? enginePort.value[engine]);
}

function instancesOf(database: IConstruct): rds.CfnDBInstance[] {
  return database.node.findAll().filter(rds.CfnDBInstance.isCfnDBInstance);
}

/** Imported constructs throw when asked for something they were not given. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
