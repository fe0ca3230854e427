import { wildcardResource } from '../../../../lib/rules/rules/access/wildcard-resource';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { allow } from '../parts';
import { policies, statement } from './templates';

describeFaults(wildcardResource, policies, [
  {
    mistake: 'every resource where the action knows them',
    change: statement(allow(['dynamodb:PutItem', 'dynamodb:ListTables', 'xray:PutTraceSegments'], '*')),
    message: 'allows dynamodb:PutItem on every resource',
    openButFine: statement(allow('dynamodb:PutItem', OPEN)),
  },
]);

describeAccepted(wildcardResource, policies, [
  {
    accepts: 'a namespace of metrics',
    change: statement(allow(['cloudwatch:PutMetricData', 'polly:SynthesizeSpeech'], '*')),
  },
  {
    accepts: 'the tasks of one cluster',
    change: statement(
      allow('ecs:UpdateService', '*', { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:eu-west-1:111122223333:cluster/a' } }),
    ),
  },
  {
    accepts: 'what a function in a VPC and an agent on an instance need',
    change: statement(
      allow(
        [
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ssm:UpdateInstanceInformation',
        ],
        '*',
      ),
    ),
  },
]);
