import { asList, isRecord, recordOf, type JsonObject } from '../../record';
import { compact, made, type RawResources, ref, type SamResource, sub } from './raw';

/** Logical id of an API's authorizer, which SAM writes into the API's definition. */
export const authorizerId = (api: string, name: string): string => `${api}${name}Authorizer`;

/** The authorizers of a REST API, by the names that its events use. */
export function restAuthorizers(api: SamResource): RawResources {
  return ofEach(api, (name, { UserPoolArn: pools, FunctionPayloadType: payload, ...settings }) => {
    const { Identity, FunctionInvokeRole: role } = settings;
    const identity = recordOf(Identity);
    const header = `method.request.header.${String(identity.Header ?? 'Authorization')}`;
    const isRequest = payload === 'REQUEST';
    return made(api, 'AWS::ApiGateway::Authorizer', {
      RestApiId: ref(api.id),
      Name: name,
      Type: pools !== undefined ? 'COGNITO_USER_POOLS' : isRequest ? 'REQUEST' : 'TOKEN',
      ProviderARNs: pools === undefined ? undefined : asList(pools),
      AuthorizerUri: uriOf(settings),
      AuthorizerCredentials: role === 'NONE' ? undefined : role,
      IdentitySource: isRequest ? sourcesOf(identity, REST_SOURCES).join(',') : header,
      IdentityValidationExpression: identity.ValidationExpression,
      AuthorizerResultTtlInSeconds: identity.ReauthorizeEvery,
    });
  });
}

/** The authorizers of an HTTP API, by the names that its events use. */
export function httpAuthorizers(api: SamResource): RawResources {
  return ofEach(api, (name, settings) => {
    const { JwtConfiguration: jwt, IdentitySource: source, Identity, FunctionInvokeRole: role } = settings;
    const { issuer, audience, Issuer = issuer, Audience = audience } = recordOf(jwt);
    const identity = recordOf(Identity);
    const byFunction = jwt === undefined;
    return made(api, 'AWS::ApiGatewayV2::Authorizer', {
      ApiId: ref(api.id),
      Name: name,
      AuthorizerType: byFunction ? 'REQUEST' : 'JWT',
      IdentitySource: byFunction ? sourcesOf(identity, HTTP_SOURCES) : asList(source),
      JwtConfiguration: byFunction ? undefined : compact({ Issuer, Audience }),
      AuthorizerUri: uriOf(settings),
      AuthorizerCredentialsArn: role === 'NONE' ? undefined : role,
      AuthorizerPayloadFormatVersion: settings.AuthorizerPayloadFormatVersion,
      EnableSimpleResponses: settings.EnableSimpleResponses,
      AuthorizerResultTtlInSeconds: identity.ReauthorizeEvery,
    });
  });
}

/** An authorizer as a security scheme of a definition. */
export function authorizerScheme(settings: JsonObject): JsonObject {
  const {
    UserPoolArn: pools,
    JwtConfiguration: jwt,
    FunctionInvokeRole: role,
    FunctionPayloadType: payload,
  } = settings;
  const identity = recordOf(settings.Identity);
  const name = identity.Header ?? 'Authorization';
  if (jwt !== undefined) {
    const authorizer = { type: 'jwt', jwtConfiguration: jwt, identitySource: settings.IdentitySource };
    return { type: 'oauth2', 'x-amazon-apigateway-authorizer': authorizer };
  }
  if (pools !== undefined) {
    const authorizer = { type: 'cognito_user_pools', providerARNs: asList(pools) };
    return {
      ...HEADER,
      name,
      'x-amazon-apigateway-authtype': 'cognito_user_pools',
      'x-amazon-apigateway-authorizer': authorizer,
    };
  }
  const version = settings.AuthorizerPayloadFormatVersion;
  const isRequest = payload === 'REQUEST' || version !== undefined;
  const sources = sourcesOf(identity, version === undefined ? REST_SOURCES : HTTP_SOURCES).join(', ');
  const authorizer = compact({
    type: settings.FunctionArn === undefined ? undefined : isRequest ? 'request' : 'token',
    authorizerUri: uriOf(settings),
    authorizerCredentials: role === 'NONE' ? undefined : role,
    authorizerPayloadFormatVersion: version,
    enableSimpleResponses: settings.EnableSimpleResponses,
    identitySource: isRequest && sources !== '' ? sources : undefined,
    identityValidationExpression: identity.ValidationExpression,
    authorizerResultTtlInSeconds: identity.ReauthorizeEvery,
  });
  return {
    ...HEADER,
    name: isRequest ? 'Unused' : name,
    'x-amazon-apigateway-authtype': 'custom',
    'x-amazon-apigateway-authorizer': authorizer,
  };
}

const HEADER = { type: 'apiKey', in: 'header' };

/** The authorization of a route by the name of its authorizer; undefined if the API has none of that name. */
export function authorizedBy(api: string, auth: JsonObject, name: string, rest: boolean): JsonObject | undefined {
  if (name === 'NONE' || name === 'AWS_IAM') return { AuthorizationType: name };
  const authorizer = recordOf(auth.Authorizers)[name];
  if (!isRecord(authorizer)) return undefined;
  const rests = authorizer.UserPoolArn === undefined ? 'CUSTOM' : 'COGNITO_USER_POOLS';
  const https = authorizer.JwtConfiguration === undefined ? 'CUSTOM' : 'JWT';
  return compact({
    AuthorizationType: rest ? rests : https,
    AuthorizerId: ref(authorizerId(api, name)),
    AuthorizationScopes: authorizer.AuthorizationScopes,
  });
}

function ofEach(api: SamResource, by: (name: string, settings: JsonObject) => JsonObject): RawResources {
  const { Authorizers } = recordOf(api.properties.Auth);
  const named = isRecord(Authorizers) ? Object.entries(Authorizers) : [];
  return Object.fromEntries(
    named
      .filter(([, one]) => isRecord(one))
      .map(([name, one]) => [authorizerId(api.id, name), by(name, recordOf(one))]),
  );
}

function uriOf({ FunctionArn: fn }: JsonObject): unknown {
  if (fn === undefined) return undefined;
  return sub('arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn}/invocations', {
    Fn: fn,
  });
}

const REST_SOURCES = {
  Headers: 'method.request.header.',
  QueryStrings: 'method.request.querystring.',
  StageVariables: 'stageVariables.',
  Context: 'context.',
};
const HTTP_SOURCES = {
  Headers: '$request.header.',
  QueryStrings: '$request.querystring.',
  StageVariables: '$stageVariables.',
  Context: '$context.',
};

function sourcesOf(identity: JsonObject, prefixes: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(prefixes).flatMap(([kind, prefix]) =>
    asList(identity[kind]).map((name) => `${prefix}${String(name)}`),
  );
}
