import { at, toText } from '../../../core/model/select';
import { EDGE } from '../../lookups/edge-types';
import { absences } from '../../each-property';
import { each, type Rule } from '../../rule';

export const edgeQueueDeadLetterQueue: Rule = {
  id: 'EdgeQueueDeadLetterQueue',
  severity: 'error',
  title: 'The consumer of a Cloudflare queue has a dead-letter queue',
  why: 'Without one, a message is deleted for good after its last retry.',
  fix: 'set deadLetterQueue to the name of another queue',
  source: 'https://developers.cloudflare.com/queues/configuration/dead-letter-queues/',
  check: each([EDGE.consumer], function* (consumer, { model }) {
    const property = 'deadLetterQueue';
    const target = at(consumer, property);
    const queue = model.target(at(consumer, 'queueId'));
    for (const when of absences(target)) {
      yield { resource: consumer, property, message: `deletes a message after its last retry${when}` };
    }
    const own =
      queue &&
      (model.target(target) === queue ||
        (toText(target) !== undefined && toText(target) === toText(at(queue, 'queueName'))));
    if (own)
      yield {
        resource: consumer,
        property,
        message: 'names the queue itself as its dead-letter queue',
        remedy: 'name another queue',
      };
  }),
};
