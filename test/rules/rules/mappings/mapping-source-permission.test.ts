import { mappingSourcePermission } from '../../../../lib/rules/rules/mappings/mapping-source-permission';
import { arn, describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';
import { streams } from '../streams/templates';

describeFaults(mappingSourcePermission, queues, [
  {
    mistake: 'a function that may not receive',
    change: {
      'WorkerRole.Policies.0.PolicyDocument.Statement.2.Action': ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'],
    },
    message: 'reads Shop/Jobs, but the role of Shop/Worker lacks sqs:DeleteMessage',
    open: { 'Worker.Role': OPEN },
  },
  {
    mistake: 'a function that may receive from another queue',
    change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.2.Resource': arn('JobsDead') },
    message: 'lacks sqs:ReceiveMessage',
  },
]);

describeFaults(mappingSourcePermission, streams, [
  {
    mistake: 'a function that may read the table but not its stream',
    change: { 'FirstRole.Policies.0.PolicyDocument.Statement.2.Resource': arn('Orders') },
    message: 'lacks dynamodb:DescribeStream, dynamodb:GetRecords, dynamodb:GetShardIterator',
    open: {
      'FirstRole.ManagedPolicyArns': ['arn:aws:iam::aws:policy/SomethingNew'],
      'FirstRole.Policies': undefined,
    },
  },
]);
