import { kindOf, type Requirement, type Route } from './api-route';
import { asksForKey, chosen, requirementsOf, securityOf } from './documented-security';
import type { Resource } from './model';
import { type Assumptions, at, eachBranch, isMap, toText } from './select';
import type { Value, ValueMap } from './values';

const ANY = 'x-amazon-apigateway-any-method';
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', ANY];

/** An operation in one branch of its document's conditions. */
interface Operation {
  readonly operation: ValueMap;
  readonly inherited: Value | undefined;
  readonly when: Assumptions;
}

/** The operations of an API's OpenAPI document, in every branch. */
export function documented(api: Resource): Route[] {
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
