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

/** What a route may say besides what serves it. */
export interface RouteOptions {
  /**
   * Who may call this route.
   * @default - as the API says
   */
  readonly authorizer?: ApiAuthorizer;

  /**
   * Whether a call must give an API key of a usage plan.
   * @default - true where the API has `usagePlans`
   */
  readonly apiKey?: boolean;

  /**
   * What API Gateway asks of a request before it calls the function: the schema of its body, parameters and headers. REST
   * APIs only.
   * @default - any request
   */
  readonly validate?: ValidateProps;

  /**
   * Web pages of other origins that may call this path from a browser: all routes of a path say the same, or one says it for
   * all. REST APIs only; not beside `api`.
   * @default - as the API says
   */
  readonly cors?: CorsProps;
}

/** What a document of OpenAPI says of a route besides. */
interface OfDocument {
  readonly authorizer?: ApiAuthorizer;
  readonly operationId?: string;
  readonly validate?: ValidateProps;
}

/** A route with an authorizer of its own, for a handler that is a path or a function the team already has. */
export interface RouteProps extends RouteOptions {
  /** What serves the route. */
  readonly handler: HandlerSource;
}

/**
 * What serves a route: a path, a path with settings, or a function. Settings may name an authorizer of the route beside
 * them; for a path or a function it is `{ handler, authorizer }`.
 */
export type ApiRoute = HandlerSource | (ServiceFunctionProps & RouteOptions) | RouteProps;

/** What serves a route, with what a route may say beside it. */
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

/** What a route says beside the settings of its function, and those settings. */
function optionsOf(route: object): { readonly options: RouteOptions; readonly settings: ServiceFunctionProps } {
  const [options, settings] = [true, false].map((wanted) =>
    Object.fromEntries(Object.entries(route).filter(([name]) => Object.hasOwn(OPTIONS, name) === wanted)),
  );
  return { options: options as RouteOptions, settings: settings as unknown as ServiceFunctionProps };
}

/** A route as it was read: every form says the same here. */
export interface ReadRoute extends RouteOptions {
  /** The route as it was written. */
  readonly key: string;
  /** What serves it. */
  readonly source: HandlerSource;
  /** What the team passed as the function or its settings: routes that name the same share one function. */
  readonly owner: HandlerSource;
  /** What the route is called in a document of OpenAPI. */
  readonly operationId?: string;
}

/** Routes by what is written for them in `routes`: their names in a document are no prop of theirs. */
const OPERATIONS = new WeakMap<object, string>();

/** Settings without what the route says among them, by these: one object stays one function. */
const WITHOUT_OWN = new WeakMap<object, HandlerSource>();

/** A route with what its document says of it. What several operations share stays shared. */
export function operationRoute(route: ApiRoute, { authorizer, operationId, validate }: OfDocument): RouteProps {
  const { owner, source, authorizer: own, apiKey, validate: ownChecks, cors } = readRoute(route);
  const hasOwn = [own, apiKey, ownChecks, cors].some((option) => option !== undefined);
  if (isObject(owner) && !isRouteProps(route as object) && hasOwn && !WITHOUT_OWN.has(owner))
    WITHOUT_OWN.set(owner, source);
  const checks = validate || ownChecks ? { ...validate, ...ownChecks } : undefined;
  const made = {
    handler: (isObject(owner) && WITHOUT_OWN.get(owner)) || owner,
    authorizer: authorizer ?? own,
    ...(apiKey !== undefined && { apiKey }),
    ...(cors && { cors }),
    ...(checks && { validate: checks }),
  };
  if (operationId !== undefined) OPERATIONS.set(made, operationId);
  return made;
}

/** Reads the routes in the order in which they were written. */
export function readRoutes(routes: Readonly<Record<string, ApiRoute>>): ReadRoute[] {
  return Object.entries(routes).map(([key, route]) => ({
    key,
    ...readRoute(route ?? {}),
    operationId: isObject(route) ? OPERATIONS.get(route) : undefined,
  }));
}

function readRoute(route: ApiRoute): Omit<ReadRoute, 'key'> {
  if (typeof route === 'string' || isFunction(route)) return { source: route, owner: route };
  const { options, settings } = optionsOf(route);
  if (isRouteProps(route)) return { ...readRoute(route.handler), ...options };
  return { source: settings, owner: route, ...options };
}

/** What must hold for each route besides its key, as rows of the validation table. */
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
        rule: `must be at most ${limit} seconds, the longest that ${api} waits for an answer`,
        remedy: 'lower it, or answer at once and do the work behind a queue',
      },
      ...(authorizer === undefined ? [] : authorizerChecks(kind, `routes.${key}.authorizer`, authorizer)),
    ];
  });
}

/**
 * The function of each route, by its key. A function of a route is `Handler` in a scope named after the route; one that
 * several routes share stands in that of the first.
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
    routes.map(({ key, source, owner }) => {
      const known = typeof owner === 'object' ? shared.get(owner) : undefined;
      const fn = known ?? routeFunction(scope, key, source, defaults);
      shared.set(owner, fn);
      return [key, fn];
    }),
  );
}

function routeFunction(scope: Construct, key: string, source: HandlerSource, defaults: HandlerDefaults): Function {
  return isFunction(source)
    ? handlerOf(scope, 'Handler', source, defaults, `routes.${key}`)
    : handlerOf(new Construct(scope, routeId(parseRoute(key))), 'Handler', source, defaults);
}

function isObject(route: unknown): route is object {
  return typeof route === 'object' && route !== null;
}

function isFunction(route: ApiRoute): route is Function {
  return Construct.isConstruct(route);
}

/** Settings of a function may have a `handler` too, beside `code`: its name in the code. */
function isRouteProps(route: object): route is RouteProps {
  return 'handler' in route && !('entry' in route) && !('code' in route);
}

/** Functions that say who may call stand beside the API: its ARN, which their policies name, is not known elsewhere. */
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
