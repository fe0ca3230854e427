import { authorizerMatch } from '../../../../lib/rules/rules/apis/authorizer-match';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { httpApi, restApi } from './templates';

const tokens = {
  ...httpApi,
  Tokens: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: { ApiId: { Ref: 'Api' }, AuthorizerType: 'JWT', Name: 'tokens' },
  },
  Route: {
    ...httpApi.Route,
    Properties: {
      ...httpApi.Route.Properties,
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'Tokens' },
      AuthorizationScopes: ['orders:write'],
    },
  },
};

describeFaults(authorizerMatch, tokens, [
  {
    mistake: 'a route that asks for a token and names no authorizer',
    change: { 'Route.AuthorizerId': undefined },
    message: 'asks for JWT authorization and names no authorizer',
    open: { 'Route.AuthorizerId': undefined, 'Route.AuthorizationType': OPEN },
  },
  {
    mistake: 'a route that asks for a function and names an authorizer of tokens',
    change: { 'Route.AuthorizationType': 'CUSTOM', 'Route.AuthorizationScopes': undefined },
    message: 'asks for CUSTOM authorization by Shop/Tokens, whose type is JWT',
    open: { 'Route.AuthorizationType': OPEN },
  },
  {
    mistake: 'a route that asks for a function and names an authorizer of whatever type',
    change: {
      'Route.AuthorizationType': 'CUSTOM',
      'Route.AuthorizationScopes': undefined,
      'Tokens.AuthorizerType': inProduction('REQUEST', 'JWT'),
    },
    message: 'asks for CUSTOM authorization by Shop/Tokens, whose type is JWT',
    open: { 'Tokens.AuthorizerType': OPEN },
  },
  {
    mistake: 'scopes that nothing checks',
    change: { 'Route.AuthorizationType': 'AWS_IAM', 'Route.AuthorizerId': undefined },
    message: 'has scopes, which only JWT checks, not AWS_IAM',
  },
  {
    mistake: 'an authorizer of another API',
    change: {
      'Tokens.ApiId': { Ref: 'Other' },
      Other: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'other', ProtocolType: 'HTTP' } },
    },
    message: 'names Shop/Tokens, an authorizer of Shop/Other',
  },
]);

describeFaults(authorizerMatch, restApi, [
  {
    mistake: 'a method that asks for a user pool and names no authorizer',
    change: { 'Method.AuthorizationType': 'COGNITO_USER_POOLS' },
    message: 'asks for COGNITO_USER_POOLS authorization and names no authorizer',
  },
]);

describeAccepted(authorizerMatch, tokens, [
  { accepts: 'an authorizer outside the template', change: { 'Route.AuthorizerId': 'abc123' } },
  { accepts: 'an authorizer that is known only at deployment', change: { 'Route.AuthorizerId': OPEN } },
]);
