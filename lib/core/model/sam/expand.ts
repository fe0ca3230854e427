import { isDeepStrictEqual } from 'node:util';
import { MADE_FROM } from '../foreach';
import type { Raw } from '../intrinsics';
import { httpApiResources, layerResources, restApiResources, tableResources } from './api';
import { authorizedBy, httpAuthorizers, restAuthorizers } from './api-authorizers';
import { definedParts, preflightMethods } from './api-parts';
import { addResourcePolicies } from './api-policy';
import { capacityProviderResources } from './capacity-provider';
import { connectorResources } from './connectors';
import { bucketNotifications, eventsOf, poolTriggers } from './events';
import { functionResources } from './function';
import { graphqlApiResources } from './graphql-api';
import { compact, isIntrinsic, listOf, notExpanded, type RawResources, referred, type SamResource } from './raw';
import { withDefaults } from './parameters';
import { type DefinedRoute, IMPLICIT_HTTP_API, IMPLICIT_REST_API, securedDefinition, withRoutes } from './routes';
import { stateMachineResources } from './state-machine';
import { websocketApiResources } from './websocket-api';
import { isRecord, recordOf } from '../../record';

const EXPANDED: Readonly<Record<string, (resource: SamResource) => RawResources>> = {
  'AWS::Serverless::Function': functionResources,
  'AWS::Serverless::Api': restApiResources,
  'AWS::Serverless::HttpApi': httpApiResources,
  'AWS::Serverless::SimpleTable': tableResources,
  'AWS::Serverless::LayerVersion': layerResources,
  'AWS::Serverless::StateMachine': stateMachineResources,
  'AWS::Serverless::WebSocketApi': websocketApiResources,
  'AWS::Serverless::GraphQLApi': graphqlApiResources,
  'AWS::Serverless::CapacityProvider': capacityProviderResources,
};

/**
 * A SAM template as CloudFormation: `Globals` are merged into the resources, and each resource becomes those that SAM
 * makes of it, under SAM's own logical ids. What is not known here stays as it is, with a note that it was not
 * expanded.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export function expandSam(template: Raw): Raw {
  const parameters = recordOf(template.Parameters);
  const globals = recordOf(withDefaults(template.Globals, parameters));
  const raw = recordOf(template.Resources);
  const written = Object.entries(raw).map(([id, one]): SamResource => {
    const resource = recordOf(one);
    const [, section] = /^AWS::Serverless::(\w+)$/.exec(String(resource.Type)) ?? [];
    const shared = section === undefined ? {} : recordOf(globals[section]);
    const own = section === undefined ? resource.Properties : withDefaults(resource.Properties, parameters);
    return { id, raw: resource, properties: merged(shared, recordOf(own)) as Raw };
  });
  const resources = new Map<string, Raw>();
  for (const resource of written) {
    for (const [id, made] of Object.entries(expanded(resource))) {
      // A shared role or queue is created once.
      if (id !== resource.id && Object.hasOwn(raw, id)) continue;
      const own = acknowledged(resource, id === resource.id ? made : { [MADE_FROM]: resource.id, ...made });
      resources.set(id, joined(resources.get(id), own));
    }
  }
  for (const [id, made] of Object.entries(connectorResources(raw as Readonly<Record<string, Raw>>))) {
    const from = Object.keys(raw).find((one) => id.startsWith(one)) ?? id;
    resources.set(id, { [MADE_FROM]: from, ...made });
  }
  const conditions = addImplicitApis(resources, globals, written);
  addNotifications(resources, written);
  addTriggers(resources, written);
  defineRoutes(resources, written);
  secureDefinitions(resources, written, globals);
  authorizeRoutes(resources, written, globals);
  addApiParts(resources, written, globals);
  addResourcePolicies(resources, written, {
    globals: recordOf(globals.Api),
    parameters,
  });
  const all = Object.fromEntries(resources);
  const Conditions = { ...recordOf(template.Conditions), ...conditions };
  return withAliasReferences({ ...template, Conditions, Resources: all }, all) as Raw;
}

/** Records of several domains in one zone share a record set group. */
function joined(before: Raw | undefined, made: Raw): Raw {
  if (before?.Type !== 'AWS::Route53::RecordSetGroup') return made;
  const properties = recordOf(made.Properties);
  const RecordSets = [...listOf(recordOf(before.Properties).RecordSets), ...listOf(properties.RecordSets)];
  return { ...made, Properties: { ...properties, RecordSets } };
}

/** An acknowledgement on a SAM resource applies to everything expanded from it. */
function acknowledged({ id, raw }: SamResource, made: Raw): Raw {
  const { Lintel: said } = recordOf(raw.Metadata);
  return said === undefined
    ? made
    : { ...made, Metadata: { ...recordOf(made.Metadata), Lintel: said, [MADE_FROM]: id } };
}

function expanded(resource: SamResource): RawResources {
  const type = String(resource.raw.Type);
  if (type === 'AWS::Serverless::Connector') return {};
  if (Object.hasOwn(EXPANDED, type)) return EXPANDED[type]!(resource);
  const known = !type.startsWith('AWS::Serverless::') || type === 'AWS::Serverless::Application';
  const { raw } = resource;
  return { [resource.id]: known ? raw : notExpanded(raw, `the expansion of ${type} is not known here`) };
}

/** A resource's settings over those of `Globals`: maps are merged, lists concatenated, other values replaced. */
function merged(shared: unknown, own: unknown): unknown {
  if (own === undefined) return shared;
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as unknown[]), ...(own as unknown[])];
  if (!isRecord(shared) || !isRecord(own) || isIntrinsic(shared) || isIntrinsic(own)) return own;
  const names = new Set([...Object.keys(shared), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, merged(shared[name], own[name])]));
}

/**
 * SAM creates an API when a route names none; if everything that adds a route to it is conditional, it exists if one of
 * the conditions holds.
 * @returns the conditions that it adds
 */
function addImplicitApis(resources: Map<string, Raw>, globals: Raw, written: readonly SamResource[]): Raw {
  const conditions: Record<string, unknown> = {};
  for (const [id, section, event, expand] of [
    [IMPLICIT_REST_API, 'Api', 'Api', restApiResources],
    [IMPLICIT_HTTP_API, 'HttpApi', 'HttpApi', httpApiResources],
  ] as const) {
    const routed = [...resources.values()].some(({ Type: type, Properties: properties }) => {
      const { RestApiId, ApiId } = recordOf(properties);
      return String(type).startsWith('AWS::ApiGateway') && referred(RestApiId ?? ApiId) === id;
    });
    if (resources.has(id) || !routed) continue;
    const stage = section === 'Api' ? { StageName: 'Prod' } : {};
    const asking = written.filter((one) =>
      eventsOf(one).some(
        ({ type, properties: { RestApiId, ApiId } }) => type === event && (referred(RestApiId ?? ApiId) ?? id) === id,
      ),
    );
    const names = [...new Set(asking.map(({ raw }) => raw.Condition))];
    const [only] = names;
    const conditional = names.every((name) => typeof name === 'string');
    if (conditional && names.length > 1)
      conditions[`${id}Condition`] = anyOf(names.map((Condition) => ({ Condition })));
    const raw = conditional ? { Condition: names.length > 1 ? `${id}Condition` : only } : {};
    const api = { id, raw, properties: { ...stage, ...recordOf(globals[section]) } };
    for (const [made, resource] of Object.entries(expand(api))) resources.set(made, resource);
  }
  return conditions;
}

/** `Fn::Or` takes at most ten conditions. */
function anyOf(conditions: readonly Raw[]): Raw {
  if (conditions.length <= 10) return { 'Fn::Or': conditions };
  const groups = Array.from({ length: Math.ceil(conditions.length / 10) }, (_, at) =>
    conditions.slice(10 * at, 10 * at + 10),
  );
  return anyOf(groups.map((group) => (group.length === 1 ? group[0]! : anyOf(group))));
}

function addNotifications(resources: Map<string, Raw>, written: readonly SamResource[]): void {
  for (const fn of written.filter(({ raw }) => raw.Type === 'AWS::Serverless::Function')) {
    for (const [bucket, configuration] of bucketNotifications(fn)) {
      change(resources, bucket, (properties) => {
        const notifications = recordOf(properties.NotificationConfiguration);
        // SAM does not add duplicates.
        const others = listOf(notifications.LambdaConfigurations).filter(
          (one) => !isDeepStrictEqual(one, configuration),
        );
        const LambdaConfigurations = [...others, configuration];
        return { NotificationConfiguration: { ...notifications, LambdaConfigurations } };
      });
    }
  }
}

function addTriggers(resources: Map<string, Raw>, written: readonly SamResource[]): void {
  for (const fn of written.filter(({ raw }) => raw.Type === 'AWS::Serverless::Function')) {
    for (const [pool, trigger, arn] of poolTriggers(fn)) {
      change(resources, pool, ({ LambdaConfig }) => ({ LambdaConfig: { ...recordOf(LambdaConfig), [trigger]: arn } }));
    }
  }
}

function change(resources: Map<string, Raw>, id: string, by: (properties: Raw) => Raw): void {
  const resource = resources.get(id);
  if (!resource) return;
  const properties = recordOf(resource.Properties);
  resources.set(id, { ...resource, Properties: { ...properties, ...by(properties) } });
}

/**
 * Routes of an API with its own definition. A REST API's definition has all of them, whatever the events say, unless it
 * asks for a merge; an HTTP API's definition gets those of the events.
 */
function defineRoutes(resources: Map<string, Raw>, written: readonly SamResource[]): void {
  const apis = new Map(written.map(({ id, raw, properties }) => [id, { type: raw.Type, properties }]));
  const routes = new Map<string, DefinedRoute[]>();
  const overriding = overridingMethods(written);
  for (const [id, { Type: type, Properties }] of [...resources]) {
    const properties = recordOf(Properties);
    const rest = type === 'AWS::ApiGateway::Method';
    if (!rest && type !== 'AWS::ApiGatewayV2::Route') continue;
    const name = referred(properties[rest ? 'RestApiId' : 'ApiId']);
    const api = name === undefined ? undefined : apis.get(name);
    // Only routes of SAM events; those of an API without a definition stay.
    if (name === undefined || api === undefined || apis.has(id)) continue;
    const { DefinitionBody: body, DefinitionUri: uri, MergeDefinitions: merge } = api.properties;
    // SAM does not add to APIs of other types than its own.
    const own = String(api.type).startsWith('AWS::Serverless::');
    if (own && body === undefined && uri === undefined) continue;
    const integrationId = id.replace(/Route$/, 'Integration');
    const route = rest ? definedMethod(properties) : definedRoute(properties, resources.get(integrationId));
    resources.delete(id);
    if (!rest) resources.delete(integrationId);
    const overrides = overriding.has(id);
    if (own && isRecord(body) && !isIntrinsic(body) && (!rest || merge === true || overrides)) {
      routes.set(name, [...(routes.get(name) ?? []), route]);
    }
  }
  for (const [id, defined] of routes)
    change(resources, id, ({ Body }) => ({ Body: withRoutes(recordOf(Body), defined) }));
}

/** Methods of events whose `Auth` overrides the definition's: `OverrideApiAuth`. */
function overridingMethods(written: readonly SamResource[]): ReadonlySet<string> {
  const found = written.flatMap((resource) =>
    eventsOf(resource)
      .filter(({ type, properties }) => type === 'Api' && recordOf(properties.Auth).OverrideApiAuth === true)
      .map(({ name }) => `${resource.id}${name}Method`),
  );
  return new Set(found);
}

/** Applies an API's `Auth` to its definition, including the routes of events. */
function secureDefinitions(resources: Map<string, Raw>, written: readonly SamResource[], globals: Raw): void {
  const own = written.filter(({ raw }) => /^AWS::Serverless::(Http)?Api$/.test(String(raw.Type)));
  const implicit = [
    { id: IMPLICIT_REST_API, properties: recordOf(globals.Api) },
    { id: IMPLICIT_HTTP_API, properties: recordOf(globals.HttpApi) },
  ].filter(({ id }) => !written.some((one) => one.id === id));
  for (const { id, properties } of [...own, ...implicit]) {
    change(resources, id, ({ Body }) => compact({ Body: securedDefinition(Body, recordOf(properties.Auth)) }));
  }
}

function definedMethod({
  HttpMethod: method,
  ResourceId: path,
  AuthorizationType: type,
  AuthorizerId: authorizer = type,
  AuthorizationScopes: scopes,
  ApiKeyRequired,
  Integration,
}: Raw): DefinedRoute {
  const { Type, Uri: uri, Credentials: credentials, TimeoutInMillis: timeoutInMillis } = recordOf(Integration);
  return {
    key: `${String(method)} ${String(path)}`,
    integration: compact({ type: String(Type).toLowerCase(), uri, credentials, timeoutInMillis, httpMethod: 'POST' }),
    asksForKey: ApiKeyRequired === true,
    scopes: listOf(scopes),
    ...(typeof authorizer === 'string' && { authorization: authorizer }),
  };
}

function definedRoute(
  { RouteKey: key, AuthorizationType: type, AuthorizerId: authorizer = type, AuthorizationScopes: scopes }: Raw,
  integration: Raw | undefined,
): DefinedRoute {
  const { IntegrationUri: uri, TimeoutInMillis: timeoutInMillis } = recordOf(integration?.Properties);
  return {
    key: String(key),
    integration: compact({ type: 'aws_proxy', uri, timeoutInMillis, httpMethod: 'POST' }),
    scopes: listOf(scopes),
    ...(typeof authorizer === 'string' && { authorization: authorizer }),
  };
}

/** A route without its own authorization has that of its API. */
function authorizeRoutes(resources: Map<string, Raw>, written: readonly SamResource[], globals: Raw): void {
  const settings = new Map(written.map(({ id, properties }) => [id, properties]));
  for (const [id, resource] of resources) {
    const rest = resource.Type === 'AWS::ApiGateway::Method';
    if (!rest && resource.Type !== 'AWS::ApiGatewayV2::Route') continue;
    // One that the template writes itself has what it says: SAM's defaults are for the definition of the API.
    if (settings.has(id)) continue;
    const properties = recordOf(resource.Properties);
    const api = recordOf(properties[rest ? 'RestApiId' : 'ApiId']).Ref;
    const auth = recordOf((settings.get(String(api)) ?? recordOf(globals[rest ? 'Api' : 'HttpApi'])).Auth);
    const { AuthorizerId: given, AuthorizationType: own, AuthorizationScopes: asked, ...others } = properties;
    const name = given ?? own ?? auth.DefaultAuthorizer ?? 'NONE';
    const known = typeof name === 'string' ? authorizedBy(String(api), auth, name, rest) : undefined;
    const kind = own ?? (rest ? 'CUSTOM' : 'JWT');
    // What a parameter names may be NONE.
    const named: Raw =
      typeof name === 'string' ? { AuthorizationType: kind, AuthorizerId: name } : { AuthorizationType: name };
    const authorized = known ?? named;
    const { AuthorizationType: type } = authorized;
    const { ApiKeyRequired: asksForKey = rest ? auth.ApiKeyRequired : undefined } = properties;
    const { AuthorizationScopes: shared } = authorized;
    const scopes = type === 'CUSTOM' || authorized.AuthorizerId === undefined ? undefined : (asked ?? shared);
    const more = compact({ ...authorized, AuthorizationScopes: scopes, ApiKeyRequired: asksForKey });
    const integration = rest ? withCredentials(properties.Integration, type, auth.InvokeRole) : {};
    resources.set(id, { ...resource, Properties: { ...others, ...more, ...integration } });
  }
}

/** What SAM writes into the definition of an API that has none of its own: authorizers, models, error responses, CORS. */
function addApiParts(resources: Map<string, Raw>, written: readonly SamResource[], globals: Raw): void {
  for (const [id, resource] of [...resources]) {
    const rest = resource.Type === 'AWS::ApiGateway::RestApi';
    if (!rest && resource.Type !== 'AWS::ApiGatewayV2::Api') continue;
    const own = written.find((one) => one.id === id);
    const implicit = id === IMPLICIT_REST_API || id === IMPLICIT_HTTP_API;
    if (own === undefined ? !implicit : !/^AWS::Serverless::(Http)?Api$/.test(String(own.raw.Type))) continue;
    const { Body, BodyS3Location } = recordOf(resource.Properties);
    if (Body !== undefined || BodyS3Location !== undefined) continue;
    const api = own ?? { id, raw: resource, properties: recordOf(globals[rest ? 'Api' : 'HttpApi']) };
    const methods = [...resources.values()]
      .filter(({ Type: type }) => type === 'AWS::ApiGateway::Method')
      .map(({ Properties: properties }) => recordOf(properties))
      .filter(({ RestApiId: of }) => referred(of) === id);
    const parts = rest
      ? {
          ...restAuthorizers(api),
          ...definedParts(api),
          ...preflightMethods(api, methods, preflightAuthorization(api)),
        }
      : httpAuthorizers(api);
    for (const [part, made] of Object.entries(parts))
      resources.set(part, acknowledged(api, { [MADE_FROM]: id, ...made }));
  }
}

/** What a preflight request needs: by default what the API's routes need, as browsers then find out. */
function preflightAuthorization({ id, properties }: SamResource): Raw {
  const auth = recordOf(properties.Auth);
  const { DefaultAuthorizer: name = 'NONE', AddDefaultAuthorizerToCorsPreflight: asks = true } = auth;
  const { ApiKeyRequired: key, AddApiKeyRequiredToCorsPreflight: asksForKey = true } = auth;
  return {
    ...authorizedBy(id, auth, asks === false ? 'NONE' : String(name), true),
    ...(key === true && asksForKey !== false && { ApiKeyRequired: true }),
  };
}

/** With IAM, the API calls with its role, or with the caller's credentials, which name no role. */
function withCredentials(integration: unknown, type: unknown, shared: unknown): Raw {
  const { Credentials: given, ...others } = recordOf(integration);
  if (given === undefined && shared === undefined) return {};
  if (others.Type !== 'AWS_PROXY') return {};
  const role = type === 'AWS_IAM' ? (given ?? shared) : undefined;
  const isWithoutRole = role === 'CALLER_CREDENTIALS' || role === 'NONE' || role === undefined;
  return { Integration: isWithoutRole ? others : { ...others, Credentials: role } };
}

/** `!Ref Function.Alias` and `${Function.Version}` name resources that SAM creates. */
function withAliasReferences(value: unknown, resources: RawResources): unknown {
  if (Array.isArray(value)) return value.map((item) => withAliasReferences(item, resources));
  if (!isRecord(value)) return value;
  const madeOf = (id: string, kind: string) => Object.keys(resources).find((one) => one.startsWith(`${id}${kind}`));
  const { Ref: name, 'Fn::Sub': text } = value;
  const [, id, kind] = (typeof name === 'string' && /^(\w+)\.(Alias|Version)$/.exec(name)) || [];
  const made = id !== undefined && kind !== undefined ? madeOf(id, kind) : undefined;
  if (made !== undefined) return { Ref: made };
  if (typeof text === 'string') {
    const named = text.replace(/\$\{(\w+)\.(Alias|Version)\}/g, (whole, of: string, what: string) => {
      const found = madeOf(of, what);
      return found === undefined ? whole : `\${${found}}`;
    });
    return { ...value, 'Fn::Sub': named };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withAliasReferences(item, resources)]));
}
