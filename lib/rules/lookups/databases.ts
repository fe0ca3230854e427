import { isOpen } from '../../core/iam/access-names';
import { covers } from '../../core/iam/coverage';
import { ModelAccess } from '../../core/iam/model-access';
import { listOf } from '../../core/iam/policy';
import { indexed } from '../../core/model/indexed';
import type { Model, Resource } from '../../core/model/model';
import { mentioned, named } from '../../core/model/references';
import type { Value } from '../../core/model/values';
import { at, items, toText } from '../../core/model/select';
import { grantingStatements, namesAction, type PlacedStatement } from './statements';

/** Database types that a proxy can front. */
export const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];

/** The action for connecting as a user, to a proxy or a database. */
export const CONNECT = 'rds-db:connect';

/** The databases behind a proxy. */
export function databasesBehind(model: Model, proxy: Resource): readonly Resource[] {
  return model
    .ofType('AWS::RDS::DBProxyTargetGroup')
    .filter((group) => named(model, at(group, 'DBProxyName')).includes(proxy))
    .flatMap((group) => databasesOf(model, group));
}

/** The databases that a target group names. */
export function databasesOf(model: Model, group: Resource): readonly Resource[] {
  return ['DBClusterIdentifiers', 'DBInstanceIdentifiers']
    .flatMap((property) => items(at(group, property)).flatMap((id) => named(model, id)))
    .filter(({ type }) => DATABASES.includes(type));
}

/** The proxies in front of a database. */
export function proxiesBefore(model: Model, database: Resource): readonly Resource[] {
  return model.ofType('AWS::RDS::DBProxy').filter((proxy) => databasesBehind(model, proxy).includes(database));
}

/** The id of a proxy or database in IAM, as the model's policies write it: `prx-...`, `cluster-...`, `db-...`. */
export function resourceIdOf(model: Model, resource: Resource): string | undefined {
  return ModelAccess.of(model).names.databaseId(resource);
}

/** A permission to connect as a user. */
export interface ConnectGrant {
  readonly placed: PlacedStatement;
  /** The whole ARN. */
  readonly arn: string;
  /** Of the proxy or database, or a pattern. */
  readonly id: string;
  readonly user: string;
}

/** Every permission to connect as a user of a proxy or database. */
export const connectGrants: (model: Model) => readonly ConnectGrant[] = indexed((model) =>
  grantingStatements(model)
    .filter(({ statement }) => statement.Effect === 'Allow' && namesAction(statement, CONNECT))
    .flatMap((placed) =>
      listOf(placed.statement.Resource).flatMap((arn) => {
        const [, id, user] = /:dbuser:([^/]+)\/(.+)$/.exec(arn) ?? [];
        if (id !== undefined && user !== undefined) return [{ placed, arn, id, user }];
        return /^(arn:[^:]*:rds-db:.*)?\*$/.test(arn) ? [{ placed, arn, id: '*', user: '*' }] : [];
      }),
    ),
);

/** The permissions for one proxy or database; patterns that cover others too are left out. */
export function grantsOn(model: Model, resource: Resource): readonly ConnectGrant[] {
  const id = resourceIdOf(model, resource);
  return id === undefined ? [] : connectGrants(model).filter((grant) => grant.id === id);
}

/** The permissions with a pattern that covers one proxy or database, and others. */
export function widerGrantsOn(model: Model, resource: Resource): readonly ConnectGrant[] {
  const id = resourceIdOf(model, resource);
  if (id === undefined) return [];
  return connectGrants(model).filter((grant) => grant.id !== id && !isOpen(grant.id) && covers(grant.id, id));
}

/** The permissions among some that a role has. */
export function grantsOfRole(model: Model, role: Resource, grants: readonly ConnectGrant[]): readonly ConnectGrant[] {
  const holders = ModelAccess.of(model)
    .identity(role)
    ?.policies.map(({ holder }) => holder.id);
  return grants.filter(({ placed }) => holders?.includes(placed.holder.id));
}

/** Identifiers of the security groups of a proxy, a database or a function: resources of the model, or ids from elsewhere. */
export function groupKeysOf(model: Model, resource: Resource): readonly string[] {
  return GROUPS.flatMap((property) => items(at(resource, property)).flatMap((group) => keysOf(model, group)));
}

/** A security group's identifier. */
export function keysOf(model: Model, group: Value | undefined): readonly string[] {
  const text = toText(group);
  return text === undefined ? named(model, group).map(({ id }) => id) : [text];
}

/** The security groups of a proxy, a database or a function. */
export function groupsOf(model: Model, resource: Resource): readonly Resource[] {
  return GROUPS.flatMap((property) => items(at(resource, property)).flatMap((group) => named(model, group))).filter(
    ({ type }) => type === 'AWS::EC2::SecurityGroup',
  );
}

const GROUPS = ['VpcSecurityGroupIds', 'VPCSecurityGroups', 'VpcConfig.SecurityGroupIds'];

/**
 * Functions that connect to a database during a deployment or a secret rotation: recognised by their caller, a custom
 * resource or a rotation.
 */
export const deployingFunctions: (model: Model) => ReadonlySet<Resource> = indexed((model) => {
  const callers = [
    ...[...model.resources.values()]
      .filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
      .map((resource) => at(resource, 'ServiceToken')),
    ...model.ofType('AWS::SecretsManager::RotationSchedule').map((schedule) => at(schedule, 'RotationLambdaARN')),
  ];
  return new Set(callers.flatMap((value) => named(model, value)));
});

/** A function that is given a proxy's endpoint. */
export interface ProxyClient {
  readonly fn: Resource;
  readonly proxy: Resource;
  /** The endpoint it gets: the proxy's default, or another one. */
  readonly endpoint: Resource;
}

/** The functions that have the endpoint of a proxy among their variables. */
export const proxyClients: (model: Model) => readonly ProxyClient[] = indexed((model) =>
  model.ofType('AWS::Lambda::Function').flatMap((fn) =>
    mentioned(model, at(fn, 'Environment.Variables')).flatMap((endpoint) => {
      const proxies =
        endpoint.type === 'AWS::RDS::DBProxyEndpoint' ? named(model, at(endpoint, 'DBProxyName')) : [endpoint];
      return proxies.filter(({ type }) => type === 'AWS::RDS::DBProxy').map((proxy) => ({ fn, proxy, endpoint }));
    }),
  ),
);
