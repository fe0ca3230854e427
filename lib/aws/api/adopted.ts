import { Stack } from 'aws-cdk-lib';
import {
  type CfnMethod,
  CfnResource,
  Deployment,
  type IRestApi,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnRoute, CfnStage, HttpApi, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct, IConstruct } from 'constructs';
import type { Check } from '../../core/check/check';
import { elsewhere, nameOf } from '../access/place';
import type { Kind } from '../../core/check/shape';
import { isUnresolved } from '../../core/unresolved';
import { type ApiKind, clashesWith, parseRoute, type RouteKey } from './route-key';
import { readRoutes } from './routes';
import type { ServerlessApiProps } from './api-props';

/** An existing API: one of this app, or an imported one. */
export type ExistingApi = IHttpApi | IRestApi;

/** An existing API. */
export const EXISTING_API: Kind = {
  rule: 'must be an HTTP or a REST API',
  remedy: () => 'pass the API itself, or HttpApi.fromHttpApiAttributes() or RestApi.fromRestApiAttributes()',
  is: (value) =>
    typeof value === 'object' && value !== null && ('isHttpApi' in value || ('restApiId' in value && 'node' in value)),
};

/** The kind of an existing API. */
export function kindOfExisting(api: ExistingApi): ApiKind {
  return 'restApiId' in api ? 'rest' : 'http';
}

/** The kind of API that the props ask for. */
export function kindOfProps({ api, kind = 'http' }: Pick<ServerlessApiProps, 'api' | 'kind'>): ApiKind {
  return api ? kindOfExisting(api) : kind;
}

/** Whether an API belongs to this very stack, so that constructs may be added to it. */
export function isOfStack(scope: IConstruct, api: ExistingApi): api is HttpApi | RestApi {
  return isOfApp(api) && Stack.of(api) === Stack.of(scope);
}

function isOfApp(api: ExistingApi): api is HttpApi | RestApi {
  return api instanceof HttpApi || api instanceof RestApi;
}

/** Props about the routes. All others belong to the API, and are set where it is created. */
const OF_ROUTES = new Set(['api', 'routes', 'authorizer', 'alarmTopic', 'alarms', 'stage']);

function corsRefused({ routes }: ServerlessApiProps): Check[] {
  const remedy = "set it where the API is created: 'resource.addCorsPreflight()'";
  return readRoutes(routes)
    .filter(({ cors }) => cors)
    .map(({ key }) =>
      refused(`routes.${key}.cors`, undefined, "must not be given with 'api', which has its own", remedy),
    );
}

/** Checks for routes added to an existing API. */
export function adoptedChecks(scope: Construct, props: ServerlessApiProps): Check[] {
  const { api } = props;
  if (api === undefined) return [];
  const here = Stack.of(scope);
  const others = Object.entries(props).filter(([name, value]) => value !== undefined && !OF_ROUTES.has(name));
  return [
    ...others.map(([name]) =>
      refused(name, undefined, "must not be given with 'api', which has its own", 'set it where the API is created'),
    ),
    {
      prop: 'api',
      value: api,
      valid: () => !elsewhere(here, api.env) || isOfApp(api),
      rule: `must be in this account and region (${nameOf(here)}), where its routes are: it is in ${nameOf(api.env)}`,
      remedy: 'put the ServerlessApi there',
    },
    ...(kindOfExisting(api) === 'http'
      ? httpChecks(api as IHttpApi, props)
      : [...restChecks(scope, api as IRestApi, props), ...corsRefused(props)]),
    ...taken(api, Object.keys(props.routes).map(parseRoute)),
    ...takenResources(api, Object.keys(props.routes).map(parseRoute)),
  ];
}

function httpChecks(api: IHttpApi, { stage, alarmTopic, alarms }: ServerlessApiProps): Check[] {
  const stages = isOfApp(api) ? within(api, CfnStage).filter(({ apiId }) => apiId === api.apiId) : [];
  const dead = stages.length > 0 && stages.every(({ autoDeploy }) => autoDeploy !== true);
  return [
    ...(dead
      ? [
          refused(
            'api',
            undefined,
            'must have a stage with automatic deployment, or the routes never go live',
            "set 'autoDeploy' on its stage",
          ),
        ]
      : []),
    ...(stage
      ? [
          refused(
            'stage',
            stage.name,
            'must not be given with an HTTP API, whose stages deploy automatically',
            'remove it',
          ),
        ]
      : []),
    ...(api instanceof HttpApi && api.defaultStage ? [] : unwatched({ alarmTopic, alarms })),
  ];
}

function restChecks(scope: Construct, api: IRestApi, props: ServerlessApiProps): Check[] {
  const { stage, alarmTopic, alarms } = props;
  if (api instanceof SpecRestApi) {
    const rule = 'must not be defined by an OpenAPI document, which would remove the routes again';
    return [refused('api', undefined, rule, 'add the operations to the document')];
  }
  if (!isOfApp(api)) {
    const rooted = hasRoot(api);
    return [
      ...(rooted
        ? []
        : [
            refused(
              'api',
              undefined,
              'must know its root resource',
              'import it by RestApi.fromRestApiAttributes({ restApiId, rootResourceId })',
            ),
          ]),
      ...(stage
        ? []
        : [
            refused(
              'stage',
              undefined,
              'must be given with an imported REST API, or the routes are never deployed',
              "name the stage: { name: 'prod' }",
            ),
          ]),
      ...unwatched({ alarmTopic, alarms }),
    ];
  }
  const isElsewhere = Stack.of(api) !== Stack.of(scope);
  const live = api.latestDeployment !== undefined || deploymentsOf(api).length > 0;
  return [
    ...(isElsewhere
      ? [
          refused(
            'api',
            undefined,
            'must be in the same stack, since another stack deploys its API before these routes exist',
            "import it with RestApi.fromRestApiAttributes() and give 'stage', or put both in one stack",
          ),
        ]
      : []),
    ...(stage
      ? [refused('stage', stage.name, 'must not be given with an API of the app, which deploys itself', 'remove it')]
      : []),
    ...(live
      ? []
      : [
          refused(
            'api',
            undefined,
            'must have a deployment, or the routes never go live',
            'create it with deploy: true, or create its Deployment first',
          ),
        ]),
    ...(api.deploymentStage ? [] : unwatched({ alarmTopic, alarms })),
    ...defaultAuthorizerChecks(api, props),
  ];
}

/** CDK applies the API's default authorizer to methods that name none, and cannot take it away. */
function defaultAuthorizerChecks(api: RestApi, { routes, authorizer }: ServerlessApiProps): Check[] {
  if (!api.root.defaultMethodOptions?.authorizer) return [];
  return readRoutes(routes).flatMap((route) => {
    const own = route.authorizer ?? authorizer;
    const rule = "must not be 'none' or 'iam' when the API has an authorizer for all its methods";
    const remedy = "move the API's 'defaultMethodOptions.authorizer' to the methods that need it";
    return typeof own === 'string' ? [refused(`routes.${route.key}.authorizer`, own, rule, remedy)] : [];
  });
}

function unwatched(given: Pick<ServerlessApiProps, 'alarmTopic' | 'alarms'>): Check[] {
  const rule = "must not be given when the stage of 'api' is not known here";
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return names.map((name) => refused(name, undefined, rule, 'set alarms where the stage is created'));
}

function hasRoot(api: IRestApi): boolean {
  try {
    return api.root !== undefined;
  } catch {
    return false;
  }
}

/** Two routes with one key: deployment refuses the second while the first still exists. */
function taken(api: ExistingApi, keys: readonly RouteKey[]): Check[] {
  const kind = kindOfExisting(api);
  const known = kind === 'http' ? httpKeys(api as IHttpApi) : api instanceof RestApi ? restKeys(api) : [];
  return [
    ...keys
      .filter(({ key }) => known.includes(key))
      .map(({ key }) => refused('routes', key, 'must not be a route that the API already has', 'remove it there')),
    ...clashesWith(
      kind,
      known,
      keys.map(({ key }) => key),
    ),
  ];
}

/** A path segment below the root of an imported REST API can be created only once, and only its creator's scope knows it. */
function takenResources(api: ExistingApi, keys: readonly RouteKey[]): Check[] {
  if (!('restApiId' in api) || isOfApp(api) || !hasRoot(api)) return [];
  const made = within(api, CfnResource).filter(
    ({ restApiId, parentId }) => restApiId === api.restApiId && parentId === api.restApiRootResourceId,
  );
  const parts = made.map(({ pathPart }) => pathPart);
  const rule = 'must not start with a segment that other routes of this app already add to the API';
  return keys
    .filter(({ path = '/' }) => parts.includes(path.split('/')[1] ?? ''))
    .map(({ key }) => refused('routes', key, rule, 'put them in one ServerlessApi'));
}

function httpKeys(api: IHttpApi): string[] {
  return within(api, CfnRoute).flatMap(({ apiId, routeKey }) => (apiId === api.apiId ? [routeKey] : []));
}

function restKeys(api: RestApi): string[] {
  return api.methods.map(({ httpMethod, resource }) => `${httpMethod} ${resource.path}`);
}

/** Deployments that the team created itself. */
export function deploymentsOf(api: RestApi): Deployment[] {
  return within(api, Deployment).filter((one) => one.api === api && one !== api.latestDeployment);
}

function within<T>(api: IConstruct, type: abstract new (...args: never[]) => T): T[] {
  return api.node.root.node.findAll().filter((one): one is IConstruct & T => one instanceof type);
}

function refused(prop: string, value: unknown, rule: string, remedy: string): Check {
  return { prop, value, sensitive: value === undefined || isUnresolved(value), valid: () => false, rule, remedy };
}

/** What a method declares; any change requires a new deployment. */
const SETTINGS = [
  'httpMethod',
  'resourceId',
  'authorizationType',
  'authorizerId',
  'authorizationScopes',
  'apiKeyRequired',
  'operationName',
  'requestParameters',
  'requestModels',
  'requestValidatorId',
  'integration',
] as const satisfies readonly (keyof CfnMethod)[];

/** What a method declares, once synthesized. */
export function settingsOf(method: IConstruct): object {
  const definition = method.node.defaultChild as CfnMethod;
  return Object.fromEntries(SETTINGS.map((name) => [name, definition[name]]));
}
