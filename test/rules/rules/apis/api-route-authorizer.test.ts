import { readTemplate } from '../../../../lib/core/model/read-template';
import { judge } from '../../../../lib/rules/judge';
import { apiRouteAuthorizer } from '../../../../lib/rules/rules/apis/api-route-authorizer';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { documentedApi, httpApi, operation, restApi } from './templates';

describeFaults(apiRouteAuthorizer, httpApi, [
  {
    mistake: 'a route for everybody',
    change: { 'Route.AuthorizationType': undefined },
    message: 'answers POST /orders to anyone',
    open: { 'Route.AuthorizationType': OPEN },
  },
]);

describeFaults(apiRouteAuthorizer, restApi, [
  {
    mistake: 'a method for everybody',
    change: { 'Method.AuthorizationType': 'NONE' },
    message: 'answers POST /orders to anyone',
    open: { 'Api.BodyS3Location': { Bucket: 'b', Key: 'k' } },
  },
  {
    mistake: 'a method for everybody behind a policy for everybody',
    change: {
      'Method.AuthorizationType': 'NONE',
      'Api.Policy': { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' }] },
    },
    message: 'answers POST /orders to anyone',
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
]);

describeFaults(apiRouteAuthorizer, documentedApi, [
  {
    mistake: 'an operation for everybody',
    change: { 'Api.Body': { paths: { '/orders': { post: { ...operation, security: [] } } } } },
    message: 'answers POST /orders to anyone',
    open: { 'Api.Body': OPEN },
  },
]);

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
  expect(findings.map(({ message }) => message)).toEqual(['answers GET /hello/{name} to anyone']);
});

describeAccepted(apiRouteAuthorizer, restApi, [
  {
    accepts: 'a mock, which answers what the template says',
    change: { 'Method.AuthorizationType': 'NONE', 'Method.Integration': { Type: 'MOCK' } },
  },
]);

const requiring = (security: unknown) => ({ 'Api.Body.paths./orders.post.security': security });
const secured = (security: unknown) => ({
  'Api.Body': { paths: { '/orders': { post: { ...operation, security } } } },
});
describeFaults(apiRouteAuthorizer, documentedApi, [
  {
    mistake: 'an operation that asks who calls in production alone',
    change: requiring(inProduction([{ Login: [] }], [])),
    message: 'answers POST /orders to anyone when not IsProduction',
    open: requiring(OPEN),
  },
  {
    mistake: 'an operation whose only requirement is one of production',
    change: requiring([inProduction({ Login: [] })]),
    message: 'answers POST /orders to anyone when not IsProduction',
    open: requiring([OPEN]),
  },
  {
    mistake: 'a route that SAM has opted out',
    change: secured([{ NONE: [] }]),
    message: 'answers POST /orders to anyone',
  },
]);
