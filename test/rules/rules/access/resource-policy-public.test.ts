import { resourcePolicyPublic } from '../../../../lib/rules/rules/access/resource-policy-public';
import { arn, describeAccepted, describeFaults, OPEN } from '../faults';
import { deliveries } from '../events/templates';
import { queues } from '../queues/templates';
import { policies } from './templates';

describeFaults(resourcePolicyPublic, policies, [
  {
    mistake: 'a role for everybody',
    change: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: '*' } },
    message: 'allows sts:AssumeRole to everybody',
    openButFine: { 'WorkerRole.AssumeRolePolicyDocument.Statement.0.Principal': { AWS: OPEN } },
  },
]);

describeFaults(resourcePolicyPublic, deliveries, [
  {
    mistake: 'a bus for everybody',
    change: {
      BusPolicy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          StatementId: 'all',
          Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
        },
      },
    },
    message: 'allows events:PutEvents to everybody',
  },
]);

describeFaults(resourcePolicyPublic, queues, [
  {
    mistake: 'a queue that takes messages from everybody',
    change: {
      'JobsPolicy.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    },
    message: 'allows sqs:SendMessage to everybody',
    open: {
      'JobsPolicy.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sqs:SendMessage',
        Resource: '*',
        Condition: OPEN,
      },
    },
  },
]);

const everybody = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };
const api = (properties: object) => ({ Other: { Type: 'AWS::ApiGateway::RestApi', Properties: properties } });
describeAccepted(resourcePolicyPublic, queues, [
  {
    accepts: 'the policy of a private API, which lets in its network',
    change: api({ EndpointConfiguration: { Types: ['PRIVATE'] }, Policy: { Statement: [everybody] } }),
  },
  {
    accepts: 'the policy of an API that denies on a condition what it allows',
    change: api({
      Policy: {
        Statement: [
          everybody,
          { ...everybody, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
        ],
      },
    }),
  },
]);
