import { isDeepStrictEqual } from 'node:util';
import { Duration } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type CfnAuthorizer,
  CfnBasePathMapping,
  type CfnStage,
  CognitoUserPoolsAuthorizer,
  type CorsOptions,
  type IApiKey,
  type IAuthorizer,
  type IRestApi,
  IdentitySource,
  LambdaIntegration,
  type Method,
  RequestAuthorizer,
  RequestValidator,
  ResponseType,
  type RestApi,
  type Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { ApiGateway } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { triggerOf } from '../service-function';
import { type ApiAuthorizer, isJwtIssuer, isUserPool } from './authorizer';
import type { CorsProps } from './cors';
import { addRecord } from './domain';
import {
  acknowledgeRoute,
  acknowledgePublic,
  corsHeaders,
  corsMethods,
  corsOfPaths,
  distinctAuthorizers,
  type GatewaySettings,
  type RouteSettings,
  scopesOf,
} from './gateway';
import { regionalRestApi } from './rest-api';
import { restDomain } from './rest-domain';
import { addUsagePlans } from './rest-usage-plans';
import { validation } from './validate';
import { domainNameOf, domainUrl, isShared, type SharedDomainProps } from './api-domain';
import { endpointProps } from './endpoint';
import { isGuarded } from './guarded';
import { addFirewall } from './firewall';
import { audienceExpression, type UserPoolAuthorizer } from './user-pool';

/** A REST API with its stage, its methods by the key the team gave the route, and its URL. */
export interface RestGateway {
  readonly api: RestApi;
  /** Its only stage. */
  readonly stage: Stage;
  /** The methods by route key. */
  readonly routes: Record<string, Method>;
  /** The API's address, with a trailing slash. */
  readonly url: string;
  /** The API keys by name. */
  readonly apiKeys: Record<string, IApiKey>;
  /** The domain. */
  readonly domain: SharedDomainProps['existing'] | undefined;
}

/** Creates a REST API with one request validator for all methods. */
export function restGateway(scope: Construct, settings: GatewaySettings): RestGateway {
  const { domain } = settings;
  const api = regionalRestApi(scope, settings, {
    ...(domain && (isShared(domain) ? { disableExecuteApiEndpoint: true } : restDomain(domain))),
    ...endpointProps(
      settings.endpoint,
      settings.policy,
      new Map(settings.routes.map((one) => [one.key.key, one.authorizer])),
    ),
    // CDK adds preflight to every path at once if all share the same settings.
    defaultCorsPreflightOptions: hasCorsByPath(settings) ? undefined : preflight(settings.cors, settings.routes),
  });
  const stage = api.deploymentStage;
  if (domain && !isShared(domain)) addRecord(scope, domain, new ApiGateway(api));
  if (domain && isShared(domain)) {
    const { basePath } = domain;
    const mapping = { restApiId: api.restApiId, stage: stage.stageName, basePath };
    new CfnBasePathMapping(scope, 'Mapping', { ...mapping, domainName: domainNameOf(domain) });
  }
  (stage.node.defaultChild as CfnStage).variables = settings.stageVariables;
  addGatewayResponses(api, settings);
  const url = domain ? domainUrl(domain) : api.deploymentStage.urlForPath('/');
  const routes = addMethods(api, settings, api);
  if (hasCorsByPath(settings)) addPreflights(api, settings);
  if (settings.firewall) addFirewall(scope, api.deploymentStage, settings.firewall);
  const apiKeys = settings.usagePlans ? addUsagePlans(scope, api, settings.usagePlans) : {};
  const shared = domain && isShared(domain) ? domain.existing : undefined;
  return { api, stage, url, routes, apiKeys, domain: api.domainName ?? shared };
}

/**
 * Adds methods to an API, with one request validator for all of them.
 * @param scope of the validator, the authorizers and the models
 */
export function addMethods(api: IRestApi, settings: RouteSettings, scope: Construct): Record<string, Method> {
  const guarded = isGuarded(api);
  const validator = new RequestValidator(scope, 'Validator', {
    restApi: api,
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  const authorizers = distinctAuthorizers(settings, (authorizer, id) => restAuthorizer(scope, authorizer, id));
  return Object.fromEntries(
    settings.routes.map(({ key, target, authorizer, apiKey, validate }) => {
      const integration = new LambdaIntegration(target, { allowTestInvoke: false });
      const method = api.root.resourceForPath(key.path ?? '/').addMethod(key.method, integration, {
        ...authorizers(authorizer),
        authorizationScopes: scopesOf(authorizer),
        apiKeyRequired: apiKey || undefined,
        requestValidator: validator,
        ...validation(scope, api, key, validate),
      });
      if (authorizer === 'none') acknowledgePublic(method, undefined, guarded);
      if (typeof authorizer === 'string' || !isUserPool(authorizer)) {
        acknowledgeRoute(method, 'COG4', NOT_COGNITO[typeof authorizer === 'string' ? authorizer : 'function']);
      }
      return [key.key, method];
    }),
  );
}

const NOT_COGNITO = {
  none: "The team declared this route public by authorizer 'none'",
  iam: 'Callers of this route are authorized by IAM, not by a Cognito user pool',
  function: 'Callers of this route are authorized by a function of the team, not by a Cognito user pool',
};

interface Authorization {
  readonly authorizationType: AuthorizationType;
  readonly authorizer?: IAuthorizer;
}

function restAuthorizer(scope: Construct, authorizer: ApiAuthorizer, id: string): Authorization {
  if (authorizer === 'none') return { authorizationType: AuthorizationType.NONE };
  if (authorizer === 'iam') return { authorizationType: AuthorizationType.IAM };
  if (isUserPool(authorizer))
    return { authorizationType: AuthorizationType.COGNITO, authorizer: pool(scope, authorizer, id) };
  if (isJwtIssuer(authorizer)) throw new Error('a REST API has no authorizer for tokens');
  return {
    authorizationType: AuthorizationType.CUSTOM,
    authorizer: new RequestAuthorizer(scope, id, {
      handler: triggerOf(authorizer),
      identitySources: [IdentitySource.header('Authorization')],
      // A cached answer would open other routes of the API to the same token.
      resultsCacheTtl: Duration.seconds(0),
    }),
  };
}

function pool(scope: Construct, settings: UserPoolAuthorizer, id: string): CognitoUserPoolsAuthorizer {
  const authorizer = new CognitoUserPoolsAuthorizer(scope, id, { cognitoUserPools: [settings.userPool] });
  // The L2 has no prop for it.
  (authorizer.node.defaultChild as CfnAuthorizer).identityValidationExpression = audienceExpression(settings);
  return authorizer;
}

const hasCorsByPath = ({ routes }: GatewaySettings): boolean => routes.some(({ cors }) => cors);

function addPreflights(api: RestApi, settings: GatewaySettings): void {
  for (const { path, routes, cors } of corsOfPaths(settings.routes, settings.cors)) {
    const options = preflight(cors, routes);
    if (options) api.root.resourceForPath(path).addCorsPreflight(options);
  }
}

function preflight(cors: CorsProps | undefined, routes: GatewaySettings['routes']): CorsOptions | undefined {
  if (!cors) return undefined;
  const methods = corsMethods(cors, routes);
  return {
    allowOrigins: [...cors.origins],
    allowMethods: methods.includes('*') ? undefined : methods,
    allowHeaders: corsHeaders(cors, routes),
    allowCredentials: cors.credentials,
    exposeHeaders: cors.exposedHeaders && [...cors.exposedHeaders],
    maxAge: cors.maxAge ?? Duration.hours(1),
  };
}

/** A page can read a refusal only if the refusal names its origin, and a fixed header can name only one. */
function addGatewayResponses(api: RestApi, settings: GatewaySettings): void {
  const [cors, ...others] = corsOfPaths(settings.routes, settings.cors).map((path) => path.cors);
  if (cors?.origins.length !== 1 || others.some((other) => !isDeepStrictEqual(other, cors))) return;
  const responseHeaders = {
    'Access-Control-Allow-Origin': `'${cors.origins[0]}'`,
    ...(cors.credentials && { 'Access-Control-Allow-Credentials': "'true'" }),
  };
  api.addGatewayResponse('ClientErrors', { type: ResponseType.DEFAULT_4XX, responseHeaders });
  api.addGatewayResponse('ServerErrors', { type: ResponseType.DEFAULT_5XX, responseHeaders });
}
