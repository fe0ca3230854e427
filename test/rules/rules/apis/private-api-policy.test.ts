import { privateApiPolicy } from '../../../../lib/rules/rules/apis/private-api-policy';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { documentedApi, restApi } from './templates';

const policy = {
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*',
      Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } },
    },
  ],
};
const network = { 'Api.EndpointConfiguration': { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123456789abcdef0'] } };

describeFaults(privateApiPolicy, restApi, [
  {
    mistake: 'a private API without a policy',
    change: network,
    message: 'is private and has no resource policy: every call is refused',
    open: { ...network, 'Api.Policy': OPEN },
  },
  {
    mistake: 'an API that is private in one branch, without a policy',
    change: { 'Api.EndpointConfiguration.Types': inProduction(['PRIVATE'], ['REGIONAL']) },
    message: 'has no resource policy when IsProduction: every call is refused',
    open: { 'Api.EndpointConfiguration.Types': OPEN },
  },
  {
    mistake: 'a private API whose policy only denies',
    change: { ...network, 'Api.Policy': { Statement: [{ ...policy.Statement[0], Effect: 'Deny' }] } },
    message: 'is private and its resource policy allows nobody: every call is refused',
    open: { 'Api.EndpointConfiguration.Types': [OPEN] },
  },
  {
    mistake: 'an API that is made private as it is imported',
    change: { 'Api.Parameters.endpointConfigurationTypes': 'PRIVATE' },
    message: 'is private and has no resource policy',
    open: { ...network, 'Api.Policy': { Statement: [{ ...policy.Statement[0], Effect: OPEN }] } },
  },
]);

describeFaults(privateApiPolicy, documentedApi, [
  {
    mistake: 'a private API whose definition has no policy',
    change: network,
    message: 'is private and has no resource policy',
    open: { ...network, 'Api.Body': { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: OPEN } } } },
  },
]);

describeAccepted(privateApiPolicy, restApi, [
  { accepts: 'a policy', change: { ...network, 'Api.Policy': policy } },
  {
    accepts: 'a policy, whether it is private or not',
    change: { 'Api.EndpointConfiguration': OPEN, 'Api.Policy': policy },
  },
  { accepts: 'a public API without one', change: { 'Api.EndpointConfiguration': { Types: ['REGIONAL'] } } },
  {
    accepts: 'a policy in one branch, where the API is private in that',
    change: {
      'Api.EndpointConfiguration.Types': inProduction(['PRIVATE'], ['REGIONAL']),
      'Api.Policy': inProduction(policy),
    },
  },
]);

describeAccepted(privateApiPolicy, documentedApi, [
  { accepts: 'the policy of its definition', change: { ...network, 'Api.Body.x-amazon-apigateway-policy': policy } },
]);
