import { queueLimits } from '../../../../lib/rules/rules/queues/queue-limits';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueLimits, queues, [
  {
    mistake: 'a retention of a month',
    change: { 'JobsDead.MessageRetentionPeriod': 2_592_000 },
    message: 'asks for 2592000 seconds, outside 60 to 1209600',
    open: { 'JobsDead.MessageRetentionPeriod': OPEN },
  },
  {
    mistake: 'more attempts than SQS counts',
    change: { 'Jobs.RedrivePolicy.maxReceiveCount': 1001 },
    message: 'asks for 1001 receives, outside 1 to 1000',
  },
  {
    mistake: 'a day of hiding',
    change: { 'Jobs.VisibilityTimeout': 86_400 },
    message: 'asks for 86400 seconds, outside 0 to 43200',
  },
]);
