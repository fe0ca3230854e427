import { kindOf, type Route } from './api-route';
import { documented } from './documented-routes';
import { grouped, indexed } from './indexed';
import type { Model, Resource } from './model';
import { named } from './references';
import { at, eachBranch, isMap, toBoolean, toText } from './select';
import type { Value } from './values';

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
