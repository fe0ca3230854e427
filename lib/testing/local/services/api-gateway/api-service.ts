import type { Deployed } from '../../kernel/deployment';
import type { LocalContext, LocalService } from '../../kernel/service';
import { expandedApi } from './openapi/expand';
import { apiPrincipals } from './principals';

/** One API on its own port. */
export interface ServedApi {
  readonly url: string;
  start(port: number): Promise<void>;
  /** Reports its unsupported parts. */
  reportNotRun(): void;
  stop(): Promise<void>;
}

export interface ApiKind {
  /** The type of the APIs. */
  readonly type: string;
  /** Every type that belongs to such an API. */
  readonly types: readonly string[];
  /** Types that add a route to an API, with the property that names the API. */
  readonly routes: { readonly type: string; readonly api: string };
  /** Why an API of the type is not run; undefined if it is. */
  readonly whyNot?: (api: Deployed) => string | undefined;
  readonly make: (api: Deployed) => ServedApi;
}

/** APIs of one kind, each on its own port. */
export function apiService(context: LocalContext, { type, types, routes, whyNot, make }: ApiKind): LocalService {
  const apis: ServedApi[] = [];
  const urls = new Map<string, string>();

  async function start(): Promise<void> {
    for (const route of context.deployment.ofType(routes.type)) {
      const own = context.deployment.ofType(type).some(({ ref }) => ref === route.properties[routes.api]);
      const reason = 'its API is imported and not in the templates, so it is not run';
      if (!own) context.unsupported({ resource: route.displayName, type: routes.type, reason });
    }
    for (const deployed of context.deployment.ofType(type)) {
      const reason = whyNot?.(deployed);
      const api = reason === undefined ? expandedApi(context, deployed) : undefined;
      if (!api) {
        const unread = 'its OpenAPI document is not available, so it is not run';
        context.unsupported({ resource: deployed.displayName, type, reason: reason ?? unread });
        continue;
      }
      const served = make(api);
      apis.push(served);
      await served.start(context.portFor(deployed));
      urls.set(deployed.resource.id, served.url);
    }
  }

  return {
    resourceTypes: types,
    principals: () => apiPrincipals(context, types),
    writers: [type],
    urls,
    start,
    begin: async () => apis.forEach((api) => api.reportNotRun()),
    stop: async () => void (await Promise.all(apis.map((api) => api.stop()))),
  };
}
