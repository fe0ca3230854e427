import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { type ApiAuthorizer, isJwtIssuer, isUserPool } from './authorizer';
import type { CorsProps } from './cors';
import type { ApiDomainProps } from './api-domain';
import type { ApiEndpoint } from './endpoint';
import type { Firewall } from './firewall';
import type { ValidateProps } from './validate';
import type { ApiStage } from './stage';
import type { UsagePlans } from './usage-plans';
import { type ApiMethod, type RouteKey, routeId } from './route-key';

/** A route with its target. */
export interface BoundRoute {
  /** The route's parts. */
  readonly key: RouteKey;
  /** What is invoked: the function, or its `live` alias. */
  readonly target: IFunction;
  /** Who may call the route. */
  readonly authorizer: ApiAuthorizer;
  /** Whether it requires an API key. */
  readonly apiKey: boolean;
  /** What is validated in a request. */
  readonly validate?: ValidateProps;
  /** Which web pages may call its path. */
  readonly cors?: CorsProps;
}

/** Routes, and who may call them. */
export interface RouteSettings {
  /** Who may call, unless a route overrides it. */
  readonly authorizer: ApiAuthorizer;
  readonly routes: readonly BoundRoute[];
}

/** What both kinds of gateway are built from. */
export interface GatewaySettings extends RouteSettings {
  /** Which web pages may call. */
  readonly cors?: CorsProps;
  /** Requests per second and burst that the whole API accepts. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Quotas and rates per API key. */
  readonly usagePlans?: UsagePlans;
  /** Endpoint type of the API. */
  readonly endpoint?: ApiEndpoint;
  /** Resource policy of the API. */
  readonly policy?: PolicyDocument;
  /** The firewall in front of the API. */
  readonly firewall?: Firewall;
  /** The domain of the API. */
  readonly domain?: ApiDomainProps;
  /** The name of the stage. */
  readonly stage?: ApiStage;
  /** Variables of the stage. */
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Where the access log goes. */
  readonly accessLog: LogGroup;
}

/** The name of the API in the console: the path of its pattern. */
export function apiName(scope: IConstruct): string {
  return scope.node.path.replaceAll('/', '-').slice(-128);
}

/** Routes by path, with the `cors` of each path: a route's own, otherwise the API's. */
export function corsOfPaths(
  routes: readonly BoundRoute[],
  ofApi: CorsProps | undefined,
): readonly { readonly path: string; readonly routes: readonly BoundRoute[]; readonly cors: CorsProps | undefined }[] {
  const paths = new Map<string, BoundRoute[]>();
  for (const route of routes) {
    const path = route.key.path ?? '/';
    paths.set(path, [...(paths.get(path) ?? []), route]);
  }
  return [...paths].map(([path, those]) => ({
    path,
    routes: those,
    cors: those.find(({ cors }) => cors)?.cors ?? ofApi,
  }));
}

/** Methods that pages may use: the team's, or those of the routes. */
export function corsMethods(cors: CorsProps, routes: readonly BoundRoute[]): string[] {
  if (cors.methods) return [...cors.methods];
  const methods = new Set<ApiMethod>(routes.map(({ key }) => key.method));
  return methods.has('ANY') ? ['*'] : [...methods].sort();
}

/** The headers that pages may send. */
export function corsHeaders({ headers }: CorsProps, routes: readonly BoundRoute[]): string[] {
  if (headers) return [...headers];
  return ['authorization', 'content-type', ...(routes.some(({ apiKey }) => apiKey) ? ['x-api-key'] : [])];
}

/**
 * Creates each distinct authorizer once, on first use. The API's has the id `Authorizer`; a
 * route's is named after the first route that has it.
 */
export function distinctAuthorizers<T>(
  { authorizer: ofApi, routes }: RouteSettings,
  make: (authorizer: ApiAuthorizer, id: string) => T,
): (authorizer: ApiAuthorizer) => T {
  const made = new Map<string, T>();
  return (authorizer) => {
    const identity = identityOf(authorizer);
    const first = routes.find((route) => identityOf(route.authorizer) === identity);
    const id = identity === identityOf(ofApi) || !first ? 'Authorizer' : `${routeId(first.key)} Authorizer`;
    const known = made.get(identity) ?? make(authorizer, id);
    made.set(identity, known);
    return known;
  };
}

/** Scopes of which a route's callers need at least one. */
export function scopesOf(authorizer: ApiAuthorizer): string[] | undefined {
  const { scopes } = typeof authorizer === 'object' && 'scopes' in authorizer ? authorizer : {};
  return scopes && [...scopes];
}

/** What distinguishes authorizers; scopes are set on the route. */
function identityOf(authorizer: ApiAuthorizer): string {
  if (typeof authorizer === 'string') return authorizer;
  if (isJwtIssuer(authorizer)) return JSON.stringify([authorizer.issuer, authorizer.audience]);
  if (!isUserPool(authorizer)) return authorizer.node.path;
  const { userPool, clients = [] } = authorizer;
  return JSON.stringify([userPool, ...clients].map(({ node }) => node.path));
}

/**
 * Tells rule packs that a route is public on purpose: for this route and this finding only, with the reason.
 * @param guarded whether the API's network or policy protects it, which our own rule sees
 */
export function acknowledgePublic(
  route: IConstruct,
  reason = "The team declared this route public by authorizer 'none'",
  guarded = false,
): void {
  acknowledgeRoute(route, 'APIG4', reason);
  if (!guarded) acknowledge(route, { 'Lintel::ApiRouteAuthorizer': reason });
}

/** Acknowledges a finding of cdk-nag's AwsSolutions pack for one route. The pack need not be installed. */
export function acknowledgeRoute(route: IConstruct, rule: string, reason: string): void {
  acknowledge(route, { [`AwsSolutions::AwsSolutions-${rule}`]: reason });
}
