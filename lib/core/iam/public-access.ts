import type { Route } from '../model/api-route';
import { routes, routesOf, unreadableRoutes } from '../model/api-routes';
import { displayName } from '../model/display';
import type { Model, Resource } from '../model/model';
import { at, eachBranch, isUnknown, items, toBoolean, toText } from '../model/select';
import type { Value } from '../model/values';
import type { AccessNames } from './access-names';
import { type Grant, grantsOf, needing } from './grants';
import { publicGraphql } from './public-graphql';
import { conditionOf, open, unknown } from './setting-grants';
import type { Holding } from './holdings';
import { overlaps } from './coverage';
import type { Statement } from './policy';
import { entriesOf } from './principal-match';
import type { ResourcePolicy } from './resource-policies';

/**
 * Public access through settings other than policies: routes and URLs without authorization, a bucket's ACL, a public
 * access block that is off.
 */
export function publicHoldings(
  model: Model,
  access: AccessNames,
  policies: readonly ResourcePolicy[],
): readonly Holding[] {
  const grants = [
    ...routes(model).flatMap((route) => ofRoute(route, access, policies)),
    ...model.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api').flatMap((api) => ofApi(api, access)),
    ...model.ofType('AWS::Lambda::Url').flatMap((url) => ofUrl(url, access)),
    ...model.ofType('AWS::Lambda::WebFunctionEndpoint').flatMap((endpoint) => ofEndpoint(endpoint, access)),
    ...model.ofType('AWS::S3::Bucket').flatMap((bucket) => [...ofAcl(bucket, access), ...ofBlock(bucket, access)]),
    ...model
      .ofType('AWS::S3::AccessPoint', 'AWS::S3::MultiRegionAccessPoint')
      .flatMap((point) => ofBlock(point, access)),
    ...model.ofType('AWS::Lightsail::Bucket').flatMap((bucket) => ofLightsail(bucket, access)),
    ...model.ofType('AWS::Location::APIKey').flatMap((key) => ofKey(key, access)),
    ...publicGraphql(model, access),
  ];
  if (grants.length === 0) return [];
  return [{ principals: [{ kind: 'anyone', name: '*' }], ids: [], through: 'setting', grants }];
}

const INVOKE = ['execute-api:Invoke'];

function ofRoute(
  { api, kind, key, holder, authorization, asksForKey }: Route,
  access: AccessNames,
  policies: readonly ResourcePolicy[],
): readonly Grant[] {
  // A preflight request carries no credentials, and a WebSocket is authorized on connect.
  if (key.startsWith('OPTIONS ') || (kind === 'websocket' && key !== '$connect')) return [];
  const base = (api && access.names.arn(api)) ?? displayName(api ?? holder);
  const [method = '', path] = key.split(' ');
  const resource = `${base}/*/${path === undefined ? method : `${method === 'ANY' ? '*' : method}${path}`}`;
  const needs = [
    ...(api && isPrivate(api) ? ['the caller is in the network of the API'] : []),
    ...(asksForKey ? ['an API key is given'] : []),
  ];
  return eachBranch(authorization).flatMap(({ value, when }) => {
    if (isUnknown(value)) return unknown(holder, INVOKE, resource, `whether it asks who calls: ${value.reason}`);
    if (toText(value) !== 'NONE') return [];
    return withinPolicy(
      open(holder, INVOKE, [resource], { ...conditionOf(api), ...when }).map((grant) => needs.reduce(needing, grant)),
      policies.filter(({ about }) => api !== undefined && about[0] === api),
    );
  });
}

/** The part of the grants that the API's policy also allows. */
function withinPolicy(grants: readonly Grant[], policies: readonly ResourcePolicy[]): readonly Grant[] {
  if (policies.length === 0) return grants;
  const statements = policies.flatMap((policy) => policy.statements.flatMap((item) => ({ item, policy })));
  const allowing = statements
    .filter(({ item }) => item.effect !== 'Deny' && (!item.statement || allowsEverybody(item.statement)))
    .flatMap(({ item, policy }) =>
      grantsOf(
        item,
        policy.name,
        policy.targets.map((target) => `${target}/*`),
      ),
    );
  return grants.flatMap((grant) =>
    allowing
      .filter(({ resource }) => overlaps(resource, grant.resource))
      .map(({ conditions, problem }) => ({
        ...grant,
        conditions: [...grant.conditions, ...conditions],
        ...(problem !== undefined && { problem }),
      })),
  );
}

function allowsEverybody({ Effect, Principal, NotPrincipal }: Statement): boolean {
  const names = entriesOf(Principal ?? NotPrincipal ?? '*').map(([, name]) => name);
  return Effect === 'Allow' && (NotPrincipal !== undefined || names.includes('*'));
}

/** Whether a policy belongs to an API without any authorization on its routes: it then grants nothing beyond them. */
export function isOfOpenApi({ about: [api] }: ResourcePolicy, model: Model): boolean {
  if (api?.type !== 'AWS::ApiGateway::RestApi') return false;
  const asking = routesOf(model, api).filter(({ key }) => !key.startsWith('OPTIONS '));
  return asking.length > 0 && asking.every(({ authorization }) => toText(authorization) === 'NONE');
}

function isPrivate(api: Resource): boolean {
  return items(at(api, 'EndpointConfiguration.Types')).includes('PRIVATE');
}

function ofApi(api: Resource, access: AccessNames): readonly Grant[] {
  const problem = unreadableRoutes(api);
  return problem === undefined ? [] : unknown(api, INVOKE, access.names.arn(api) ?? displayName(api), problem);
}

function ofUrl(url: Resource, access: AccessNames): readonly Grant[] {
  const actions = ['lambda:InvokeFunctionUrl'];
  const fn = access.arnOf(at(url, 'TargetFunctionArn'), url.template) ?? displayName(url);
  return bySetting(url, 'AuthType', 'NONE', actions, fn).map((grant) =>
    needing(grant, 'a permission of the function allows it too'),
  );
}

/** With `ApplicationManaged`, only the application authorizes callers, if at all. */
function ofEndpoint(endpoint: Resource, access: AccessNames): readonly Grant[] {
  const fn = access.arnOf(at(endpoint, 'FunctionName'), endpoint.template) ?? displayName(endpoint);
  return bySetting(endpoint, 'AuthType', 'ApplicationManaged', ['lambda:InvokeFunctionUrl'], fn);
}

function ofLightsail(bucket: Resource, access: AccessNames): readonly Grant[] {
  const arn = access.names.arn(bucket) ?? displayName(bucket);
  return bySetting(bucket, 'AccessRules.GetObject', 'public', ['s3:GetObject', 's3:ListBucket'], arn);
}

/** A key of Amazon Location, which stands in the code of a web page. */
function ofKey(key: Resource, access: AccessNames): readonly Grant[] {
  const texts = (path: string) =>
    items(at(key, path)).map((value) => access.names.text(value, key.template) ?? '<unknown>');
  const resources = texts('Restrictions.AllowResources');
  const grants = open(key, texts('Restrictions.AllowActions'), resources.length > 0 ? resources : ['*']);
  return grants.map((grant) => needing(grant, 'an API key is given'));
}

function bySetting(
  holder: Resource,
  property: string,
  openValue: string,
  actions: readonly string[],
  resource: string,
): readonly Grant[] {
  return eachBranch(at(holder, property)).flatMap(({ value, when }) => {
    const text = toText(value);
    if (text !== undefined) return text === openValue ? open(holder, actions, [resource], when) : [];
    return value === undefined ? [] : unknown(holder, actions, resource, `'${property}' is known only at deployment`);
  });
}

/** What a bucket's canned ACLs allow everyone, or everyone with an AWS account. */
const ACLS = new Map<unknown, { readonly list: true; readonly write?: true; readonly account?: true }>([
  ['PublicRead', { list: true }],
  ['PublicReadWrite', { list: true, write: true }],
  ['AuthenticatedRead', { list: true, account: true }],
]);

function ofAcl(bucket: Resource, access: AccessNames): readonly Grant[] {
  const arn = access.names.arn(bucket) ?? displayName(bucket);
  const blocks = at(bucket, BLOCK);
  const is = (name: string, expected: boolean) => toBoolean(at(blocks, name)) === expected;
  if (is('IgnorePublicAcls', true) || is('BlockPublicAcls', true)) return [];
  const lets = is('IgnorePublicAcls', false) && is('BlockPublicAcls', false);
  return eachBranch(at(bucket, 'AccessControl')).flatMap(({ value, when }) => {
    if (value !== undefined && toText(value) === undefined) {
      return unknown(bucket, ['s3:ListBucket', 's3:PutObject'], arn, `'AccessControl' is known only at deployment`);
    }
    const acl = ACLS.get(value);
    if (!acl) return [];
    const grants = [
      ...open(bucket, ['s3:ListBucket'], [arn], when),
      ...(acl.write ? open(bucket, ['s3:DeleteObject', 's3:PutObject'], [`${arn}/*`], when) : []),
    ];
    const needs = [
      ...(acl.account ? ['the caller has an AWS account'] : []),
      ...(lets ? [] : ['no public access block keeps the ACL from counting']),
    ];
    return grants.map((grant) => needs.reduce(needing, grant));
  });
}

const BLOCK = 'PublicAccessBlockConfiguration';
const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** A new bucket or access point blocks public access by default. */
function ofBlock(holder: Resource, access: AccessNames): readonly Grant[] {
  const arn = access.names.arn(holder) ?? displayName(holder);
  const isBucket = holder.type === 'AWS::S3::Bucket';
  return eachBranch(at(holder, BLOCK)).flatMap(({ value, when }) => {
    if (value === undefined || isBlocking(value)) return [];
    return open(holder, ['s3:*'], [arn, isBucket ? `${arn}/*` : `${arn}/object/*`], when).map((grant) =>
      needing(
        grant,
        isBucket
          ? 'a policy or an ACL of the bucket lets anyone in'
          : 'the policies of the access point and of its bucket let anyone in',
      ),
    );
  });
}

function isBlocking(blocks: Value): boolean {
  return BLOCKS.every((name) => toBoolean(at(blocks, name)) === true);
}
