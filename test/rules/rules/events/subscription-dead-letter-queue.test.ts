import { subscriptionDeadLetterQueue } from '../../../../lib/rules/rules/events/subscription-dead-letter-queue';
import { describeFaults, OPEN } from '../faults';
import { queues } from '../queues/templates';

describeFaults(subscriptionDeadLetterQueue, queues, [
  {
    mistake: 'a subscription that drops what it cannot deliver',
    change: {
      'Subscription.RedrivePolicy': undefined,
      'Undelivered.RedriveAllowPolicy': { redrivePermission: 'allowAll' },
    },
    message: 'drops the messages that it cannot deliver',
    openButFine: { 'Subscription.RedrivePolicy.deadLetterTargetArn': OPEN, 'Undelivered.RedriveAllowPolicy': {} },
  },
]);
