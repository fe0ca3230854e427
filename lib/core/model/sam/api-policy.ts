import { isIntrinsic } from '../is-intrinsic';
import { eventsOf } from './events';
import { notExpanded, referred, type SamResource, sub } from './raw';
import { apiReference, IMPLICIT_REST_API } from './routes';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/**
 * Gives REST APIs the resource policies that SAM derives from `Auth.ResourcePolicy`: an API's for all of its paths, an
 * event's for its own path.
 * @param globals `Globals.Api`, which the implicit API uses, and the parameters, whose defaults tell a VPC from a VPC
 * endpoint
 */
export function addResourcePolicies(
  resources: Map<string, JsonObject>,
  written: readonly SamResource[],
  { globals, parameters }: { readonly globals: JsonObject; readonly parameters: JsonObject },
): void {
  const settings = new Map(written.map(({ id, properties }) => [id, properties]));
  const ofEvents = eventPolicies(written);
  for (const [id, api] of [...resources]) {
    if (api.Type !== 'AWS::ApiGateway::RestApi') continue;
    const own = written.find((one) => one.id === id);
    if (own && own.raw.Type !== 'AWS::Serverless::Api') continue;
    const given = settings.get(id) ?? globals;
    const paths = pathsOf(id, api, resources);
    const stage = given.StageName ?? 'Prod';
    const all = recordOf(recordOf(given.Auth).ResourcePolicy);
    const statements = [
      ...[...paths].flatMap(([path, methods]) => statementsOn(all, callsOf(path, methods, stage), parameters)),
      ...asList(all.CustomStatements),
      ...(ofEvents.get(id) ?? []).flatMap(({ path, policy }) => [
        ...statementsOn(policy, callsOf(path, paths.get(path) ?? [], stage), parameters),
        ...asList(policy.CustomStatements),
      ]),
    ];
    if (statements.length + Object.keys(all).length > 0) resources.set(id, withPolicy(api, statements));
  }
}

/** SAM writes one policy into the API and the other into its definition; which one applies is not documented. */
function withPolicy(api: JsonObject, statements: readonly unknown[]): JsonObject {
  const properties = recordOf(api.Properties);
  if (properties.Policy !== undefined) {
    return notExpanded(api, 'what two resource policies of one API come to is not known here', 'Auth.ResourcePolicy');
  }
  if (statements.length === 0) return api;
  const policy = { Version: '2012-10-17', Statement: unique(statements) };
  return { ...api, Properties: { ...properties, Policy: policy } };
}

interface PathPolicy {
  readonly path: string;
  readonly policy: JsonObject;
}

function eventPolicies(written: readonly SamResource[]): ReadonlyMap<string, readonly PathPolicy[]> {
  const found = new Map<string, PathPolicy[]>();
  for (const resource of written) {
    for (const { type, properties } of eventsOf(resource)) {
      const policy = recordOf(properties.Auth).ResourcePolicy;
      const api = referred(apiReference(properties.RestApiId, IMPLICIT_REST_API));
      if (type !== 'Api' || api === undefined || !isRecord(policy)) continue;
      found.set(api, [...(found.get(api) ?? []), { path: String(properties.Path ?? '/'), policy }]);
    }
  }
  return found;
}

/** The methods of each path of an API, from its routes and its definition. */
function pathsOf(
  id: string,
  api: JsonObject,
  resources: ReadonlyMap<string, JsonObject>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (path: string, method: string): void => {
    const methods = found.get(path) ?? [];
    if (!methods.includes(method)) methods.push(method);
    found.set(path, methods);
  };
  const paths = recordOf(recordOf(recordOf(api.Properties).Body).paths);
  for (const [path, item] of Object.entries(paths)) {
    for (const branch of branchesOf(item)) for (const method of Object.keys(branch)) add(path, method);
  }
  for (const { Type: type, Properties } of resources.values()) {
    const { RestApiId, ResourceId: path, HttpMethod: method } = recordOf(Properties);
    if (type === 'AWS::ApiGateway::Method' && referred(RestApiId) === id && typeof path === 'string')
      add(path, String(method));
  }
  return found;
}

function branchesOf(item: unknown): readonly JsonObject[] {
  const { 'Fn::If': branches } = recordOf(item);
  if (Array.isArray(branches)) return branches.slice(1).flatMap(branchesOf);
  return isRecord(item) && !isIntrinsic(item) ? [item] : [];
}

/** The calls of a path as a policy names them, one for each method. */
function callsOf(path: string, methods: readonly string[], stage: unknown): readonly JsonObject[] {
  return methods.map((method) => {
    const call = /^(any|x-amazon-apigateway-any-method)$/i.test(method) ? '*' : method.toUpperCase();
    return sub(`execute-api:/\${__Stage__}/${call}${path.replace(/(.)\/$/, '$1')}`, { __Stage__: stage });
  });
}

/**
 * Statements for accounts that may or may not call, and networks to allow or block; an allow list denies all others.
 * @param calls the calls they apply to
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
 */
function statementsOn(given: JsonObject, calls: readonly JsonObject[], parameters: JsonObject): readonly JsonObject[] {
  if (calls.length === 0) return [];
  const list = (name: string): readonly unknown[] => asList(given[name]);
  const call = { Action: 'execute-api:Invoke', Resource: calls };
  const endpoints = (operator: string, kind: 'Whitelist' | 'Blacklist'): Network[] => [
    [
      operator,
      'aws:SourceVpc',
      [...named(list(`SourceVpc${kind}`), 'vpc-', parameters), ...list(`IntrinsicVpc${kind}`)],
    ],
    [
      operator,
      'aws:SourceVpce',
      [...named(list(`SourceVpc${kind}`), 'vpce-', parameters), ...list(`IntrinsicVpce${kind}`)],
    ],
  ];
  return [
    ...principals('Allow', list('AwsAccountWhitelist'), call),
    ...principals('Deny', list('AwsAccountBlacklist'), call),
    ...networks([['NotIpAddress', 'aws:SourceIp', list('IpRangeWhitelist')]], call),
    ...networks([['IpAddress', 'aws:SourceIp', list('IpRangeBlacklist')]], call),
    ...networks(endpoints('StringEquals', 'Blacklist'), call),
    ...networks(endpoints('StringNotEquals', 'Whitelist'), call),
  ];
}

function principals(effect: string, accounts: readonly unknown[], call: JsonObject): JsonObject[] {
  return accounts.length === 0 ? [] : [{ Effect: effect, ...call, Principal: { AWS: flat(accounts) } }];
}

/** One intrinsic function may be a whole list. */
function flat(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}

type Network = readonly [operator: string, key: string, values: readonly unknown[]];

/** Everyone may call, except those that the condition keys exclude. */
function networks(all: readonly Network[], call: JsonObject): JsonObject[] {
  const given = all.filter(([, , values]) => values.length > 0);
  if (given.length === 0) return [];
  const condition: Record<string, Record<string, unknown>> = Object.fromEntries(
    given.map(([operator]) => [operator, {}]),
  );
  for (const [operator, key, values] of given) condition[operator]![key] = flat(values);
  return [
    { Effect: 'Allow', ...call, Principal: '*' },
    { Effect: 'Deny', ...call, Principal: '*', Condition: condition },
  ];
}

function named(list: readonly unknown[], prefix: string, parameters: JsonObject): readonly unknown[] {
  return list.filter((one) => {
    const { Ref: name } = recordOf(one);
    const text = typeof name === 'string' ? recordOf(parameters[name]).Default : one;
    return typeof text === 'string' && text.startsWith(prefix);
  });
}

function unique(statements: readonly unknown[]): unknown[] {
  return [...new Map(statements.map((one) => [JSON.stringify(one), one])).values()].filter(isRecord);
}
