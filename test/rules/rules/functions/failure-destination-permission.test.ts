import { failureDestinationPermission } from '../../../../lib/rules/rules/functions/failure-destination-permission';
import { describeFaults, OPEN } from '../faults';
import { streams } from '../streams/templates';
import { functions } from './templates';

describeFaults(failureDestinationPermission, functions, [
  {
    mistake: 'a dead-letter queue that the role may not write to',
    change: { 'WorkerRole.Policies.0.PolicyDocument.Statement.2.Action': 'sqs:ReceiveMessage' },
    message: 'lacks sqs:SendMessage on it',
    open: { 'Worker.Role': OPEN },
  },
]);

describeFaults(failureDestinationPermission, streams, [
  {
    mistake: 'a failure queue that the role may not write to',
    change: { 'FirstRole.Policies.0.PolicyDocument.Statement.4.Action': 'sqs:GetQueueUrl' },
    message: 'sends to Shop/Failures, but the role of Shop/First lacks sqs:SendMessage',
    open: { 'First.Role': OPEN },
  },
]);
