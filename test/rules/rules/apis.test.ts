import { readTemplate } from '../../../lib/core/model/read-template';
import { judge } from '../../../lib/rules/judge';
import { apiRouteAuthorizer } from '../../../lib/rules/rules/apis/api-route-authorizer';
import { arn, changed, describeFaults, judgeAll, modelOf, OPEN } from './faults';
import { goodFunction } from './parts';

const apiArn = (api: string) => ({ 'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api}}/*` });
const invocations = (fn: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${fn}.Arn}/invocations`,
});

const permission = (fn: object, api: string) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: fn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: apiArn(api),
  },
});

const http = {
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
      AccessLogSettings: { DestinationArn: arn('AccessLogs'), Format: '$context.requestId' },
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 },
    },
  },
  AccessLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  Domain: {
    Type: 'AWS::ApiGatewayV2::DomainName',
    Properties: { DomainName: 'api.example.com', DomainNameConfigurations: [{ SecurityPolicy: 'TLS_1_2' }] },
  },
};

describe('HTTP APIs', () => {
  describeFaults(http, [
    {
      rule: 'HttpApiTimeout',
      mistake: 'a function of 60 seconds',
      change: { 'Orders.Timeout': 60 },
      message: 'waits 30 seconds at POST /orders, but Shop/Orders may take 60',
      open: { 'Orders.Timeout': OPEN },
    },
    {
      rule: 'HttpApiTimeout',
      mistake: 'an integration that waits less than its function',
      change: { 'Integration.TimeoutInMillis': 5000 },
      message: 'waits 5 seconds at POST /orders, but Shop/Orders may take 10',
    },
    {
      rule: 'InvokePermission',
      mistake: 'a route that may not call its function',
      change: { Permission: undefined },
      message: 'calls Shop/Orders, which does not let apigateway.amazonaws.com do so',
      openButFine: { 'Integration.IntegrationUri': OPEN },
    },
    {
      rule: 'ApiRouteAuthorizer',
      mistake: 'a route for everybody',
      change: { 'Route.AuthorizationType': undefined },
      message: 'answers POST /orders to everybody',
      open: { 'Route.AuthorizationType': OPEN },
    },
    {
      rule: 'ApiAccessLogs',
      mistake: 'a stage without access logs',
      change: { 'Stage.AccessLogSettings': undefined },
      message: 'does not log its requests',
      openButFine: { 'Stage.AccessLogSettings.DestinationArn': OPEN },
    },
    {
      rule: 'ApiThrottling',
      mistake: 'a stage without a limit',
      change: { 'Stage.DefaultRouteSettings': undefined },
      message: 'takes as many requests as the account has left',
      openButFine: { 'Stage.DefaultRouteSettings.ThrottlingRateLimit': OPEN },
    },
    {
      rule: 'ApiTlsVersion',
      mistake: 'a domain that takes TLS 1.0',
      change: { 'Domain.DomainNameConfigurations.0.SecurityPolicy': 'TLS_1_0' },
      message: 'takes TLS 1.0',
      openButFine: { 'Domain.DomainNameConfigurations.0.SecurityPolicy': OPEN },
    },
    {
      rule: 'CorsCredentials',
      mistake: 'credentials for every origin',
      change: { 'Api.CorsConfiguration': { AllowCredentials: true, AllowOrigins: ['https://*'] } },
      message: 'allows credentials to every origin',
    },
  ]);
});

describe('a warm alias behind an API', () => {
  const warm = {
    ...http,
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
      ...http.Integration,
      Properties: { ...http.Integration.Properties, IntegrationUri: { Ref: 'Live' } },
    },
    Permission: permission({ Ref: 'Live' }, 'Api'),
  };
  describeFaults(warm, [
    {
      rule: 'ProvisionedAliasBypassed',
      mistake: 'a route that goes round the alias',
      change: { 'Integration.IntegrationUri': arn('Orders'), Permission: permission(arn('Orders'), 'Api') },
      message: 'is warm, but the API Shop/Integration calls the function itself',
    },
    {
      rule: 'InvokePermission',
      mistake: 'a permission on the function for a call of the alias',
      change: { Permission: permission(arn('Orders'), 'Api') },
      message: 'calls Shop/Live of Shop/Orders, which does not let apigateway.amazonaws.com do so',
    },
  ]);
});

const rest = {
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
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100 }],
    },
  },
  AccessLogs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
};

describe('REST APIs', () => {
  describeFaults(rest, [
    {
      rule: 'RestApiTimeout',
      mistake: 'a function of 60 seconds',
      change: { 'Orders.Timeout': 60 },
      message: 'waits 29 seconds at POST /orders, but Shop/Orders may take 60',
      open: { 'Method.Integration.TimeoutInMillis': OPEN },
    },
    {
      rule: 'InvokePermission',
      mistake: 'a method that may not call its function',
      change: { Permission: undefined },
      message: 'calls Shop/Orders, which does not let apigateway.amazonaws.com do so',
    },
    {
      rule: 'ApiRouteAuthorizer',
      mistake: 'a method for everybody',
      change: { 'Method.AuthorizationType': 'NONE' },
      message: 'answers POST /orders to everybody',
      open: { 'Api.BodyS3Location': { Bucket: 'b', Key: 'k' } },
    },
    {
      rule: 'ApiRouteAuthorizer',
      mistake: 'a method for everybody behind a policy for everybody',
      change: {
        'Method.AuthorizationType': 'NONE',
        'Api.Policy': { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }] },
      },
      message: 'answers POST /orders to everybody',
      openButFine: {
        'Method.AuthorizationType': 'NONE',
        'Api.Policy': {
          Statement: [
            { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' },
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'execute-api:Invoke',
              Resource: '*',
              Condition: { NotIpAddress: { 'aws:SourceIp': OPEN } },
            },
          ],
        },
      },
    },
    {
      rule: 'ApiAccessLogs',
      mistake: 'a stage without access logs',
      change: { 'Stage.AccessLogSetting': undefined },
      message: 'does not log its requests',
    },
    {
      rule: 'ApiThrottling',
      mistake: 'a stage without a limit',
      change: { 'Stage.MethodSettings': [{ HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: true }] },
      message: 'takes as many requests as the account has left',
    },
  ]);
});

describe('APIs in an OpenAPI document', () => {
  const operation = {
    security: [{ Login: [] }],
    'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: invocations('Orders') },
  };
  const { Resource: _, Method: __, ...others } = rest;
  const documented = {
    ...others,
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Body: { paths: { '/orders': { post: operation } } } } },
  };
  describeFaults(documented, [
    {
      rule: 'ApiRouteAuthorizer',
      mistake: 'an operation for everybody',
      change: { 'Api.Body': { paths: { '/orders': { post: { ...operation, security: [] } } } } },
      message: 'answers POST /orders to everybody',
      open: { 'Api.Body': OPEN },
    },
    {
      rule: 'RestApiTimeout',
      mistake: 'a function of 60 seconds behind an operation',
      change: { 'Orders.Timeout': 60 },
      message: 'waits 29 seconds at POST /orders',
    },
  ]);
});

describe('public function URLs', () => {
  const url = {
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
  test('FunctionUrlPermission refuses a public URL with one of two permissions', () => {
    const model = modelOf(changed(url, { 'Url.AuthType': 'NONE' }));
    expect(judgeAll(model).findings).toEqual([
      'FunctionUrlPermission Url: lacks the permission lambda:InvokeFunction',
      'FunctionUrlPublic Url: is open to everybody',
    ]);
  });
  describeFaults(url, [
    {
      rule: 'LambdaPermissionSource',
      mistake: 'a function that everybody may call',
      change: { 'UrlPermission.FunctionUrlAuthType': undefined },
      message: 'lets everybody call the function',
    },
  ]);
});

test('ApiRouteAuthorizer names the path of an event of SAM', () => {
  const sam = {
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Hello: {
        Type: 'AWS::Serverless::Function',
        Properties: { Events: { Api: { Type: 'Api', Properties: { Path: '/hello/{name}', Method: 'get' } } } },
      },
    },
  };
  const { findings } = judge(readTemplate(JSON.stringify(sam), { file: 'sam.yaml' }), { rules: [apiRouteAuthorizer] });
  expect(findings.map(({ message }) => message)).toEqual(['answers GET /hello/{name} to everybody']);
});
