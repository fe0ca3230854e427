import { Duration, Stack } from 'aws-cdk-lib';
import {
  CfnApiMapping,
  type CfnStage,
  type CorsHttpMethod,
  type CorsPreflightOptions,
  DomainName,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  type IHttpApi,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpJwtAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { triggerOf } from '../service-function';
import { accessLogFormat } from './access-log';
import { type ApiAuthorizer, isJwtIssuer, isUserPool } from './authorizer';
import { domainNameOf, domainUrl, isShared, type OwnDomainProps, type SharedDomainProps } from './api-domain';
import { addRecord } from './domain';
import {
  acknowledgePublic,
  apiName,
  corsHeaders,
  corsMethods,
  distinctAuthorizers,
  type GatewaySettings,
  type RouteSettings,
  scopesOf,
} from './gateway';
import { type RouteKey, routeId } from './route-key';
import { clientIds, issuerOf } from './user-pool';

/** An HTTP API with its stage, its routes by the key the team gave them, and its URL. */
export interface HttpGateway {
  readonly api: HttpApi;
  /** Its only stage. */
  readonly stage: HttpStage;
  /** The routes by key. */
  readonly routes: Record<string, HttpRoute>;
  /** The API's address, with a trailing slash. */
  readonly url: string;
  /** An HTTP API has no API keys. */
  readonly apiKeys: Record<string, never>;
  /** The domain. */
  readonly domain: SharedDomainProps['existing'] | undefined;
}

/** Creates an HTTP API: one auto-deployed stage, one integration per function, one permission per route. */
export function httpGateway(scope: Construct, settings: GatewaySettings): HttpGateway {
  const { cors, domain } = settings;
  const api = new HttpApi(scope, 'Api', {
    apiName: apiName(scope),
    createDefaultStage: false,
    disableExecuteApiEndpoint: domain ? true : undefined,
    corsPreflight: cors && preflight(settings),
  });
  const named = domain && !isShared(domain) ? domainName(scope, domain) : undefined;
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: settings.stage?.name,
    autoDeploy: true,
    throttle: { rateLimit: settings.throttle.rate, burstLimit: settings.throttle.burst },
    accessLogSettings: {
      destination: new LogGroupLogDestination(settings.accessLog),
      format: AccessLogFormat.custom(accessLogFormat('http')),
    },
    domainMapping: named && domain && { domainName: named, mappingKey: domain.basePath },
  });
  (stage.node.defaultChild as CfnStage).stageVariables = settings.stageVariables;
  if (domain && isShared(domain)) {
    const { basePath: apiMappingKey } = domain;
    const mapping = { apiId: api.apiId, stage: stage.stageName, apiMappingKey };
    new CfnApiMapping(scope, 'Mapping', { ...mapping, domainName: domainNameOf(domain) }).node.addDependency(stage);
  }
  const url = domain ? domainUrl(domain) : stage.url;
  const shared = domain && isShared(domain) ? domain.existing : undefined;
  return { api, stage, url, routes: addHttpRoutes(api, settings), apiKeys: {}, domain: named ?? shared };
}

/**
 * Adds routes to an API: one integration per function, one permission per route.
 * @param idOf the id of a route below the API
 */
export function addHttpRoutes(
  httpApi: IHttpApi,
  settings: RouteSettings,
  idOf: (key: RouteKey) => string = routeId,
): Record<string, HttpRoute> {
  const authorizers = distinctAuthorizers(settings, httpAuthorizer);
  const integrations = new Map<IFunction, RouteIntegration>();
  return Object.fromEntries(
    settings.routes.map(({ key, target, authorizer }) => {
      const integration = integrations.get(target) ?? new RouteIntegration('Integration', target);
      integrations.set(target, integration);
      const route = new HttpRoute(httpApi, idOf(key), {
        httpApi,
        integration,
        routeKey: httpRouteKey(key),
        authorizer: authorizers(authorizer),
        authorizationScopes: scopesOf(authorizer),
      });
      permit(route, key, target);
      if (authorizer === 'none') acknowledgePublic(route);
      return [key.key, route];
    }),
  );
}

function httpRouteKey({ method, path }: RouteKey): HttpRouteKey {
  return path === undefined ? HttpRouteKey.DEFAULT : HttpRouteKey.with(path, method as HttpMethod);
}

/** A Lambda integration without CDK's own permission, which covers every method of the path. */
class RouteIntegration extends HttpLambdaIntegration {
  protected override completeBind(): void {}
}

/** Lets the API invoke the function for this method and path. The first wildcard is the stage. */
function permit(route: HttpRoute, { method, path }: RouteKey, target: IFunction): void {
  const resource =
    path === undefined ? '$default' : `${method === 'ANY' ? '*' : method}${path.replace(/\{[^}]+\}/g, '*')}`;
  target.addPermission('Invoke', {
    scope: route,
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: Stack.of(route).formatArn({
      service: 'execute-api',
      resource: route.httpApi.apiId,
      resourceName: `*/${resource}`,
    }),
  });
}

function httpAuthorizer(authorizer: ApiAuthorizer, id: string): IHttpRouteAuthorizer {
  if (authorizer === 'none') return new HttpNoneAuthorizer();
  if (authorizer === 'iam') return new HttpIamAuthorizer();
  if (isJwtIssuer(authorizer)) {
    return new HttpJwtAuthorizer(id, authorizer.issuer, { jwtAudience: [...authorizer.audience] });
  }
  if (isUserPool(authorizer)) {
    return new HttpJwtAuthorizer(id, issuerOf(authorizer), { jwtAudience: clientIds(authorizer) });
  }
  return new HttpLambdaAuthorizer(id, triggerOf(authorizer), {
    responseTypes: [HttpLambdaResponseType.SIMPLE],
    // A cached answer would open every other route of the API to the same token.
    resultsCacheTtl: Duration.seconds(0),
  });
}

function preflight({ cors, routes }: GatewaySettings): CorsPreflightOptions | undefined {
  return (
    cors && {
      allowOrigins: [...cors.origins],
      allowMethods: corsMethods(cors, routes) as CorsHttpMethod[],
      allowHeaders: corsHeaders(cors, routes),
      allowCredentials: cors.credentials,
      exposeHeaders: cors.exposedHeaders && [...cors.exposedHeaders],
      maxAge: cors.maxAge ?? Duration.hours(1),
    }
  );
}

function domainName(scope: Construct, domain: OwnDomainProps): DomainName {
  const name = new DomainName(scope, 'Domain', {
    domainName: domain.name,
    certificate: domain.certificate,
    securityPolicy: SecurityPolicy.TLS_1_2,
    mtls: domain.mutualTls && {
      bucket: domain.mutualTls.bucket,
      key: domain.mutualTls.key,
      version: domain.mutualTls.version,
    },
  });
  addRecord(scope, domain, new ApiGatewayv2DomainProperties(name.regionalDomainName, name.regionalHostedZoneId));
  return name;
}
