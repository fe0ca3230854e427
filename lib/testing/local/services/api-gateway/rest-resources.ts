import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, text } from '../../kernel/json';
import type { Route } from './route-match';

/** A resource of a REST API, with its methods. */
export interface RestResource {
  readonly id: string;
  /** `/orders/{id}`. */
  readonly path: string;
  /** Properties of its methods, by HTTP method; `ANY` for all others. */
  readonly methods: ReadonlyMap<string, JsonObject>;
  /** The construct paths of its methods. */
  readonly names: readonly string[];
}

/** The resources of a REST API that have methods, as routes: the most specific one answers, whatever its methods. */
export function restRoutes(
  api: Deployed,
  resources: readonly Deployed[],
  methods: readonly Deployed[],
): readonly Route<RestResource>[] {
  const root = api.attribute('RootResourceId') ?? '';
  const pathOf = (id: string): string => {
    // As the events of a SAM function say it.
    if (id.startsWith('/')) return id.replace(/\/$/, '');
    const resource = resources.find(({ ref }) => ref === id);
    if (!resource) return '';
    return `${pathOf(text(resource.properties.ParentId) ?? root)}/${text(resource.properties.PathPart)}`;
  };
  const ids = new Set(methods.map(({ properties }) => text(properties.ResourceId) ?? root));
  return [...ids].map((id) => {
    const path = pathOf(id) || '/';
    const own = methods.filter(({ properties }) => (text(properties.ResourceId) ?? root) === id);
    const byMethod = new Map(own.map(({ properties }) => [text(properties.HttpMethod) ?? 'ANY', properties]));
    const names = own.map(({ displayName }) => displayName);
    return { method: 'ANY', path, target: { id, path, methods: byMethod, names } };
  });
}
