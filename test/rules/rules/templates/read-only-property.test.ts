import { readOnlyProperty } from '../../../../lib/rules/rules/templates/read-only-property';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(readOnlyProperty, queues, [
  {
    mistake: 'an ARN of one’s own',
    change: { 'Jobs.Arn': 'arn:aws:sqs:eu-west-1:111122223333:jobs' },
    message: 'sets Arn, which only AWS sets',
  },
  {
    mistake: 'an address, whatever it is',
    change: { 'Jobs.QueueUrl': OPEN },
    message: 'sets QueueUrl, which only AWS sets',
  },
]);

describeAccepted(readOnlyProperty, queues, [
  { accepts: 'none where a branch has none', change: { 'Jobs.Arn': { Ref: 'AWS::NoValue' } } },
]);
