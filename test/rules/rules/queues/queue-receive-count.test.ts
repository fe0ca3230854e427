import { queueReceiveCount } from '../../../../lib/rules/rules/queues/queue-receive-count';
import { arn, describeFaults, OPEN } from '../faults';
import { queues } from './templates';

describeFaults(queueReceiveCount, queues, [
  {
    mistake: 'two attempts',
    change: { 'Jobs.RedrivePolicy.maxReceiveCount': 2 },
    message: 'gives a message 2 attempts',
    open: { 'Jobs.RedrivePolicy.maxReceiveCount': OPEN },
  },
  {
    mistake: 'a single attempt, whoever reads the queue',
    change: {
      'JobsDead.RedrivePolicy': { deadLetterTargetArn: arn('Undelivered'), maxReceiveCount: 1 },
      'JobsDeadAlarm.Dimensions.1': { Name: 'QueueName', Value: { 'Fn::GetAtt': ['Undelivered', 'QueueName'] } },
    },
    message: 'gives a message one attempt',
  },
]);
