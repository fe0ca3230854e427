import { UNKNOWN_TEXT } from '../../../../lib/core/model/graph';
import { edgeQueueDeadLetterQueue } from '../../../../lib/rules/rules/edge/edge-queue-dead-letter-queue';
import { describeMistakes } from '../faults';
import { graphWith } from './templates';

describeMistakes(edgeQueueDeadLetterQueue, graphWith, [
  {
    mistake: 'a consumer that deletes what fails',
    change: { 'consumer.deadLetterQueue': undefined },
    message: 'deletes a message after its last retry',
    openButFine: { 'consumer.deadLetterQueue': UNKNOWN_TEXT },
  },
  {
    mistake: 'a queue that is its own dead-letter queue',
    change: { 'consumer.deadLetterQueue': 'jobs' },
    message: 'names the queue itself as its dead-letter queue',
  },
]);
