import * as facts from '../../../../../core/facts/api-gateway';
import { recordOf, text, texts } from '../../../kernel/json';
import { TTL_FAULT } from './authorizers';
import { mappingFaults } from './domains';
import { integrationFaults } from './http-integrations';
import {
  amiss,
  areApart,
  isTrue,
  type Judge,
  knownText,
  knownTexts,
  lacking,
  outside,
  type Part,
  type Parts,
  unless,
} from './parts';
import { logFaults, variableFaults } from './rest';

const API = 'AWS::ApiGatewayV2::Api';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const METHODS = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const SELECTIONS = ['$request.method $request.path', '${request.method} ${request.path}'];
const PATH_PART = /^(\{[\w.:-]+\+?\}|[a-zA-Z0-9.:_-]+)$/;
const NAME = '[a-zA-Z0-9._-]+';
const HTTP_SOURCE = /^\$(request\.(header|querystring)|context|stageVariables)\.\S+$/;
const WEBSOCKET_SOURCE = new RegExp(`^(route\\.request\\.(querystring|header)|stageVariables|context)\\.${NAME}$`);
const AUTHORIZERS: Readonly<Record<string, string>> = { CUSTOM: 'REQUEST', JWT: 'JWT' };

/**
 * What API Gateway refuses of each part of an HTTP or WebSocket API, in its words. An import leaves out of an OpenAPI
 * document what it does not take, so what is in one is not judged.
 * @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/operations.html
 */
export const HTTP_JUDGES: Readonly<Record<string, Judge>> = {
  [API]: apiFaults,
  [ROUTE]: ofTemplates(routeFaults),
  'AWS::ApiGatewayV2::Integration': ofTemplates((part, parts) =>
    integrationFaults(part, parts, protocolOf(part, parts)),
  ),
  [AUTHORIZER]: ofTemplates(authorizerFaults),
  'AWS::ApiGatewayV2::Stage': stageFaults,
  'AWS::ApiGatewayV2::ApiMapping': mappingFaults,
};

function ofTemplates(judge: Judge): Judge {
  return (part, parts) => (part.imported ? [] : judge(part, parts));
}

/** The protocol of a part's API; undefined if the API is not in the templates, or its protocol not known. */
function protocolOf(part: Part, parts: Parts): string | undefined {
  const api = part.deployed.type === API ? part : parts.api(part, API);
  if (!api || api.given.ProtocolType === null) return undefined;
  return text(api.given.ProtocolType) ?? 'HTTP';
}

function apiFaults(part: Part, parts: Parts): readonly string[] {
  const { ProtocolType, RouteSelectionExpression, CorsConfiguration, Name, Body, BodyS3Location } = part.given;
  const protocol = protocolOf(part, parts);
  const defined = part.imported || Body !== undefined || BodyS3Location !== undefined;
  const cors = CorsConfiguration !== undefined;
  const { AllowCredentials, AllowOrigins, MaxAge } = recordOf(CorsConfiguration);
  const origins = knownTexts(AllowOrigins);
  return [
    ...amiss(ProtocolType, ['HTTP', 'WEBSOCKET'], 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]'),
    ...(defined ? [] : lacking(Name, 'Invalid API name specified')),
    ...(protocol === 'HTTP'
      ? amiss(
          RouteSelectionExpression,
          SELECTIONS,
          'Route selection expression is currently limited to "${request.method} ${request.path}"',
        )
      : []),
    ...(protocol === 'WEBSOCKET' ? lacking(RouteSelectionExpression, 'Invalid routeSelectionExpression') : []),
    ...(protocol === 'WEBSOCKET' && cors ? ['Cors is not supported for WEBSOCKET protocolType'] : []),
    ...(isTrue(AllowCredentials) && origins.includes('*')
      ? ["allow-credentials is not supported if 'allow-origin' is *"]
      : []),
    ...origins.flatMap((origin) => unless(/^(\*$|https?:\/\/)/, origin, `Invalid format for origin ${origin}`)),
    ...outside(MaxAge, { min: -1, max: facts.corsAge.value.max }, `MaxAge is from -1 to ${facts.corsAge.value.max}`),
  ];
}

function routeFaults(part: Part, parts: Parts): readonly string[] {
  const { RouteKey, Target, ApiKeyRequired } = part.given;
  const protocol = protocolOf(part, parts);
  const key = knownText(RouteKey);
  const twice = parts.before(part).some(({ given }) => key !== undefined && text(given.RouteKey) === key);
  return [
    ...lacking(RouteKey, 'Route key is required'),
    ...(protocol === 'HTTP' && key !== undefined && key !== '$default' ? keyFaults(key) : []),
    ...(twice ? [`Route with key ${key} already exists for this API`] : []),
    ...unless(
      /^integrations\//,
      Target,
      'Unexpected or malformed target in route. Correct format should be integrations/<integration_id>.',
    ),
    ...(protocol === 'HTTP' && isTrue(ApiKeyRequired)
      ? ['ApiKeyRequired is not currently supported for HTTP APIs.']
      : []),
    ...authorizationFaults(part, parts, protocol),
  ];
}

function keyFaults(key: string): readonly string[] {
  const [method = '', path = ''] = key.split(' ');
  if (!METHODS.includes(method) || !path.startsWith('/') || key.split(' ').length !== 2) {
    return [
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    ];
  }
  return path === '/' ||
    path
      .slice(1)
      .split('/')
      .every((one) => PATH_PART.test(one))
    ? []
    : [
        `One or more path parts appear to be invalid. Parts are validated against this regular expression: ${PATH_PART.source}`,
      ];
}

function authorizationFaults(part: Part, parts: Parts, protocol: string | undefined): readonly string[] {
  const { AuthorizationType, AuthorizerId, AuthorizationScopes, RouteKey } = part.given;
  if (AuthorizationType === null) return [];
  const type = text(AuthorizationType) ?? 'NONE';
  const authorizer = parts.named(AuthorizerId, AUTHORIZER);
  const isForeign = authorizer !== undefined && areApart(authorizer, part);
  const kind = text(authorizer?.given.AuthorizerType);
  const unfit = AuthorizerId === undefined || isForeign || (kind !== undefined && kind !== AUTHORIZERS[type]);
  const guarded = protocol === 'WEBSOCKET' && type !== 'NONE' && RouteKey !== null;
  return [
    ...(guarded && RouteKey !== '$connect'
      ? ['Currently, authorization is restricted to the $connect route only']
      : []),
    ...(type === 'JWT' && unfit
      ? ['Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.']
      : []),
    ...(type === 'CUSTOM' && unfit
      ? [
          'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
        ]
      : []),
    ...(texts(AuthorizationScopes).length > 0 && type !== 'JWT'
      ? ['Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type']
      : []),
  ];
}

function authorizerFaults(part: Part, parts: Parts): readonly string[] {
  const { AuthorizerType, AuthorizerResultTtlInSeconds, IdentitySource } = part.given;
  const protocol = protocolOf(part, parts);
  const isToken = AuthorizerType === 'JWT';
  const ttl = Number(text(AuthorizerResultTtlInSeconds) ?? 0);
  const form = protocol === 'WEBSOCKET' ? WEBSOCKET_SOURCE : HTTP_SOURCE;
  return [
    ...(protocol === 'WEBSOCKET'
      ? amiss(AuthorizerType, ['REQUEST'], 'Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.')
      : []),
    ...outside(AuthorizerResultTtlInSeconds, facts.authorizerTtl.value, TTL_FAULT),
    ...(ttl > 0 && !isToken
      ? lacking(IdentitySource, 'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)')
      : []),
    ...(protocol === undefined
      ? []
      : knownTexts(IdentitySource)
          .filter((source) => !form.test(source))
          .map((source) =>
            protocol === 'WEBSOCKET'
              ? `Invalid request identity source expression: ${source}`
              : `Invalid identity source expression: ${source}`,
          )),
    ...(isToken ? tokenFaults(part) : []),
    ...(AuthorizerType === 'REQUEST' ? functionFaults(part, protocol) : []),
  ];
}

function tokenFaults({ given: { JwtConfiguration } }: Part): readonly string[] {
  if (JwtConfiguration === undefined) return ['JwtConfiguration must not be null for JWT Authorizer'];
  if (JwtConfiguration === null) return [];
  const { Issuer, Audience } = recordOf(JwtConfiguration);
  return [
    ...lacking(Audience, 'a JWT authorizer has at least one audience'),
    ...lacking(Issuer, 'Invalid issuer: Issuer is not a valid URL for JWT Authorizer'),
    // One that is served on this machine has no certificate.
    ...unless(
      /^https?:\/\/./,
      Issuer === '' ? undefined : Issuer,
      'Invalid issuer: Issuer is not a valid URL for JWT Authorizer',
    ),
  ];
}

function functionFaults({ given }: Part, protocol: string | undefined): readonly string[] {
  const { AuthorizerUri, AuthorizerPayloadFormatVersion: version, EnableSimpleResponses } = given;
  return [
    ...lacking(AuthorizerUri, 'AuthorizerUri is a required field in an Authorizer'),
    ...(protocol === 'HTTP'
      ? lacking(version, 'AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer')
      : []),
    ...(isTrue(EnableSimpleResponses) && version !== null && text(version) !== '2.0'
      ? ['EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".']
      : []),
  ];
}

function stageFaults(part: Part, parts: Parts): readonly string[] {
  const { StageName, StageVariables, RouteSettings, AccessLogSettings } = part.given;
  const name = text(StageName);
  const twice = parts.before(part).some(({ given }) => name !== undefined && text(given.StageName) === name);
  const api = parts.api(part, API);
  const routes = parts.beside(part, ROUTE).map(({ given }) => given.RouteKey);
  // A quick create makes a route.
  const keys = api?.given.Target === undefined ? routes : [...routes, api.given.RouteKey ?? '$default'];
  const open = !api || keys.some((key) => knownText(key) === undefined) || parts.mayHaveMore(api, ROUTE);
  return [
    ...unless(/^(\$default|[\w-]{1,128})$/, StageName, 'Stage name only allows a-zA-Z0-9_-, up to 128 characters'),
    ...(twice ? ['Stage already exists'] : []),
    ...variableFaults(StageVariables),
    ...(open ? [] : Object.keys(recordOf(RouteSettings)).filter((key) => !keys.includes(key))).map(
      (key) => `Unable to find Route by key ${key} within the provided RouteSettings`,
    ),
    ...logFaults(recordOf(AccessLogSettings)),
  ];
}
