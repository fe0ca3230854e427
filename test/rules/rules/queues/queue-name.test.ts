import { queueName } from '../../../../lib/rules/rules/queues/queue-name';
import { describeAccepted, describeFaults, inProduction, OPEN } from '../faults';
import { fifo, queues } from './templates';

describeFaults(queueName, queues, [
  {
    mistake: 'a name with spaces',
    change: { 'Jobs.QueueName': 'jobs of today' },
    message: "has the name 'jobs of today'",
    openButFine: { 'Jobs.QueueName': OPEN },
  },
  {
    mistake: 'a name that is too long in one branch',
    change: { 'Jobs.QueueName': inProduction('a'.repeat(81), 'a') },
    message: 'has a name of 81 characters, more than 80 when IsProduction',
  },
  {
    mistake: 'a dot beside a stage',
    change: { 'Jobs.QueueName': { 'Fn::Sub': 'jobs.${Open}' } },
    message: "has the name 'jobs.'",
  },
]);

describeAccepted(queueName, queues, [
  { accepts: 'a stage in a name', change: { 'Jobs.QueueName': { 'Fn::Sub': 'jobs-${Open}_1' } } },
  { accepts: 'a long name of a topic', change: { 'News.TopicName': 'a'.repeat(200) } },
]);

describeAccepted(queueName, fifo, [
  { accepts: 'the name of a FIFO queue', change: { 'Jobs.QueueName': { 'Fn::Sub': '${Open}.fifo' } } },
]);
