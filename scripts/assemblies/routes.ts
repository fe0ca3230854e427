import type { Model, Resource } from '../../lib/core/model/model';
import { Reference } from '../../lib/core/model/values';

/** A request that an API takes. */
export interface Route {
  /** `GET`. */
  readonly method: string;
  /** `/orders/{id}`. */
  readonly path: string;
}

/** The routes of the API with an id, by what its templates say. */
export function routesOf(model: Model, api: Resource): readonly Route[] {
  const all = [...model.resources.values()];
  const own = (type: string, property: string) =>
    all.filter((one) => one.type === type && referred(one.properties[property]) === api.id);
  const http = own('AWS::ApiGatewayV2::Route', 'ApiId').map(({ properties }) => {
    const [method = 'GET', path = '/'] = String(properties.RouteKey).split(' ');
    return { method: method === 'ANY' || method === '$default' ? 'GET' : method, path };
  });
  const resources = own('AWS::ApiGateway::Resource', 'RestApiId');
  const pathOf = (id: string | undefined): string => {
    const resource = resources.find((one) => one.id === id);
    return resource ? `${pathOf(referred(resource.properties.ParentId))}/${String(resource.properties.PathPart)}` : '';
  };
  const rest = own('AWS::ApiGateway::Method', 'RestApiId').map(({ properties }) => ({
    method: properties.HttpMethod === 'ANY' ? 'GET' : String(properties.HttpMethod),
    // SAM's events name the path.
    path:
      typeof properties.ResourceId === 'string'
        ? properties.ResourceId
        : pathOf(referred(properties.ResourceId)) || '/',
  }));
  return [...http, ...rest];
}

/** A path with every parameter filled in. */
export function filled(path: string): string {
  return path.replaceAll(/\{[^}]+\}/g, '1');
}

function referred(value: unknown): string | undefined {
  return value instanceof Reference ? value.target : undefined;
}
