import type { IConnectable } from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Annotations, type CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type DatabaseEngine, enginePort } from '../../core/facts/rds';

/** A cluster or an instance, as far as a proxy and whoever connects to it must know. */
export interface DatabaseTarget {
  readonly engine: DatabaseEngine;
  /** The cluster or the instance. */
  readonly construct: IConstruct & IConnectable;
  /** Identifier by which RDS finds it. */
  readonly identifier: string;
  /** What IAM knows it by: `cluster-ABC...` or `db-ABC...`; an imported one may not tell. */
  readonly resourceId?: string;
  /** Where the writer is; an imported one may not tell. */
  readonly host?: string;
  readonly port: number;
  /** Whether it is a cluster. */
  readonly clustered: boolean;
  /** Whether it has readers; an imported one does not tell. */
  readonly readers?: number;
}

/** What of a cluster or an instance a proxy must know. */
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
    // What CDK calls so is the ARN of some, unless a feature flag is set.
    resourceId: instanceOf(given)?.attrDbiResourceId ?? given.instanceResourceId,
    host: given.dbInstanceEndpointAddress,
    port: portOf(given, engine) ?? Token.asNumber(given.dbInstanceEndpointPort),
    clustered: false,
    readers: 0,
  };
}

/** The resource of a database that this app makes. */
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

/** Whether an instance of this app follows another one, so that nothing can be written there. */
export function isReplica(database: IConstruct): boolean {
  const { sourceDbInstanceIdentifier, sourceDbClusterIdentifier } = instanceOf(database) ?? {};
  return (sourceDbInstanceIdentifier ?? sourceDbClusterIdentifier) !== undefined;
}

/** The database that a cluster or an instance of this app was made with. */
export function databaseNameOf(database: IConstruct): string | undefined {
  const definition = definitionOf(database);
  return rds.CfnDBCluster.isCfnDBCluster(definition) ? definition.databaseName : definition?.dbName;
}

/** Whether IAM authentication is off because somebody said so. */
export function isIamOff(database: IConstruct): boolean {
  const definition = definitionOf(database);
  return definition !== undefined && Stack.of(definition).resolve(definition.enableIamDatabaseAuthentication) === false;
}

/** Switches IAM authentication on, or says that nobody here can know whether it is. */
export function switchOnIam(user: IConstruct, database: IConstruct): void {
  const definition = definitionOf(database);
  if (definition) definition.enableIamDatabaseAuthentication = true;
  else Annotations.of(user).addWarningV2('lintel:ImportedDatabase', UNKNOWN_IAM);
}

/** Switches the Data API of a cluster on, where this app makes it. */
export function switchOnDataApi(database: IConstruct): void {
  const definition = definitionOf(database);
  if (rds.CfnDBCluster.isCfnDBCluster(definition)) definition.enableHttpEndpoint = true;
}

const UNKNOWN_IAM =
  'Whether the imported database takes IAM authentication and refuses connections without TLS is not known here: switch both on where it is made';

/** What must be there before a proxy finds its database: in one stack alone, since stacks wait for each other by themselves. */
export function madeBefore(user: IConstruct, database: IConstruct): CfnResource[] {
  if (Stack.of(user) !== Stack.of(database)) return [];
  const definition = definitionOf(database);
  return [...(definition ? [definition] : []), ...instancesOf(database)];
}

/** The port as the template has it: one that rules can read, in place of a reference to the endpoint. */
function portOf(database: IConstruct, engine: DatabaseEngine): number | undefined {
  const definition = definitionOf(database);
  return definition && Number(definition.port ?? enginePort.value[engine]);
}

function instancesOf(database: IConstruct): rds.CfnDBInstance[] {
  return database.node.findAll().filter(rds.CfnDBInstance.isCfnDBInstance);
}

/** Imported constructs throw where they were not told something. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
