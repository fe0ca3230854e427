import type { HttpRequest } from './call';

/** An operation of a REST protocol, as a service's model writes it: `GET /schedules/{Name}`. */
interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
  readonly query: string | undefined;
  readonly specific: number;
}

/** A request, parsed by a service's model. */
export interface RestRequest {
  /** The operation: `GetSchedule`. */
  readonly operation: string;
  /** The parameters in the path, decoded, by name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds the operation of a request. */
export class RestOperations {
  private readonly routes: readonly Route[];

  /** @param model operations by name, each with its method and path: `{ GetSchedule: 'GET /schedules/{Name}' }` */
  constructor(model: Readonly<Record<string, string>>) {
    this.routes = Object.entries(model)
      .map(([name, route]) => routeOf(name, route))
      .sort((a, b) => b.specific - a.specific);
  }

  /** Parses a request; undefined if the model has no such operation. */
  read({ method, path, query }: HttpRequest): RestRequest | undefined {
    for (const route of this.routes) {
      if (route.method !== method || (route.query !== undefined && !query.split('&').includes(route.query))) continue;
      const found = route.path.exec(path);
      if (!found) continue;
      const labels = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
      return { operation: route.name, labels: Object.fromEntries(labels) as Record<string, string> };
    }
    return undefined;
  }
}

function routeOf(name: string, route: string): Route {
  const [method = '', address = ''] = route.split(' ');
  const [path = '', query] = address.split('?');
  const pattern = path.replace(/\{(\w+)\}/g, (_, label: string) => `(?<${label}>[^/]+)`);
  const literal = path.replace(/\{\w+\}/g, '').length + (query?.length ?? 0);
  return { name, method, path: new RegExp(`^${pattern}/?$`), query, specific: literal };
}
