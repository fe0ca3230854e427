import type { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Check } from '../../core/check/check';
import { flag } from '../../core/check/kinds';
import { kindChecks, type Kind, type Shape, shapeChecks } from '../../core/check/shape';
import { httpIntegrationTimeout, restIntegrationTimeout } from '../../core/facts/api-gateway';
import {
  bundleHandlers,
  type HandlerDefaults,
  handlerOf,
  type HandlerSource,
  nearChecks,
  type ServiceFunctionProps,
} from '../service-function';
import { HANDLER, namesBeside } from '../handler-settings';
import { type ApiAuthorizer, AUTHORIZER, authorizerChecks } from './authorizer';
import { CORS, type CorsProps } from './cors';
import { type ApiKind, parseRoute, routeId } from './route-key';
import { VALIDATE, type ValidateProps } from './validate';

/** Options of a route besides its handler. */
export interface RouteOptions {
  /**
   * Who may call this route.
   * @default - the API's
   */
  readonly authorizer?: ApiAuthorizer;

  /**
   * Whether a call requires an API key of a usage plan.
   * @default - true if the API has `usagePlans`
   */
  readonly apiKey?: boolean;

  /**
   * What API Gateway validates before it calls the function: the schema of the body, query parameters and headers. REST
   * APIs only.
   * @default - no validation
   */
  readonly validate?: ValidateProps;

  /**
   * Origins of web pages that may call this path from a browser: all routes of a path must agree, or only one of
   * them sets it. REST APIs only; not with `api`.
   * @default - the API's
   */
  readonly cors?: CorsProps;
}

/** What an OpenAPI document adds to a route. */
interface OfDocument {
  readonly authorizer?: ApiAuthorizer;
  readonly operationId?: string;
  readonly validate?: ValidateProps;
}

/** A route with options of its own, for a handler that is a path or a function the team already has. */
export interface RouteProps extends RouteOptions {
  /** The handler of the route. */
  readonly handler: HandlerSource;
}

/**
 * A route's handler: a path, a path with settings, or a function. Settings may include the route's options;
 * for a path or a function, write `{ handler, authorizer }`.
 */
export type ApiRoute = HandlerSource | (ServiceFunctionProps & RouteOptions) | RouteProps;

/** A route's handler with its options. */
export const ROUTE: Kind = {
  ...HANDLER,
  inside: (route: ApiRoute, prop) => {
    if (typeof route === 'string' || isFunction(route)) return HANDLER.inside?.(route as never, prop) ?? [];
    if (isRouteProps(route)) return shapeChecks(route, ROUTE_SHAPE, `${prop}.`, namesBeside());
    const { options, settings } = optionsOf(route);
    return [
      ...(HANDLER.inside?.(settings as never, prop) ?? []),
      ...Object.entries(options).flatMap(([name, value]) =>
        value === undefined ? [] : kindChecks(OPTIONS[name as keyof RouteOptions], `${prop}.${name}`, value),
      ),
    ];
  },
};

const OPTIONS: Shape<RouteOptions> = { authorizer: AUTHORIZER, apiKey: flag, validate: VALIDATE, cors: CORS };

const ROUTE_SHAPE: Shape<RouteProps> = { handler: HANDLER, ...OPTIONS };

/** Separates a route's options from the settings of its function. */
function optionsOf(route: object): { readonly options: RouteOptions; readonly settings: ServiceFunctionProps } {
  const [options, settings] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(route).filter(([name]) => Object.hasOwn(OPTIONS, name) === wanted)),
  );
  return { options: options as RouteOptions, settings: settings as unknown as ServiceFunctionProps };
}

/** A route as read: the same for every way of writing it. */
export interface ReadRoute extends RouteOptions {
  /** The route as written. */
  readonly key: string;
  /** The prop in which its handler is written. */
  readonly prop: string;
  /** Its handler. */
  readonly source: HandlerSource;
  /** The function or settings object that the team passed: routes with the same one share a function. */
  readonly owner: HandlerSource;
  /** Its operation id in an OpenAPI document. */
  readonly operationId?: string;
}

/** Operation ids by the values in `routes`: they are not a prop. */
const OPERATIONS = new WeakMap<object, string>();

/** Settings without route options, by the object they came from, so that one object stays one function. */
const WITHOUT_OWN = new WeakMap<object, HandlerSource>();

/** A route with what its document says about it. What several operations share stays shared. */
export function operationRoute(route: ApiRoute, { authorizer, operationId, validate }: OfDocument): RouteProps {
  const { owner, source, authorizer: own, apiKey, validate: ownChecks, cors } = readRoute(route, 'routes');
  const hasOwn = [own, apiKey, ownChecks, cors].some((option) => option !== undefined);
  if (isObject(owner) && !isRouteProps(route as object) && hasOwn && !WITHOUT_OWN.has(owner))
    WITHOUT_OWN.set(owner, source);
  const checks = validate || ownChecks ? { ...validate, ...ownChecks } : undefined;
  const made = {
    handler: (isObject(owner) && WITHOUT_OWN.get(owner)) || owner,
    authorizer: authorizer ?? own,
    apiKey,
    ...(cors && { cors }),
    ...(checks && { validate: checks }),
  };
  if (operationId !== undefined) OPERATIONS.set(made, operationId);
  return made;
}

/** Reads the routes in the order written. */
export function readRoutes(routes: Readonly<Record<string, ApiRoute>>): ReadRoute[] {
  return Object.entries(routes).map(([key, route]) => ({
    key,
    ...readRoute(route ?? {}, `routes.${key}`),
    operationId: isObject(route) ? OPERATIONS.get(route) : undefined,
  }));
}

function readRoute(route: ApiRoute, prop: string): Omit<ReadRoute, 'key'> {
  if (typeof route === 'string' || isFunction(route)) return { prop, source: route, owner: route };
  const { options, settings } = optionsOf(route);
  if (isRouteProps(route)) return { ...readRoute(route.handler, `${prop}.handler`), ...options };
  return { prop, source: settings, owner: route, ...options };
}

/** Checks of each route besides its key. */
export function handlerChecks(kind: ApiKind, routes: readonly ReadRoute[]): Check[] {
  const limit = kind === 'http' ? httpIntegrationTimeout.value : restIntegrationTimeout.value;
  const api = kind === 'http' ? 'an HTTP API' : 'a REST API';
  return routes.flatMap(({ key, source, authorizer }): Check[] => {
    const timeout = typeof source === 'string' ? undefined : source.timeout;
    return [
      {
        prop: `routes.${key}.timeout`,
        value: timeout,
        valid: () => timeout === undefined || timeout.toSeconds() <= limit,
        rule: `must be at most ${limit} seconds, the longest ${api} waits for an answer`,
        remedy: 'lower it, or answer at once and do the work behind a queue',
      },
      ...(authorizer === undefined ? [] : authorizerChecks(kind, `routes.${key}.authorizer`, authorizer)),
    ];
  });
}

/**
 * The function of each route, by its key. A route's function is `Handler` in a scope named after the route; a shared
 * one is in the scope of the first route.
 */
export function routeFunctions(
  scope: Construct,
  routes: readonly ReadRoute[],
  defaults: HandlerDefaults,
): Record<string, Function> {
  bundleHandlers(
    scope,
    routes.map(({ source }) => source),
  );
  const shared = new Map<HandlerSource, Function>();
  return Object.fromEntries(
    routes.map((route) => {
      const { key, owner } = route;
      const known = typeof owner === 'object' ? shared.get(owner) : undefined;
      const fn = known ?? routeFunction(scope, route, defaults);
      shared.set(owner, fn);
      return [key, fn];
    }),
  );
}

function routeFunction(scope: Construct, { key, source, prop }: ReadRoute, defaults: HandlerDefaults): Function {
  return isFunction(source)
    ? handlerOf(scope, 'Handler', source, defaults, { prop })
    : handlerOf(new Construct(scope, routeId(parseRoute(key))), 'Handler', source, defaults, { owner: scope, prop });
}

function isObject(route: unknown): route is object {
  return typeof route === 'object' && route !== null;
}

function isFunction(route: ApiRoute): route is Function {
  return Construct.isConstruct(route);
}

/** A function's settings may also have a `handler`, next to `code`: its name in the code. */
function isRouteProps(route: object): route is RouteProps {
  return 'handler' in route && !('entry' in route) && !('code' in route);
}

/** Authorizer functions must be in the API's stack: their policies name its ARN, which is not known elsewhere. */
export function nearAuthorizers(scope: Construct, { routes, authorizer }: AuthorizedRoutes): Check[] {
  const all = [
    { prop: 'authorizer', authorizer },
    ...readRoutes(routes).map((route) => ({ prop: `routes.${route.key}.authorizer`, authorizer: route.authorizer })),
  ];
  return all.flatMap(({ prop, authorizer: one }) => (Construct.isConstruct(one) ? nearChecks(scope, one, prop) : []));
}

interface AuthorizedRoutes {
  readonly routes: Readonly<Record<string, ApiRoute>>;
  readonly authorizer?: ApiAuthorizer;
}
