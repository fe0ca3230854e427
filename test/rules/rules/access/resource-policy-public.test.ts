import { resourcePolicyPublic } from '../../../../lib/rules/rules/access/resource-policy-public';
import { arn, describeFaults, OPEN } from '../faults';
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
