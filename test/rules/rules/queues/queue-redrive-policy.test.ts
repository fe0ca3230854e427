import { queueRedrivePolicy } from '../../../../lib/rules/rules/queues/queue-redrive-policy';
import { arn, describeFaults, inProduction, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueRedrivePolicy, queues, [
  {
    mistake: 'a policy without a count',
    change: { 'Jobs.RedrivePolicy': { deadLetterTargetArn: arn('JobsDead') } },
    message: 'has a redrive policy without maxReceiveCount',
    open: { 'Jobs.RedrivePolicy': OPEN },
  },
  {
    mistake: 'a count in another spelling, in one branch',
    change: {
      'Jobs.RedrivePolicy': inProduction(
        { deadLetterTargetArn: arn('JobsDead'), maxReceiveCount: 5 },
        { deadLetterTargetArn: arn('JobsDead'), MaxReceiveCount: 5 },
      ),
    },
    message: 'has a redrive policy without maxReceiveCount when not IsProduction',
  },
]);
