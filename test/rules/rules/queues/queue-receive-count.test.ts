import { queueReceiveCount } from '../../../../lib/rules/rules/queues/queue-receive-count';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueReceiveCount, queues, [
  {
    mistake: 'two attempts',
    change: { 'Jobs.RedrivePolicy.maxReceiveCount': 2 },
    message: 'gives a message 2 attempts',
    open: { 'Jobs.RedrivePolicy.maxReceiveCount': OPEN },
  },
]);
