import { fifoSettings } from '../../../../lib/rules/rules/queues/fifo-settings';
import { describeFaults, OPEN } from '../faults';
import { fifo, queues } from './templates';

describeFaults(fifoSettings, queues, [
  {
    mistake: 'a FIFO option on a standard queue',
    change: { 'Jobs.ContentBasedDeduplication': true },
    message: 'sets ContentBasedDeduplication but is not a FIFO queue',
    openButFine: { 'Jobs.QueueName': OPEN },
  },
]);

describeFaults(fifoSettings, fifo, [
  {
    mistake: 'a FIFO queue with a standard name',
    change: { 'Jobs.QueueName': 'jobs' },
    message: "is a FIFO queue named 'jobs', which does not end in .fifo",
  },
  {
    mistake: 'a limit per group that deduplicates over the whole queue',
    change: { 'Jobs.DeduplicationScope': 'queue' },
    message: 'has a throughput limit per message group',
  },
]);
