import type { Model, Resource } from './model';
import {
  type Assumptions,
  at,
  eachBranch,
  isList,
  isMap,
  isUnknown,
  items,
  toBoolean,
  together,
  toText,
} from './select';
import { Choice, Unknown, type Value, type ValueMap } from './values';
import { grouped, indexed } from './indexed';
import { named } from './references';

/** The kind of API. */
export type ApiKind = 'http' | 'websocket' | 'rest';

/** A route of an API, either a separate resource or an operation in an OpenAPI document. */
export interface Route {
  /** The API; absent if it is outside the model. */
  readonly api?: Resource;
  readonly kind: ApiKind;
  /** The route in the reader's terms: `GET /orders`, `$connect`. */
  readonly key: string;
  /** The resource that describes it. */
  readonly holder: Resource;
  /** The property of its authorization. */
  readonly property: string;
  /**
   * `NONE`, or the kind of its authorization; a value known only at deployment stays as it is. Undefined in the
   * branches of a choice without the route.
   */
  readonly authorization: Value | undefined;
  /** For an operation of an OpenAPI document: what it requires in any branch, of which a call meets one. */
  readonly requirements?: readonly Requirement[];
  /** For an operation of an OpenAPI document: what it says, in its first branch. */
  readonly operation?: ValueMap;
  /** Whether a call needs an API key, which identifies no one. */
  readonly asksForKey: boolean;
  /** Whether the API itself returns a fixed answer: there is nothing behind it to protect. */
  readonly mock: boolean;
  /** What it calls: at most one per branch. */
  readonly integrations: readonly Integration[];
}

/** A security scheme with an authorizer, as an operation requires it. */
export interface Requirement {
  readonly scheme: Value;
  /** The scopes of which a token needs one; none if there are none. */
  readonly scopes: readonly Value[];
  /** The conditions of its branch. */
  readonly when: Assumptions;
}

/** The integration of a route. */
export interface Integration {
  /** The resource that describes it. */
  readonly holder: Resource;
  /** The property of `uri`. */
  readonly property: string;
  readonly uri: Value | undefined;
  /** The role that calls; absent if the service itself does. */
  readonly credentials: Value | undefined;
  /** Timeout in milliseconds; absent for the default. */
  readonly timeout: Value | undefined;
  /** Whether the response is streamed. */
  readonly streams: boolean;
}

/** Every route of every API of a model. */
export const routes = indexed((model): readonly Route[] => [
  ...v2Routes(model),
  ...restMethods(model),
  ...model.ofType('AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api').flatMap(documented),
  ...quickRoutes(model),
]);

const byApi = indexed((model) => grouped(routes(model), (route) => (route.api ? [route.api.id] : [])));

/** The routes of an API. */
export const routesOf = (model: Model, api: Resource): readonly Route[] => byApi(model).get(api.id) ?? [];

/** Why the routes of an API cannot be read; undefined if they can. */
export function unreadableRoutes(api: Resource): string | undefined {
  if (at(api, 'BodyS3Location') !== undefined) return 'its routes are described in a file outside the template';
  const known = eachBranch(at(api, 'Body')).every(({ value }) => value === undefined || isMap(value));
  return known ? undefined : 'its OpenAPI document is known only at deployment';
}

/** The kind of an `AWS::ApiGateway::RestApi` or `AWS::ApiGatewayV2::Api`; HTTP if it is outside the model. */
export function kindOf(api: Resource | undefined): ApiKind {
  if (api?.type === 'AWS::ApiGateway::RestApi') return 'rest';
  return api && toText(at(api, 'ProtocolType')) === 'WEBSOCKET' ? 'websocket' : 'http';
}

function v2Routes(model: Model): Route[] {
  return model.ofType('AWS::ApiGatewayV2::Route').map((route) => {
    const api = model.target(at(route, 'ApiId'));
    return {
      ...(api ? { api } : {}),
      kind: kindOf(api),
      key: toText(at(route, 'RouteKey')) ?? 'a route',
      holder: route,
      property: 'AuthorizationType',
      authorization: at(route, 'AuthorizationType') ?? 'NONE',
      asksForKey: toBoolean(at(route, 'ApiKeyRequired')) === true,
      mock: named(model, at(route, 'Target')).some((one) => toText(at(one, 'IntegrationType')) === 'MOCK'),
      integrations: named(model, at(route, 'Target')).map((integration) => ({
        holder: integration,
        property: 'IntegrationUri',
        uri: at(integration, 'IntegrationUri'),
        credentials: at(integration, 'CredentialsArn'),
        timeout: at(integration, 'TimeoutInMillis'),
        streams: false,
      })),
    };
  });
}

/** An HTTP API created with a target: it receives all requests, without authorization. */
function quickRoutes(model: Model): Route[] {
  return model
    .ofType('AWS::ApiGatewayV2::Api')
    .filter((api) => at(api, 'Target') !== undefined)
    .map((api) => ({
      api,
      kind: kindOf(api),
      key: toText(at(api, 'RouteKey')) ?? '$default',
      holder: api,
      property: 'Target',
      authorization: 'NONE',
      asksForKey: false,
      mock: false,
      integrations: [
        {
          holder: api,
          property: 'Target',
          uri: at(api, 'Target'),
          credentials: at(api, 'CredentialsArn'),
          timeout: undefined,
          streams: false,
        },
      ],
    }));
}

function restMethods(model: Model): Route[] {
  return model.ofType('AWS::ApiGateway::Method').map((method) => {
    const api = model.target(at(method, 'RestApiId'));
    return {
      ...(api ? { api } : {}),
      kind: 'rest' as const,
      key: `${toText(at(method, 'HttpMethod')) ?? 'a method'} ${pathOf(model, at(method, 'ResourceId'))}`,
      holder: method,
      property: 'AuthorizationType',
      authorization: at(method, 'AuthorizationType') ?? 'NONE',
      asksForKey: toBoolean(at(method, 'ApiKeyRequired')) === true,
      mock: toText(at(method, 'Integration.Type')) === 'MOCK',
      integrations: [
        {
          holder: method,
          property: 'Integration.Uri',
          uri: at(method, 'Integration.Uri'),
          credentials: at(method, 'Integration.Credentials'),
          timeout: at(method, 'Integration.TimeoutInMillis'),
          streams: toText(at(method, 'Integration.ResponseTransferMode')) === 'STREAM',
        },
      ],
    };
  });
}

function pathOf(model: Model, resourceId: Value | undefined): string {
  const path = toText(resourceId);
  if (path?.startsWith('/')) return path; // as SAM's events say it
  const resource = model.target(resourceId);
  if (resource?.type !== 'AWS::ApiGateway::Resource') return '/';
  const parent = pathOf(model, at(resource, 'ParentId'));
  return `${parent === '/' ? '' : parent}/${toText(at(resource, 'PathPart')) ?? '{}'}`;
}

const ANY = 'x-amazon-apigateway-any-method';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', ANY];

/** An operation in one branch of its document's conditions. */
interface Operation {
  readonly operation: ValueMap;
  readonly inherited: Value | undefined;
  readonly when: Assumptions;
}

/** The operations of an API's OpenAPI document, in every branch. */
function documented(api: Resource): Route[] {
  const found = new Map<string, { readonly path: string; readonly method: string; readonly all: Operation[] }>();
  for (const { value: paths, when } of eachBranch(at(api, 'Body.paths'))) {
    if (!isMap(paths)) continue;
    for (const [path, item] of Object.entries(paths)) {
      for (const operations of eachBranch(item)) {
        if (!isMap(operations.value)) continue;
        for (const [method, one] of Object.entries(operations.value)) {
          if (!METHODS.includes(method.toLowerCase())) continue;
          const key = `${method} ${path}`;
          const known = found.get(key) ?? { path, method, all: [] };
          found.set(key, known);
          for (const { value: operation, when: more } of eachBranch(one)) {
            if (!isMap(operation)) continue;
            const inherited = at(api, 'Body.security');
            known.all.push({ operation, inherited, when: { ...when, ...operations.when, ...more } });
          }
        }
      }
    }
  }
  return [...found.values()].flatMap(({ path, method, all }) =>
    all.length === 0
      ? []
      : [inBranches(all, ({ operation, inherited }) => operationRoute(api, path, method, operation, inherited))],
  );
}

/** Merges the routes that an operation is in each branch. */
function inBranches(operations: readonly Operation[], route: (operation: Operation) => Route): Route {
  const all = operations.map((one) => ({ route: route(one), when: one.when }));
  const [{ route: first, when }] = all as [(typeof all)[0]];
  if (all.length === 1 && Object.keys(when).length === 0) return first;
  return {
    ...first,
    authorization: chosen(all.map(({ route: { authorization }, when: branch }) => ({ authorization, when: branch }))),
    requirements: all.flatMap(({ route: { requirements = [] }, when: branch }) =>
      requirements.map((one) => ({ ...one, when: { ...branch, ...one.when } })),
    ),
    asksForKey: all.every(({ route: { asksForKey } }) => asksForKey),
    mock: all.every(({ route: { mock } }) => mock),
    integrations: all.flatMap(({ route: { integrations } }) => integrations),
  };
}

interface Authorized {
  readonly authorization: Value | undefined;
  readonly when: Assumptions;
}

/** One value of those in branches; undefined in branches with none. */
function chosen(branches: readonly Authorized[]): Value | undefined {
  return branches.reduceRight<Value | undefined>(
    (otherwise, { authorization, when }) =>
      Object.entries(when).reduceRight<Value | undefined>(
        (value, [condition, holds]) =>
          holds ? new Choice(condition, value, otherwise) : new Choice(condition, otherwise, value),
        authorization,
      ),
    undefined,
  );
}

/** What an operation requires in one branch of the template's conditions. */
interface Security extends Authorized {
  readonly required: readonly Value[];
}

/** Of what the document requires of all operations, one that requires something itself takes nothing. */
function securityOf(api: Resource, operation: ValueMap, inherited: Value | undefined): readonly Security[] {
  return together({
    auth: at(operation, ['x-amazon-apigateway-auth', 'type']),
    own: at(operation, 'security'),
    inherited,
  }).flatMap(({ values, when }) =>
    listsIn(values.own ?? values.inherited, when).map((one) => ({
      ...one,
      authorization: values.auth ?? authorizationBy(api, one.required),
    })),
  );
}

/** A list as it is in every branch of its items. */
function listsIn(
  value: Value | undefined,
  when: Assumptions,
): readonly { readonly required: readonly Value[]; readonly when: Assumptions }[] {
  if (!isList(value)) return [{ required: items(value), when }];
  return together(Object.fromEntries(value.entries()))
    .filter((one) => Object.entries(one.when).every(([name, holds]) => (when[name] ?? holds) === holds))
    .map((one) => ({
      required: Object.values(one.values).filter((item) => item !== undefined),
      when: { ...when, ...one.when },
    }));
}

/**
 * Whether a security requirement names an authorizer of the document. API Gateway ignores a name that the document does
 * not define, such as SAM's `NONE`, and a scheme without an authorizer; an API key identifies no one.
 */
function asksWhoCalls(api: Resource, requirement: Value): boolean {
  if (!isMap(requirement)) return false;
  const schemes = schemesOf(api);
  return Object.keys(requirement).some((name) => {
    if (schemes !== undefined && !isMap(schemes)) return true;
    const scheme = at(schemes, [name]);
    return isMap(scheme) ? AUTHORIZERS.some((key) => at(scheme, [key]) !== undefined) : scheme !== undefined;
  });
}

function requirementsOf(api: Resource, requirement: Value): readonly Requirement[] {
  if (!isMap(requirement)) return [];
  return Object.entries(requirement).flatMap(([name, scopes]) => {
    const scheme = schemeOf(api, name);
    return scheme === undefined
      ? []
      : eachBranch(scopes).map((one) => ({ scheme, scopes: items(one.value), when: one.when }));
  });
}

/** A security scheme of an API's document that has an authorizer. */
export function schemeOf(api: Resource, name: string): Value | undefined {
  const scheme = at(schemesOf(api), [name]);
  return scheme !== undefined && AUTHORIZERS.some((key) => at(scheme, [key]) !== undefined) ? scheme : undefined;
}

/** An authorizer of an OpenAPI document, and where it stands. */
export interface DocumentedAuthorizer {
  readonly property: string;
  readonly authorizer: Value;
}

/** The authorizers of an API's OpenAPI document, in every branch. */
export function documentedAuthorizers(api: Resource): readonly DocumentedAuthorizer[] {
  return ['components.securitySchemes', 'securityDefinitions'].flatMap((place) =>
    eachBranch(at(api, `Body.${place}`)).flatMap(({ value: schemes }) =>
      Object.entries(isMap(schemes) ? schemes : {}).flatMap(([name, scheme]) =>
        eachBranch(scheme)
          .flatMap(({ value }) => eachBranch(at(value, [AUTHORIZER])))
          .flatMap(({ value }) =>
            value === undefined ? [] : [{ property: `Body.${place}.${name}.${AUTHORIZER}`, authorizer: value }],
          ),
      ),
    ),
  );
}

function schemesOf(api: Resource): Value | undefined {
  return at(api, 'Body.components.securitySchemes') ?? at(api, 'Body.securityDefinitions');
}

/** Whether a security requirement names an API key of the document. */
function asksForKey(api: Resource, requirement: Value): boolean {
  if (!isMap(requirement)) return false;
  return Object.keys(requirement).some((name) => {
    const scheme = at(schemesOf(api), [name]);
    const isKey =
      isMap(scheme) && at(scheme, 'type') === 'apiKey' && toText(at(scheme, 'name'))?.toLowerCase() === 'x-api-key';
    return isKey && AUTHORIZERS.every((key) => at(scheme, [key]) === undefined);
  });
}

/** What makes API Gateway enforce a security scheme: an authorizer, or IAM signatures. */
const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const AUTHORIZERS = [AUTHORIZER, 'x-amazon-apigateway-authtype'];

/**
 * By its security requirements. In OpenAPI a caller may choose one; how API Gateway treats an empty one is
 * undocumented.
 */
function authorizationBy(api: Resource, required: readonly Value[]): Value {
  const open = required.find(isUnknown);
  if (open) return open;
  if (!required.some((item) => asksWhoCalls(api, item))) return 'NONE';
  const optional = required.some((item) => isMap(item) && Object.keys(item).length === 0);
  return optional ? new Unknown('one of its security requirements is empty') : 'CUSTOM';
}

function operationRoute(
  api: Resource,
  path: string,
  method: string,
  operation: ValueMap,
  inherited: Value | undefined,
): Route {
  const integration = at(operation, ['x-amazon-apigateway-integration']);
  const property = `Body.paths.${path}.${method}`;
  const security = securityOf(api, operation, inherited);
  return {
    api,
    kind: kindOf(api),
    key: isDefault(api, path, method) ? '$default' : `${method === ANY ? 'ANY' : method.toUpperCase()} ${path}`,
    holder: api,
    property,
    operation,
    authorization: chosen(security),
    requirements: security.flatMap(({ required, when }) =>
      required
        .flatMap((item) => requirementsOf(api, item))
        .map((one): Requirement => ({ ...one, when: { ...when, ...one.when } })),
    ),
    asksForKey: security.every(({ required }) => required.some((item) => asksForKey(api, item))),
    mock: toText(at(integration, 'type'))?.toLowerCase() === 'mock',
    integrations:
      integration === undefined
        ? []
        : [
            {
              holder: api,
              property: `${property}.x-amazon-apigateway-integration.uri`,
              uri: at(integration, 'uri'),
              credentials: at(integration, 'credentials'),
              timeout: at(integration, 'timeoutInMillis'),
              streams: toText(at(integration, 'responseTransferMode')) === 'STREAM',
            },
          ],
  };
}

/** In an HTTP API, the path `/$default` is the catch-all route. */
function isDefault(api: Resource, path: string, method: string): boolean {
  return path === '$default' || (path === '/$default' && method === ANY && kindOf(api) === 'http');
}
