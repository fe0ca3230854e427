import { type Raw } from '../intrinsics';
import { compact, made, objectOf, omit, pick, type RawResources, ref, type SamResource, tagList } from './raw';

const STAGE_SETTINGS = [
  'AccessLogSetting',
  'CacheClusterEnabled',
  'CacheClusterSize',
  'CanarySetting',
  'MethodSettings',
  'TracingEnabled',
  'Variables',
];

/** A SAM REST API: API, deployment and stage. */
export function restApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const { StageName: stage, DefinitionBody: body, DefinitionUri: uri, Tags: tags } = properties;
  return {
    [id]: made(api, 'AWS::ApiGateway::RestApi', {
      ...pick(properties, [
        'Name',
        'Description',
        'BinaryMediaTypes',
        'EndpointConfiguration',
        'DisableExecuteApiEndpoint',
      ]),
      Body: body,
      BodyS3Location: uri,
      Tags: tagList(tags),
    }),
    [`${id}Deployment`]: made(api, 'AWS::ApiGateway::Deployment', { RestApiId: ref(id) }),
    [`${id}${typeof stage === 'string' ? stage : ''}Stage`]: made(api, 'AWS::ApiGateway::Stage', {
      ...pick(properties, STAGE_SETTINGS),
      RestApiId: ref(id),
      DeploymentId: ref(`${id}Deployment`),
      StageName: stage ?? 'Prod',
      Tags: tagList(tags),
    }),
  };
}

/** A SAM HTTP API: API and stage. */
export function httpApiResources(api: SamResource): RawResources {
  const { id, properties } = api;
  const { StageName: stage, CorsConfiguration: cors, DefinitionBody: body, DefaultRouteSettings: routes } = properties;
  return {
    [id]: made(api, 'AWS::ApiGatewayV2::Api', {
      ...pick(properties, ['Name', 'Description', 'DisableExecuteApiEndpoint', 'Tags']),
      ProtocolType: 'HTTP',
      Body: body,
      CorsConfiguration: cors === true ? { AllowOrigins: ['*'] } : cors === false ? undefined : cors,
    }),
    [`${id}ApiGatewayDefaultStage`]: made(api, 'AWS::ApiGatewayV2::Stage', {
      ApiId: ref(id),
      StageName: stage ?? '$default',
      AutoDeploy: true,
      AccessLogSettings: properties['AccessLogSettings'],
      DefaultRouteSettings: routes,
      RouteSettings: properties['RouteSettings'],
    }),
  };
}

/** How the routes of an API are authorized that say nothing themselves. */
export function defaultAuthorization(api: Raw, named: string): string {
  const authorizer = objectOf(api['Auth'])['DefaultAuthorizer'];
  if (authorizer === undefined || authorizer === 'NONE') return 'NONE';
  return authorizer === 'AWS_IAM' ? 'AWS_IAM' : named;
}

/** A SAM table. */
export function tableResources(table: SamResource): RawResources {
  const { id, properties } = table;
  const { Name = 'id', Type = 'String' } = objectOf(properties['PrimaryKey']);
  const throughput = properties['ProvisionedThroughput'];
  const type = { String: 'S', Number: 'N', Binary: 'B' }[String(Type)] ?? Type;
  return {
    [id]: made(table, 'AWS::DynamoDB::Table', {
      ...pick(properties, ['TableName', 'SSESpecification', 'PointInTimeRecoverySpecification']),
      AttributeDefinitions: [{ AttributeName: Name, AttributeType: type }],
      KeySchema: [{ AttributeName: Name, KeyType: 'HASH' }],
      BillingMode: throughput === undefined ? 'PAY_PER_REQUEST' : undefined,
      ProvisionedThroughput: throughput,
      Tags: tagList(properties['Tags']),
    }),
  };
}

/** A SAM layer. */
export function layerResources(layer: SamResource): RawResources {
  const { id, properties } = layer;
  return {
    [id]: made(layer, 'AWS::Lambda::LayerVersion', compact(omit(properties, ['ContentUri', 'RetentionPolicy']))),
  };
}
