import { websocketDomainResources } from './api-domain';
import { compact, getAtt, made, pick, type RawResources, ref, type SamResource, sub } from './raw';
import { recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

/** Expands a SAM WebSocket API: API, stage, and for each route its integration and the permission to call. */
export function websocketApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const routes = Object.entries(recordOf(properties.Routes));
  return {
    [id]: made(api, 'AWS::ApiGatewayV2::Api', {
      ...pick(properties, [
        'ApiKeySelectionExpression',
        'Description',
        'DisableExecuteApiEndpoint',
        'DisableSchemaValidation',
        'IpAddressType',
        'RouteSelectionExpression',
        'Tags',
      ]),
      Name: properties.Name ?? id,
      ProtocolType: 'WEBSOCKET',
    }),
    [stageId(api)]: made(api, 'AWS::ApiGatewayV2::Stage', {
      ...pick(properties, ['StageVariables', 'AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings']),
      ApiId: ref(id),
      StageName: stageName(api),
      AutoDeploy: true,
    }),
    ...Object.assign({}, ...routes.map(([key, route]) => routeResources(api, key, recordOf(route)))),
    ...authorizer(api),
    ...websocketDomainResources(api, stageId(api)),
  };
}

function stageName({ properties }: SamResource): unknown {
  return properties.StageName ?? 'default';
}

function stageId(api: SamResource): string {
  const stage = stageName(api);
  if (stage === 'default') return `${api.id}DefaultStage`;
  return `${api.id}${typeof stage === 'string' ? stage : ''}Stage`;
}

function routeResources(api: SamResource, key: string, route: JsonObject): RawResources {
  const { id } = api;
  const word = key.replace('$', '');
  const base = `${id}${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`;
  const connecting = key === '$connect' ? recordOf(api.properties.Auth) : {};
  const { AuthType: type, AuthArn: arn } = connecting;
  const stage = stageName(api);
  return {
    [`${base}Route`]: made(api, 'AWS::ApiGatewayV2::Route', {
      ...pick(route, [
        'ApiKeyRequired',
        'ModelSelectionExpression',
        'OperationName',
        'RequestModels',
        'RequestParameters',
      ]),
      ApiId: ref(id),
      RouteKey: key,
      AuthorizationType: type,
      AuthorizerId: arn === undefined ? undefined : ref(`${id}ConnectAuthorizer`),
      Target: { 'Fn::Join': ['/', ['integrations', ref(`${base}Integration`)]] },
    }),
    [`${base}Integration`]: made(api, 'AWS::ApiGatewayV2::Integration', {
      ApiId: ref(id),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: invocation(route.FunctionArn),
      TimeoutInMillis: route.IntegrationTimeout,
    }),
    [`${base}Permission`]: permission(api, route.FunctionArn, `\${Stage}/${key}`, { Stage: stage }),
  };
}

/** The authorizer of `$connect`; if it has a role, the function is called with that. */
function authorizer(api: SamResource): RawResources {
  const { id, properties } = api;
  const {
    AuthType: type,
    AuthArn: fn,
    InvokeRole: role,
    IdentitySource,
    Name = `${id}ConnectAuthorizer`,
  } = recordOf(properties.Auth);
  if (type !== 'CUSTOM' || fn === undefined) return {};
  return {
    [`${id}ConnectAuthorizer`]: made(api, 'AWS::ApiGatewayV2::Authorizer', {
      ...compact({ IdentitySource, Name, AuthorizerCredentialsArn: role }),
      ApiId: ref(id),
      AuthorizerType: 'REQUEST',
      AuthorizerUri: invocation(fn),
    }),
    ...(role === undefined && { [`${id}AuthorizerPermission`]: permission(api, fn, 'authorizers/*', {}) }),
  };
}

function invocation(fn: unknown): JsonObject {
  const path = 'lambda:path/2015-03-31/functions/${Function}/invocations';
  return sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:${path}`, { Function: fn });
}

function permission(api: SamResource, fn: unknown, call: string, variables: JsonObject): JsonObject {
  return made(api, 'AWS::Lambda::Permission', {
    Action: CALLS.function.required,
    FunctionName: fn,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${call}`, {
      Api: getAtt(api.id, 'ApiId'),
      ...variables,
    }),
  });
}
