import { queueDeadLetterQueue } from '../../../../lib/rules/rules/queues/queue-dead-letter-queue';
import { describeAccepted, describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueDeadLetterQueue, queues, [
  {
    mistake: 'a queue without a dead-letter queue',
    change: { 'Jobs.RedrivePolicy': undefined, JobsDead: undefined, JobsDeadPolicy: undefined },
    message: 'has no dead-letter queue',
    openButFine: { 'Jobs.RedrivePolicy.deadLetterTargetArn': OPEN, 'JobsDead.RedriveAllowPolicy': {} },
  },
]);

describeAccepted(queueDeadLetterQueue, queues, [
  {
    accepts: 'a dead-letter queue that JSON text names',
    change: { 'Jobs.RedrivePolicy': { 'Fn::Sub': '{"deadLetterTargetArn":"${JobsDead.Arn}","maxReceiveCount":5}' } },
  },
]);
