import { isIntrinsic } from '../is-intrinsic';
import { MADE_FROM } from '../foreach';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';
import { authorizedBy, httpAuthorizers, restAuthorizers } from './api-authorizers';
import { definedParts, preflightMethods } from './api-parts';
import { eventsOf } from './events';
import { acknowledged, change, compact, referred, type SamResource } from './raw';
import { type DefinedRoute, IMPLICIT_HTTP_API, IMPLICIT_REST_API, securedDefinition, withRoutes } from './routes';

/**
 * Routes of an API with its own definition. A REST API's definition has all of them, whatever the events say, unless it
 * asks for a merge; an HTTP API's definition gets those of the events.
 */
export function defineRoutes(resources: Map<string, JsonObject>, written: readonly SamResource[]): void {
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
export function secureDefinitions(
  resources: Map<string, JsonObject>,
  written: readonly SamResource[],
  globals: JsonObject,
): void {
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
}: JsonObject): DefinedRoute {
  const { Type, Uri: uri, Credentials: credentials, TimeoutInMillis: timeoutInMillis } = recordOf(Integration);
  return {
    key: `${String(method)} ${String(path)}`,
    integration: compact({ type: String(Type).toLowerCase(), uri, credentials, timeoutInMillis, httpMethod: 'POST' }),
    asksForKey: ApiKeyRequired === true,
    scopes: asList(scopes),
    ...(typeof authorizer === 'string' && { authorization: authorizer }),
  };
}

function definedRoute(
  { RouteKey: key, AuthorizationType: type, AuthorizerId: authorizer = type, AuthorizationScopes: scopes }: JsonObject,
  integration: JsonObject | undefined,
): DefinedRoute {
  const { IntegrationUri: uri, TimeoutInMillis: timeoutInMillis } = recordOf(integration?.Properties);
  return {
    key: String(key),
    integration: compact({ type: 'aws_proxy', uri, timeoutInMillis, httpMethod: 'POST' }),
    scopes: asList(scopes),
    ...(typeof authorizer === 'string' && { authorization: authorizer }),
  };
}

/** A route without its own authorization has that of its API. */
export function authorizeRoutes(
  resources: Map<string, JsonObject>,
  written: readonly SamResource[],
  globals: JsonObject,
): void {
  const settings = new Map(written.map(({ id, properties }) => [id, properties]));
  for (const [id, resource] of resources) {
    const rest = resource.Type === 'AWS::ApiGateway::Method';
    if (!rest && resource.Type !== 'AWS::ApiGatewayV2::Route') continue;
    // One that the template writes itself has what it says: SAM's defaults are for the definition of the API.
    if (settings.has(id)) continue;
    const properties = recordOf(resource.Properties);
    const api = recordOf(properties[rest ? 'RestApiId' : 'ApiId']).Ref;
    const auth = recordOf((settings.get(String(api)) ?? recordOf(globals[rest ? 'Api' : 'HttpApi'])).Auth);
    const { AuthorizerId: given, AuthorizationType: own, AuthorizationScopes: givenScopes, ...others } = properties;
    const name = given ?? own ?? auth.DefaultAuthorizer ?? 'NONE';
    const known = typeof name === 'string' ? authorizedBy(String(api), auth, name, rest) : undefined;
    const kind = own ?? (rest ? 'CUSTOM' : 'JWT');
    // What a parameter names may be NONE.
    const named: JsonObject =
      typeof name === 'string' ? { AuthorizationType: kind, AuthorizerId: name } : { AuthorizationType: name };
    const authorized = known ?? named;
    const { AuthorizationType: type } = authorized;
    const { ApiKeyRequired: asksForKey = rest ? auth.ApiKeyRequired : undefined } = properties;
    const { AuthorizationScopes: shared } = authorized;
    const scopes = type === 'CUSTOM' || authorized.AuthorizerId === undefined ? undefined : (givenScopes ?? shared);
    const more = compact({ ...authorized, AuthorizationScopes: scopes, ApiKeyRequired: asksForKey });
    const integration = rest ? withCredentials(properties.Integration, type, auth.InvokeRole) : {};
    resources.set(id, { ...resource, Properties: { ...others, ...more, ...integration } });
  }
}

/** What SAM writes into the definition of an API that has none of its own: authorizers, models, error responses, CORS. */
export function addApiParts(
  resources: Map<string, JsonObject>,
  written: readonly SamResource[],
  globals: JsonObject,
): void {
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
function preflightAuthorization({ id, properties }: SamResource): JsonObject {
  const auth = recordOf(properties.Auth);
  const { DefaultAuthorizer: name = 'NONE', AddDefaultAuthorizerToCorsPreflight: asks = true } = auth;
  const { ApiKeyRequired: key, AddApiKeyRequiredToCorsPreflight: asksForKey = true } = auth;
  return {
    ...authorizedBy(id, auth, asks === false ? 'NONE' : String(name), true),
    ...(key === true && asksForKey !== false && { ApiKeyRequired: true }),
  };
}

/** With IAM, the API calls with its role, or with the caller's credentials, which name no role. */
function withCredentials(integration: unknown, type: unknown, shared: unknown): JsonObject {
  const { Credentials: given, ...others } = recordOf(integration);
  if (given === undefined && shared === undefined) return {};
  if (others.Type !== 'AWS_PROXY') return {};
  const role = type === 'AWS_IAM' ? (given ?? shared) : undefined;
  const isWithoutRole = role === 'CALLER_CREDENTIALS' || role === 'NONE' || role === undefined;
  return { Integration: isWithoutRole ? others : { ...others, Credentials: role } };
}
