import { Lazy, Stack } from 'aws-cdk-lib';
import { Deployment, type IRestApi, type Method, RestApi, type Stage } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, type HttpRoute, type HttpStage, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { deploymentsOf, type ExistingApi, isOfStack, saidBy } from './adopted';
import type { RouteSettings } from './gateway';
import { addHttpRoutes } from './http-gateway';
import { addMethods } from './rest-gateway';
import { type RouteKey, routeId } from './route-key';
import type { ApiStage } from './stage';

/** Routes of an API that exists. */
export interface AdoptedGateway {
  readonly api: ExistingApi;
  /** Undefined where it is not known here. */
  readonly stage?: HttpStage | Stage;
  readonly routes: Record<string, HttpRoute | Method>;
  /** Where the API is reached, with a slash at the end. */
  readonly url: string;
  /** None: usage plans are the API's own. */
  readonly apiKeys: Readonly<Record<string, never>>;
  /** None: a domain is the API's own. */
  readonly domain?: undefined;
}

/**
 * Adds routes to an API that exists; nothing of it is changed. To one of the same stack they are added where CDK adds them, so
 * that a route which was written by hand before keeps its logical id; to any other they belong to this stack.
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

/** As `addRoutes()` of CDK names them: a route that was made by it is updated in its place. */
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
  // The stage keeps to a deployment when this stack goes: what a stage shows cannot be deleted.
  const deployment = new Deployment(scope, 'Deployment', { api: imported, stageName, retainDeployments: true });
  deployment.node.addDependency(...Object.values(routes));
  renew(deployment, routes, settings);
  return { api, routes, apiKeys: {}, url: `${endpoint(scope, api.restApiId)}/${stageName}/` };
}

/**
 * A deployment is a picture of the API when it was made: another is made where any route is another. CDK does so for the
 * deployment that an API makes by itself, and for no other.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
function renew(deployment: Deployment, routes: Readonly<Record<string, Method>>, settings: RouteSettings): void {
  deployment.addToLogicalId(settings.routes.map(({ validate }) => validate ?? null));
  deployment.addToLogicalId(Lazy.any({ produce: () => Object.values(routes).map(saidBy) }));
}

function endpoint(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${apiId}.execute-api.${region}.${urlSuffix}`;
}
