import { mappingBatch } from '../../../../lib/rules/rules/mappings/mapping-batch';
import { describeFaults, OPEN } from '../faults';
import { fifo, queues } from '../queues/templates';

describeFaults(mappingBatch, queues, [
  {
    mistake: 'batches of 500 without a window',
    change: { 'Mapping.BatchSize': 500 },
    message: 'asks for batches of 500 without a window',
    open: { 'Mapping.BatchSize': OPEN },
  },
]);

describeFaults(mappingBatch, fifo, [
  {
    mistake: 'a window on a FIFO queue',
    change: { 'Mapping.MaximumBatchingWindowInSeconds': 10, 'Jobs.VisibilityTimeout': 90 },
    message: 'has a window of 10 seconds on a FIFO queue',
    open: { 'Mapping.MaximumBatchingWindowInSeconds': OPEN },
  },
  {
    mistake: 'a larger batch from a FIFO queue',
    change: { 'Mapping.BatchSize': 100 },
    message: 'asks for batches of 100 from a FIFO queue',
  },
]);
