import { queueFilteredConsumers } from '../../../../lib/rules/rules/queues/queue-filtered-consumers';
import { describeFaults, OPEN } from '../faults';
import { queues, secondConsumer } from './templates';

describeFaults(queueFilteredConsumers, queues, [
  {
    mistake: 'a filter that deletes what the other consumer waits for',
    change: secondConsumer,
    message: 'has 2 consumers, and 1 of them delete',
    openButFine: { 'Mapping.FilterCriteria': OPEN },
  },
]);
