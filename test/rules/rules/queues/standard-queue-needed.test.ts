import { standardQueueNeeded } from '../../../../lib/rules/rules/queues/standard-queue-needed';
import { arn, describeFaults, OPEN } from '../faults';
import { allow, deadLetters, letIn } from '../parts';
import { deliveries, ruleArn } from '../events/templates';
import { fifo, queues } from './templates';

describeFaults(standardQueueNeeded, deliveries, [
  {
    mistake: 'a FIFO dead-letter queue behind a rule',
    change: {
      'OrderPlaced.Targets.0.DeadLetterConfig.Arn': arn('Fifo'),
      ...deadLetters('Fifo', [letIn('events.amazonaws.com', 'Fifo', ruleArn)], { FifoQueue: true }),
    },
    message: 'names the FIFO queue Shop/Fifo',
    openButFine: { 'OrderPlaced.Targets.0.DeadLetterConfig.Arn': OPEN },
  },
]);

describeFaults(standardQueueNeeded, queues, [
  {
    mistake: 'a FIFO queue behind a standard topic',
    change: {
      'Jobs.FifoQueue': true,
      'JobsDead.FifoQueue': true,
    },
    message: 'names the FIFO queue Shop/Jobs',
    openButFine: { 'Subscription.Endpoint': OPEN },
  },
]);

describeFaults(standardQueueNeeded, fifo, [
  {
    mistake: 'failures of a function in a FIFO queue',
    change: {
      Async: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Worker' },
          Qualifier: '$LATEST',
          DestinationConfig: { OnFailure: { Destination: arn('JobsDead') } },
        },
      },
      'WorkerRole.Policies.0.PolicyDocument.Statement.3': allow('sqs:SendMessage', arn('JobsDead')),
    },
    message: 'names the FIFO queue Shop/JobsDead',
  },
]);
