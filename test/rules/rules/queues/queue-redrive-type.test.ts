import { queueRedriveType } from '../../../../lib/rules/rules/queues/queue-redrive-type';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueRedriveType, queues, [
  {
    mistake: 'a FIFO dead-letter queue behind a standard queue',
    change: { 'JobsDead.FifoQueue': true },
    message: 'its dead-letter queue Shop/JobsDead is a FIFO queue',
    openButFine: { 'Jobs.RedrivePolicy.deadLetterTargetArn': OPEN },
  },
]);
