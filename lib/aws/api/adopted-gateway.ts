import { Lazy, Stack } from 'aws-cdk-lib';
import { Deployment, type IRestApi, type Method, RestApi, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, type HttpRoute, type HttpStage, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { deploymentsOf, type ExistingApi, isOfStack, settingsOf } from './adopted';
import type { RouteSettings } from './gateway';
import { addHttpRoutes } from './http-gateway';
import { addMethods } from './rest-gateway';
import { type RouteKey, routeId } from './route-key';
import type { ApiStage } from './stage';

/** Routes added to an existing API. */
export interface AdoptedGateway {
  readonly api: ExistingApi;
  /** Undefined if not known here. */
  readonly stage?: HttpStage | Stage;
  readonly routes: Record<string, HttpRoute | Method>;
  /** The API's address, with a trailing slash. */
  readonly url: string;
  /** None: usage plans belong to the API. */
  readonly apiKeys: Readonly<Record<string, never>>;
  /** None: the domain belongs to the API. */
  readonly domain?: undefined;
}

/**
 * Adds routes to an existing API, which is not changed otherwise. In the same stack they are added where CDK would add them, so
 * that a route previously written by hand keeps its logical id; otherwise they belong to this stack.
 */
export function adoptedGateway(
  scope: Construct,
  api: ExistingApi,
  settings: RouteSettings,
  stage?: ApiStage,
): AdoptedGateway {
  return 'restApiId' in api ? restRoutes(scope, api, settings, stage) : httpRoutes(scope, api, settings);
}

function httpRoutes(scope: Construct, api: IHttpApi, settings: RouteSettings): AdoptedGateway {
  const own = isOfStack(scope, api);
  const target = own ? api : HttpApi.fromHttpApiAttributes(scope, 'Api', { httpApiId: api.apiId });
  const routes = addHttpRoutes(target, settings, own ? idByCdk : routeId);
  const stage = api instanceof HttpApi ? (api.defaultStage as HttpStage | undefined) : undefined;
  return { api, stage, routes, apiKeys: {}, url: stage?.url ?? `${endpoint(scope, api.apiId)}/` };
}

/** Ids as CDK's `addRoutes()` assigns them: a route it created is updated in place. */
function idByCdk({ method, path }: RouteKey): string {
  return path === undefined ? 'DefaultRoute' : `${method}${path}`;
}

function restRoutes(scope: Construct, api: IRestApi, settings: RouteSettings, stage?: ApiStage): AdoptedGateway {
  if (api instanceof RestApi) {
    const routes = addMethods(api, settings, scope);
    for (const deployment of deploymentsOf(api)) renew(deployment, routes, settings);
    const { deploymentStage } = api;
    const url = deploymentStage ? deploymentStage.urlForPath('/') : `${endpoint(scope, api.restApiId)}/`;
    return { api, stage: deploymentStage, routes, apiKeys: {}, url };
  }
  const imported = RestApi.fromRestApiAttributes(scope, 'Api', {
    restApiId: api.restApiId,
    rootResourceId: api.restApiRootResourceId,
  });
  const routes = addMethods(imported, settings, scope);
  const stageName = stage!.name;
  // The stage still uses a deployment when this stack is deleted, and a deployment in use cannot be deleted.
  const deployment = new Deployment(scope, 'Deployment', { api: imported, stageName, retainDeployments: true });
  deployment.node.addDependency(...Object.values(routes));
  renew(deployment, routes, settings);
  return { api, routes, apiKeys: {}, url: `${endpoint(scope, api.restApiId)}/${stageName}/` };
}

/**
 * A deployment is a snapshot of the API: any changed route needs a new one. CDK only takes care of that for the
 * deployment an API creates itself.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
function renew(deployment: Deployment, routes: Readonly<Record<string, Method>>, settings: RouteSettings): void {
  deployment.addToLogicalId(settings.routes.map(({ validate }) => validate ?? null));
  deployment.addToLogicalId(Lazy.any({ produce: () => Object.values(routes).map(settingsOf) }));
}

function endpoint(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${apiId}.execute-api.${region}.${urlSuffix}`;
}
