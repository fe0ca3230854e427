import { arn } from '../faults';
import { goodFunction } from '../parts';

export const apiArn = (api: string) => ({
  'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api}}/*`,
});

export const invocations = (fn: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${fn}.Arn}/invocations`,
});

export const permission = (fn: object, api: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: fn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: apiArn(api),
  },
});

export const httpApi = {
  ...goodFunction('Orders'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'POST /orders',
      AuthorizationType: 'AWS_IAM',
      Target: { 'Fn::Sub': 'integrations/${Integration}' },
    },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arn('Orders'),
      PayloadFormatVersion: '2.0',
    },
  },
  Permission: permission(arn('Orders'), 'Api'),
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: {
      ApiId: { Ref: 'Api' },
      StageName: '$default',
      AccessLogSettings: { DestinationArn: arn('AccessLogs'), Format: '{"id":"$context.requestId"}' },
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 },
    },
  },
  AccessLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  Domain: {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: { DomainName: 'api.example.com', DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }] },
  },
};

export const warmAlias = {
  ...httpApi,
  Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Orders' } } },
  Live: {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: 'live',
      FunctionName: { Ref: 'Orders' },
      FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
    },
  },
  Integration: {
    ...httpApi.Integration,
    Properties: { ...httpApi.Integration.Properties, IntegrationUri: { Ref: 'Live' } },
  },
  Permission: permission({ Ref: 'Live' }, 'Api'),
};

export const restApi = {
  ...goodFunction('Orders'),
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
  Resource: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ParentId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      PathPart: 'orders',
    },
  },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: 'Api' },
      ResourceId: { Ref: 'Resource' },
      HttpMethod: 'POST',
      AuthorizationType: 'AWS_IAM',
      Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: invocations('Orders') },
    },
  },
  Permission: permission(arn('Orders'), 'Api'),
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: { Ref: 'Api' },
      AccessLogSetting: { DestinationArn: arn('AccessLogs') },
      TracingEnabled: true,
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100 }],
    },
  },
  AccessLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
};

export const operation = {
  security: [{ Login: [] }],
  'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: invocations('Orders') },
};

const login = { securitySchemes: { Login: { type: 'oauth2', 'x-amazon-apigateway-authorizer': {} } } };

export const { Resource: _, Method: __, ...others } = restApi;

export const documentedApi = {
  ...others,
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { Body: { components: login, paths: { '/orders': { post: operation } } } },
  },
};

export const functionUrl = {
  ...goodFunction('Hook'),
  Url: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: arn('Hook') } },
  UrlPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: arn('Hook'),
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'AWS_IAM',
    },
  },
};
