import { isLocal } from './function';
import { httpDomainResources, restDomainResources } from './api-domain';
import { compact, made, omit, pick, type RawResources, ref, type SamResource, sub, tagList } from './raw';
import { isRecord, recordOf, type JsonObject } from '../../record';
import { CALLS } from '../../iam/platform-actions';

const STAGE_SETTINGS = [
  'AccessLogSetting',
  'CacheClusterEnabled',
  'CacheClusterSize',
  'CanarySetting',
  'MethodSettings',
  'TracingEnabled',
  'Variables',
];

/** Expands a SAM REST API: API, deployment, stage, and the resources of its authorizers, usage plan and domain. */
export function restApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const { StageName: stage, DefinitionBody: body, DefinitionUri: uri, Tags: tags } = properties;
  const endpoint = properties.EndpointConfiguration;
  return {
    [id]: made(api, 'AWS::ApiGateway::RestApi', {
      ...pick(properties, ['Name', 'Description', 'BinaryMediaTypes', 'DisableExecuteApiEndpoint', 'Policy']),
      EndpointConfiguration: typeof endpoint === 'string' ? { Types: [endpoint] } : endpointConfiguration(endpoint),
      Body: body,
      BodyS3Location: uri,
      Tags: tagList(tags),
    }),
    [`${id}Deployment`]: made(api, 'AWS::ApiGateway::Deployment', { RestApiId: ref(id) }),
    [stageId(api)]: made(api, 'AWS::ApiGateway::Stage', {
      ...pick(properties, STAGE_SETTINGS),
      RestApiId: ref(id),
      DeploymentId: ref(`${id}Deployment`),
      StageName: stage ?? 'Prod',
      Tags: tagList(tags),
    }),
    ...authorizerPermissions(api, (authorizer) => authorizer.DisableFunctionDefaultPermissions !== true),
    ...usagePlan(api),
    ...restDomainResources(api, stageId(api)),
  };
}

function endpointConfiguration(endpoint: unknown): unknown {
  if (!isRecord(endpoint)) return endpoint;
  const { Type: type, VpcEndpointIds, VPCEndpointIds: ids = VpcEndpointIds } = endpoint;
  return type === undefined ? endpoint : compact({ Types: [type], VpcEndpointIds: ids });
}

function stageId({ id, properties: { StageName: stage } }: SamResource): string {
  return `${id}${typeof stage === 'string' && /^[A-Za-z0-9]+$/.test(stage) ? stage : ''}Stage`;
}

/** Expands a SAM HTTP API: API, stage, and the resources of its authorizers and domain. */
export function httpApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const { StageName: stage, CorsConfiguration: cors, DefinitionBody: body, DefaultRouteSettings: routes } = properties;
  const named = stage === undefined || stage === '$default' ? `${id}ApiGatewayDefaultStage` : stageId(api);
  return {
    [id]: made(api, 'AWS::ApiGatewayV2::Api', {
      ...pick(properties, ['Name', 'Description', 'DisableExecuteApiEndpoint', 'Tags']),
      ProtocolType: 'HTTP',
      Body: body,
      BodyS3Location: properties.DefinitionUri,
      CorsConfiguration: cors === true ? { AllowOrigins: ['*'] } : cors === false ? undefined : cors,
    }),
    [named]: made(api, 'AWS::ApiGatewayV2::Stage', {
      ApiId: ref(id),
      StageName: stage ?? '$default',
      AutoDeploy: true,
      AccessLogSettings: properties.AccessLogSettings,
      DefaultRouteSettings: routes,
      RouteSettings: properties.RouteSettings,
      StageVariables: properties.StageVariables,
    }),
    ...authorizerPermissions(api, (authorizer) => authorizer.EnableFunctionDefaultPermissions === true),
    ...httpDomainResources(api, named),
  };
}

/** Permissions for the API to call its authorizers' functions. */
function authorizerPermissions(api: SamResource, select: (authorizer: JsonObject) => boolean): RawResources {
  const { id, properties } = api;
  const authorizers = Object.entries(recordOf(recordOf(properties.Auth).Authorizers));
  return Object.fromEntries(
    authorizers.flatMap(([name, raw]): [string, JsonObject][] => {
      const authorizer = recordOf(raw);
      const fn = authorizer.FunctionArn;
      if (fn === undefined || !select(authorizer)) return [];
      const permission = made(api, 'AWS::Lambda::Permission', {
        Action: CALLS.function.required,
        FunctionName: fn,
        Principal: 'apigateway.amazonaws.com',
        SourceArn: sub('arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*', {
          Api: ref(id),
        }),
      });
      return [[`${id}${name}AuthorizerPermission`, permission]];
    }),
  );
}

/** A usage plan with its key, for one API or shared by all that ask for it. */
function usagePlan(api: SamResource): RawResources {
  const { id, properties } = api;
  const plan = recordOf(recordOf(properties.Auth).UsagePlan);
  const kind = plan.CreateUsagePlan;
  if (kind !== 'PER_API' && kind !== 'SHARED') return {};
  const prefix = kind === 'SHARED' ? 'Serverless' : id;
  const stage = [{ ApiId: ref(id), Stage: ref(stageId(api)) }];
  return {
    [`${prefix}UsagePlan`]: made(api, 'AWS::ApiGateway::UsagePlan', {
      ...pick(plan, ['Description', 'Quota', 'Throttle', 'UsagePlanName']),
      ApiStages: stage,
      Tags: tagList(plan.Tags),
    }),
    [`${prefix}ApiKey`]: made(api, 'AWS::ApiGateway::ApiKey', {
      Enabled: true,
      StageKeys: [{ RestApiId: ref(id), StageName: ref(stageId(api)) }],
    }),
    [`${prefix}UsagePlanKey`]: made(api, 'AWS::ApiGateway::UsagePlanKey', {
      KeyId: ref(`${prefix}ApiKey`),
      KeyType: 'API_KEY',
      UsagePlanId: ref(`${prefix}UsagePlan`),
    }),
  };
}

export function tableResources(table: SamResource): RawResources {
  const { id, properties } = table;
  const { Name = 'id', Type = 'String' } = recordOf(properties.PrimaryKey);
  const throughput = properties.ProvisionedThroughput;
  const type = { String: 'S', Number: 'N', Binary: 'B' }[String(Type)] ?? Type;
  return {
    [id]: made(table, 'AWS::DynamoDB::Table', {
      ...pick(properties, ['TableName', 'SSESpecification', 'PointInTimeRecoverySpecification']),
      AttributeDefinitions: [{ AttributeName: Name, AttributeType: type }],
      KeySchema: [{ AttributeName: Name, KeyType: 'HASH' }],
      BillingMode: throughput === undefined ? 'PAY_PER_REQUEST' : undefined,
      ProvisionedThroughput: throughput,
      Tags: tagList(properties.Tags),
    }),
  };
}

export function layerResources(layer: SamResource): RawResources {
  const { id, properties } = layer;
  return {
    [id]: made(
      layer,
      'AWS::Lambda::LayerVersion',
      compact({
        ...omit(properties, ['ContentUri', 'RetentionPolicy']),
        Content: isLocal(properties.ContentUri) ? properties.ContentUri : undefined,
      }),
    ),
  };
}
