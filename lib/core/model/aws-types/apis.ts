import type { AwsType } from './aws-type';
import { methodSettingOf } from './shapes';

const REST = { restApi: 'RestApiId' };

/** APIs, what is in front of them, and their logs. */
export const APIS: Readonly<Record<string, AwsType>> = {
  'aws:apigatewayv2/api:Api': {
    type: 'AWS::ApiGatewayV2::Api',
    json: ['Body'],
    outputs: { id: '' },
  },
  'aws:apigatewayv2/route:Route': { type: 'AWS::ApiGatewayV2::Route', outputs: { id: '' } },
  'aws:apigatewayv2/integration:Integration': {
    type: 'AWS::ApiGatewayV2::Integration',
    renamed: { timeoutMilliseconds: 'TimeoutInMillis' },
    outputs: { id: '' },
  },
  'aws:apigatewayv2/stage:Stage': {
    type: 'AWS::ApiGatewayV2::Stage',
    renamed: { name: 'StageName' },
    outputs: { id: '', name: '' },
  },
  'aws:apigatewayv2/authorizer:Authorizer': {
    type: 'AWS::ApiGatewayV2::Authorizer',
    renamed: { identitySources: 'IdentitySource', 'jwtConfiguration.audiences': 'JwtConfiguration.Audience' },
    outputs: { id: '' },
  },
  'aws:apigatewayv2/domainName:DomainName': {
    type: 'AWS::ApiGatewayV2::DomainName',
    renamed: { domainNameConfiguration: 'DomainNameConfigurations' },
    listed: ['DomainNameConfigurations'],
    outputs: { id: '', domainName: '' },
  },
  'aws:apigateway/restApi:RestApi': {
    type: 'AWS::ApiGateway::RestApi',
    renamed: { apiKeySource: 'ApiKeySourceType' },
    json: ['Policy', 'Body'],
    verbatim: ['Parameters'],
    outputs: { id: '', executionArn: 'Arn' },
  },
  'aws:apigateway/restApiPolicy:RestApiPolicy': {
    type: 'AWS::ApiGateway::RestApi',
    json: ['Policy'],
    partOf: [{ type: 'AWS::ApiGateway::RestApi', by: 'RestApiId', at: 'Policy', take: 'Policy' }],
  },
  'aws:apigateway/resource:Resource': { type: 'AWS::ApiGateway::Resource', renamed: REST, outputs: { id: '' } },
  'aws:apigateway/method:Method': {
    type: 'AWS::ApiGateway::Method',
    renamed: { ...REST, authorization: 'AuthorizationType', requestValidatorId: 'RequestValidatorId' },
    verbatim: ['RequestParameters', 'RequestModels'],
  },
  'aws:apigateway/integration:Integration': {
    type: 'AWS::ApiGateway::Method',
    renamed: { ...REST, httpMethod: 'MethodOfIntegration', timeoutMilliseconds: 'TimeoutInMillis' },
    verbatim: ['RequestParameters', 'RequestTemplates'],
    // A method is identified by its API, resource and verb.
    partOf: [{ type: 'AWS::ApiGateway::Method', by: 'RestApiId,ResourceId,MethodOfIntegration', at: 'Integration' }],
  },
  'aws:apigateway/stage:Stage': {
    type: 'AWS::ApiGateway::Stage',
    renamed: {
      ...REST,
      deployment: 'DeploymentId',
      accessLogSettings: 'AccessLogSetting',
      xrayTracingEnabled: 'TracingEnabled',
    },
    verbatim: ['Variables'],
    outputs: { id: '', stageName: '' },
  },
  'aws:apigateway/methodSettings:MethodSettings': {
    type: 'AWS::ApiGateway::Stage',
    renamed: {
      ...REST,
      'settings.cacheDataEncrypted': 'Settings.CacheDataEncrypted',
    },
    shaped: methodSettingOf,
    partOf: [{ type: 'AWS::ApiGateway::Stage', by: 'RestApiId,StageName', at: 'MethodSettings', append: true }],
  },
  'aws:apigateway/deployment:Deployment': {
    type: 'AWS::ApiGateway::Deployment',
    renamed: REST,
    outputs: { id: '' },
  },
  'aws:apigateway/authorizer:Authorizer': {
    type: 'AWS::ApiGateway::Authorizer',
    renamed: { ...REST, providerArns: 'ProviderARNs' },
    outputs: { id: '' },
  },
  'aws:apigateway/domainName:DomainName': {
    type: 'AWS::ApiGateway::DomainName',
    json: ['Policy'],
    outputs: { id: '', domainName: '', cloudfrontDomainName: 'DistributionDomainName' },
  },
  'aws:apigateway/usagePlan:UsagePlan': {
    type: 'AWS::ApiGateway::UsagePlan',
    renamed: {
      name: 'UsagePlanName',
      quotaSettings: 'Quota',
      throttleSettings: 'Throttle',
      'apiStages.throttles': 'ApiStages.Throttle',
    },
    outputs: { id: '' },
  },
  'aws:apigateway/account:Account': {
    type: 'AWS::ApiGateway::Account',
    renamed: { cloudwatchRoleArn: 'CloudWatchRoleArn' },
  },
  'aws:appsync/graphQLApi:GraphQLApi': {
    type: 'AWS::AppSync::GraphQLApi',
    renamed: {
      'logConfig.cloudwatchLogsRoleArn': 'LogConfig.CloudWatchLogsRoleArn',
      openidConnectConfig: 'OpenIDConnectConfig',
      'additionalAuthenticationProviders.openidConnectConfig': 'AdditionalAuthenticationProviders.OpenIDConnectConfig',
    },
    outputs: { id: 'ApiId', uris: 'GraphQLUrl' },
  },
  'aws:appsync/api:Api': {
    type: 'AWS::AppSync::Api',
    renamed: {
      'eventConfig.logConfig.cloudwatchLogsRoleArn': 'EventConfig.LogConfig.CloudWatchLogsRoleArn',
      'eventConfig.authProviders.openidConnectConfig': 'EventConfig.AuthProviders.OpenIDConnectConfig',
    },
    outputs: { id: 'ApiId' },
  },
  'aws:appsync/resolver:Resolver': {
    type: 'AWS::AppSync::Resolver',
    renamed: {
      type: 'TypeName',
      field: 'FieldName',
      dataSource: 'DataSourceName',
      requestTemplate: 'RequestMappingTemplate',
      responseTemplate: 'ResponseMappingTemplate',
    },
  },
  'aws:appsync/function:Function': {
    type: 'AWS::AppSync::FunctionConfiguration',
    renamed: { dataSource: 'DataSourceName' },
    outputs: { id: 'FunctionId' },
  },
  'aws:appsync/dataSource:DataSource': {
    type: 'AWS::AppSync::DataSource',
    renamed: {
      dynamodbConfig: 'DynamoDBConfig',
      'dynamodbConfig.region': 'DynamoDBConfig.AwsRegion',
      'lambdaConfig.functionArn': 'LambdaConfig.LambdaFunctionArn',
      opensearchserviceConfig: 'OpenSearchServiceConfig',
      'relationalDatabaseConfig.httpEndpointConfig': 'RelationalDatabaseConfig.RdsHttpEndpointConfig',
      'relationalDatabaseConfig.sourceType': 'RelationalDatabaseConfig.RelationalDatabaseSourceType',
    },
    outputs: { id: '', name: 'Name', arn: 'DataSourceArn' },
  },
  'aws:cloudwatch/logGroup:LogGroup': {
    type: 'AWS::Logs::LogGroup',
    renamed: { name: 'LogGroupName', kmsKeyId: 'KmsKeyId' },
    outputs: { id: '', name: '' },
  },
  'aws:cloudwatch/logResourcePolicy:LogResourcePolicy': {
    type: 'AWS::Logs::ResourcePolicy',
    json: ['PolicyDocument'],
  },
  'aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter': {
    type: 'AWS::Logs::SubscriptionFilter',
    renamed: { logGroup: 'LogGroupName', name: 'FilterName' },
  },
  'aws:cloudwatch/logDestination:LogDestination': {
    type: 'AWS::Logs::Destination',
    renamed: { name: 'DestinationName' },
    outputs: { id: '', name: '' },
  },
  'aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy': {
    type: 'AWS::Logs::Destination',
    json: ['AccessPolicy'],
    partOf: [{ type: 'AWS::Logs::Destination', by: 'DestinationName', at: 'DestinationPolicy', take: 'AccessPolicy' }],
  },
};
