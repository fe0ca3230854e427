import { queueDeadLetterQueue } from '../../../../lib/rules/rules/queues/queue-dead-letter-queue';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueDeadLetterQueue, queues, [
  {
    mistake: 'a queue without a dead-letter queue',
    change: { 'Jobs.RedrivePolicy': undefined, JobsDead: undefined, JobsDeadPolicy: undefined },
    message: 'has no dead-letter queue',
    openButFine: { 'Jobs.RedrivePolicy.deadLetterTargetArn': OPEN, 'JobsDead.RedriveAllowPolicy': {} },
  },
]);
