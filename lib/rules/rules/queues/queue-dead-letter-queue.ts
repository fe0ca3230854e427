import { at } from '../../../core/model/select';
import { takingFailures } from '../../lookups/dead-letter-queues';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

export const queueDeadLetterQueue: Rule = {
  id: 'QueueDeadLetterQueue',
  severity: 'error',
  title: 'A queue has a dead-letter queue',
  why: 'A message that cannot be processed comes back until its retention ends, and is then lost.',
  fix: 'set RedrivePolicy with a dead-letter queue and a maxReceiveCount',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  check: each(['AWS::SQS::Queue'], function* (queue, { model }) {
    if (takingFailures(model).has(queue.id)) return;
    // A queue that others may use as their dead-letter queue is one, wherever they are.
    if (at(queue, 'RedriveAllowPolicy') !== undefined) return;
    for (const when of absences(at(queue, 'RedrivePolicy'))) {
      yield { resource: queue, property: 'RedrivePolicy', message: `has no dead-letter queue${when}` };
    }
  }),
};
