import { queueVisibilityMargin } from '../../../../lib/rules/rules/queues/queue-visibility-margin';
import { describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueVisibilityMargin, queues, [
  {
    mistake: 'no room for throttled attempts',
    change: { 'Worker.Timeout': 30 },
    message: 'less than the advised 180',
    openButFine: { 'Jobs.VisibilityTimeout': OPEN },
  },
  {
    mistake: 'no room for the batching window',
    change: { 'Mapping.MaximumBatchingWindowInSeconds': 60 },
    message: 'less than the advised 120',
  },
]);
