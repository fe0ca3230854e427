import { queueDeadLetterRetention } from '../../../../lib/rules/rules/queues/queue-dead-letter-retention';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueDeadLetterRetention, queues, [
  {
    mistake: 'a dead-letter queue that forgets first',
    change: { 'JobsDead.MessageRetentionPeriod': undefined },
    message: 'keeps messages for 4 days, its dead-letter queue Shop/JobsDead for 4 days',
    open: { 'JobsDead.MessageRetentionPeriod': OPEN },
  },
]);
