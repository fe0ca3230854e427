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
]);
