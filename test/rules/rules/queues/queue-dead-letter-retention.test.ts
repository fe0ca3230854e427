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
  {
    mistake: 'a dead-letter queue that forgets before a queue that keeps everything as long as it may',
    change: { 'Jobs.MessageRetentionPeriod': 1_209_600, 'JobsDead.MessageRetentionPeriod': 345_600 },
    message: 'keeps messages for 14 days, its dead-letter queue Shop/JobsDead for 4 days',
    openButFine: { 'Jobs.MessageRetentionPeriod': 1_209_600 },
  },
]);
