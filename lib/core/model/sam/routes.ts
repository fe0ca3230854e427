import { isIntrinsic } from '../is-intrinsic';
import { type Event, eventsOf, type EventTarget, permission } from './events';
import { authorizerScheme } from './api-authorizers';
import { requestProperties, validatorOf } from './api-parts';
import { made, type RawResources, ref, referred, sub } from './raw';
import { asList, isRecord, recordOf, type JsonObject } from '../../record';

/** Logical id of the API that SAM creates when a REST event names none. */
export const IMPLICIT_REST_API = 'ServerlessRestApi';
/** The same for HTTP APIs. */
export const IMPLICIT_HTTP_API = 'ServerlessHttpApi';

/** SAM writes routes into the API's definition; a method resource is equivalent. */
export function restRoute(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const api = apiReference(properties.RestApiId, IMPLICIT_REST_API);
  const method = methodOf(properties);
  const path = pathOf(properties);
  const validator = validatorOf(api, properties);
  return {
    ...(validator && { [`${id}Validator`]: made(fn, 'AWS::ApiGateway::RequestValidator', validator) }),
    [`${id}Method`]: made(fn, 'AWS::ApiGateway::Method', {
      RestApiId: api,
      ResourceId: path,
      HttpMethod: method,
      ...authorization(properties.Auth, 'CUSTOM'),
      ...requestProperties(properties, `${id}Validator`),
      ApiKeyRequired: recordOf(properties.Auth).ApiKeyRequired,
      Integration: {
        Credentials: recordOf(properties.Auth).InvokeRole,
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
        Uri: integrationUri(target, properties.ResponseTransferMode),
        TimeoutInMillis: properties.TimeoutInMillis,
        ResponseTransferMode: properties.ResponseTransferMode === 'RESPONSE_STREAM' ? 'STREAM' : undefined,
      },
    }),
    ...permission(event, 'apigateway.amazonaws.com', {
      SourceArn: executeApi(properties.RestApiId ?? api, `*/${method === 'ANY' ? '*' : method}${pattern(path)}`),
    }),
  };
}

/** A route of an HTTP API, with its own integration or in the API's definition. */
export function httpRoute(event: Event): RawResources {
  const { fn, target, id, properties } = event;
  const api = apiReference(properties.ApiId, IMPLICIT_HTTP_API);
  const path = properties.Path === undefined ? undefined : pathOf(properties);
  const method = methodOf(properties);
  const all = path === undefined || path === '$default';
  return {
    [`${id}Integration`]: made(fn, 'AWS::ApiGatewayV2::Integration', {
      ApiId: api,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: target.arn,
      PayloadFormatVersion: properties.PayloadFormatVersion ?? '2.0',
      TimeoutInMillis: properties.TimeoutInMillis,
    }),
    [`${id}Route`]: made(fn, 'AWS::ApiGatewayV2::Route', {
      ApiId: api,
      RouteKey: all ? '$default' : `${method} ${path}`,
      ...authorization(properties.Auth, 'JWT'),
      Target: sub(`integrations/\${${id}Integration}`),
    }),
    ...(!all && takesAll(event)
      ? {}
      : permission(event, 'apigateway.amazonaws.com', {
          SourceArn: executeApi(properties.ApiId ?? api, `*/${callOf(method, path)}`),
        })),
  };
}

/** Whether the function serves the API's catch-all route, and so may be called for any request. */
function takesAll({ fn, properties }: Event): boolean {
  return eventsOf(fn).some(
    ({ type, properties: { ApiId: api, Path: path } }) =>
      type === 'HttpApi' && (path === undefined || path === '$default') && referred(api) === referred(properties.ApiId),
  );
}

function callOf(method: string, path: string | undefined): string {
  const any = method === 'ANY' ? '*' : method;
  if (path === undefined || path === '$default') return any;
  return path === '/$default' && method === 'ANY' ? '$default' : `${any}${pattern(path)}`;
}

function methodOf({ Method: method }: JsonObject): string {
  const name = String(method ?? 'any').toUpperCase();
  return name === 'X-AMAZON-APIGATEWAY-ANY-METHOD' ? 'ANY' : name;
}

/** The path of an event; what only the deployment tells in it is a parameter: `/{Stage}/orders`. */
export function pathOf({ Path: path = '/' }: JsonObject): string {
  const { Ref: name, 'Fn::Sub': text } = recordOf(path);
  if (typeof name === 'string') return `/{${name}}`;
  if (typeof text === 'string') return text.replaceAll('${', '{');
  return typeof path === 'string' ? path : '/{unknown}';
}

/** A path as in a call's ARN: parameters become wildcards, and a trailing slash is dropped. */
function pattern(path: string): string {
  return path.replace(/\{[^}]*\}/g, '*').replace(/(.)\/$/, '$1');
}

/**
 * `NONE`, `AWS_IAM`, or the kind of the named authorizer and its name, which stands for the id that it gets; only
 * scopes if the API's default applies. What a parameter names may be `NONE` too.
 */
export function authorization(auth: unknown, named: string): JsonObject {
  const { Authorizer: authorizer, AuthorizationScopes } = recordOf(auth);
  if (authorizer === undefined) return { AuthorizationScopes };
  if (isIntrinsic(authorizer)) return { AuthorizationType: authorizer, AuthorizationScopes };
  if (authorizer === 'NONE' || authorizer === 'AWS_IAM') return { AuthorizationType: authorizer };
  return { AuthorizationType: named, AuthorizerId: authorizer, AuthorizationScopes };
}

/** The API that an event names, or the implicit one. */
export function apiReference(given: unknown, implicit: string): unknown {
  return given === undefined ? ref(implicit) : isIntrinsic(given) ? given : ref(String(given));
}

/** As SAM writes it: an API named by plain text is not resolved, so no call is permitted. */
function executeApi(api: unknown, path: string): JsonObject {
  return sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}`, { Api: api });
}

function integrationUri({ uri }: EventTarget, mode: unknown): JsonObject {
  const [version, end] =
    mode === 'RESPONSE_STREAM' ? ['2021-11-15', 'response-streaming-invocations'] : ['2015-03-31', 'invocations'];
  return sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/${version}/functions/\${Function}/${end}`, {
    Function: uri,
  });
}

/** An operation of a definition for every method. */
export const ANY = 'x-amazon-apigateway-any-method';
const OPERATIONS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', ANY];

/**
 * An API's definition with its `Auth` applied: SAM adds the default authorizer to each operation that names none, and
 * treats `NONE` as naming none.
 */
export function securedDefinition(body: unknown, auth: JsonObject): unknown {
  const schemes = schemesOf(auth);
  const paths = isRecord(body) && isRecord(body.paths) ? body.paths : undefined;
  if (paths === undefined) return body;
  return {
    ...(body as JsonObject),
    ...definedSchemes(body as JsonObject, schemes),
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, item]) => [
        path,
        inBranches(item, (operations) =>
          Object.fromEntries(
            Object.entries(operations).map(([written, operation]) => {
              const method = written.toLowerCase() === 'any' ? ANY : written;
              const known = OPERATIONS.includes(method.toLowerCase());
              const asked = method.toLowerCase() === 'options' ? ofPreflight(auth) : auth;
              return [method, known ? inBranches(operation, (one) => secured(one, asked)) : operation];
            }),
          ),
        ),
      ]),
    ),
  };
}

/** What preflight requests need: what the others do, unless the API says otherwise. */
function ofPreflight({ DefaultAuthorizer, ApiKeyRequired, ...auth }: JsonObject): JsonObject {
  const { AddDefaultAuthorizerToCorsPreflight: asks = true, AddApiKeyRequiredToCorsPreflight: keyed = true } = auth;
  return {
    ...auth,
    ...(asks !== false && { DefaultAuthorizer }),
    ...(keyed !== false && { ApiKeyRequired }),
  };
}

function secured(operation: JsonObject, auth: JsonObject): JsonObject {
  const { DefaultAuthorizer: chosen, ApiKeyRequired: key } = auth;
  const given = asList(operation.security);
  const open = given.some((item) => isRecord(item) && 'NONE' in item);
  const kept = open ? given.filter((item) => !(isRecord(item) && 'NONE' in item)) : given;
  const keyed = key === true && !given.some((item) => isRecord(item) && 'api_key' in item);
  const own = keyed ? [...kept, API_KEY] : kept;
  if (open) return { ...operation, security: own };
  const authorized = given.some((item) => isRecord(item) && !('api_key' in item));
  if (chosen === undefined || chosen === 'NONE' || authorized || operation[IAM] !== undefined) {
    return keyed ? { ...operation, security: own } : operation;
  }
  return chosen === 'AWS_IAM'
    ? { ...operation, ...(keyed && { security: own }), [IAM]: { type: 'AWS_IAM' } }
    : {
        ...operation,
        security: [{ [String(chosen)]: asList(authorizerOf(auth, chosen).AuthorizationScopes) }, ...own],
      };
}

/** The settings of an authorizer that `Auth` names. */
function authorizerOf({ Authorizers: all }: JsonObject, name: unknown): JsonObject {
  const authorizers = recordOf(all);
  return typeof name === 'string' && Object.hasOwn(authorizers, name) ? recordOf(authorizers[name]) : {};
}

const IAM = 'x-amazon-apigateway-auth';
const API_KEY: JsonObject = { api_key: [] };

/** Maps an object of the template, or each branch of an `Fn::If`. */
export function inBranches(value: unknown, by: (one: JsonObject) => JsonObject): unknown {
  const { 'Fn::If': branches } = recordOf(value);
  if (Array.isArray(branches)) {
    const [condition, ...both] = branches as readonly unknown[];
    return { 'Fn::If': [condition, ...both.map((one) => inBranches(one, by))] };
  }
  return isRecord(value) && !isIntrinsic(value) ? by(value) : value;
}

/** The authorizers of `Auth` as security schemes, with the roles that call their functions, and SAM's API key. */
function schemesOf({ Authorizers, ApiKeyRequired }: JsonObject): JsonObject {
  const schemes = Object.entries(recordOf(Authorizers)).map(
    ([name, given]) => [name, authorizerScheme(recordOf(given))] as const,
  );
  return { ...Object.fromEntries(schemes), ...(ApiKeyRequired === true && { api_key: KEY_SCHEME }) };
}

const KEY_SCHEME = { type: 'apiKey', name: 'x-api-key', in: 'header' };

function definedSchemes(body: JsonObject, added: JsonObject): JsonObject {
  if (Object.keys(added).length === 0) return {};
  if ('swagger' in body) {
    return { ...body, securityDefinitions: { ...recordOf(body.securityDefinitions), ...added } };
  }
  const components = recordOf(body.components);
  return {
    components: { ...components, securitySchemes: { ...recordOf(components.securitySchemes), ...added } },
  };
}

/** An event's route in the definition of its API. */
export interface DefinedRoute {
  /** `GET /orders`, `$default`. */
  readonly key: string;
  readonly integration: JsonObject;
  /** `NONE`, `AWS_IAM`, or its authorizer's name; absent if the definition specifies it. */
  readonly authorization?: string;
  /** The scopes of a token. */
  readonly scopes?: readonly unknown[];
  /** Whether it requires an API key. */
  readonly asksForKey?: boolean;
}

/** A definition with the routes of events: existing operations keep their security and get the integration. */
export function withRoutes(body: JsonObject, routes: readonly DefinedRoute[]): JsonObject {
  const paths = new Map(Object.entries(recordOf(body.paths)));
  const authorizers: Record<string, JsonObject> = {};
  const known = { ...recordOf(body.securityDefinitions), ...recordOf(recordOf(body.components).securitySchemes) };
  for (const { key, integration, authorization: type, scopes = [], asksForKey = false } of routes) {
    const [method, path] = key === '$default' ? ['ANY', '$default'] : (key.split(' ', 2) as [string, string]);
    const name = method === 'ANY' ? ANY : method.toLowerCase();
    const added = inBranches(paths.get(path) ?? {}, (own) => {
      const operation = { ...recordOf(own[name]), 'x-amazon-apigateway-integration': integration };
      return { ...own, [name]: { ...operation, ...securityOf(type, scopes, asksForKey) } };
    });
    paths.set(path, added);
    if (type !== undefined && !Object.hasOwn(known, type)) authorizers[type] = {};
  }
  return {
    ...body,
    ...definedSchemes(
      body,
      schemesOf({ Authorizers: authorizers, ApiKeyRequired: routes.some(({ asksForKey }) => asksForKey) }),
    ),
    paths: Object.fromEntries(paths),
  };
}

function securityOf(authorizer: string | undefined, scopes: readonly unknown[], asksForKey: boolean): JsonObject {
  const key = asksForKey ? [API_KEY] : [];
  if (authorizer === undefined) return asksForKey ? { security: key } : {};
  if (authorizer === 'AWS_IAM') return { [IAM]: { type: 'AWS_IAM' }, ...(asksForKey && { security: key }) };
  return { security: [{ [authorizer]: scopes }, ...key] };
}
