import { displayName } from '../../../core/model/display';
import { at, toBoolean } from '../../../core/model/select';
import { named } from '../../../core/model/references';
import { each, type Rule } from '../../rule';

/** A FIFO queue has a FIFO queue for its dead letters, a standard queue a standard one. */
export const queueRedriveType: Rule = {
  id: 'QueueRedriveType',
  severity: 'error',
  title: 'A queue and its dead-letter queue are of one type',
  why: 'SQS rejects the deployment otherwise.',
  fix: 'make both FIFO queues, or neither',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  check: each(['AWS::SQS::Queue'], function* (queue, { model }) {
    const fifo = toBoolean(at(queue, 'FifoQueue')) ?? false;
    for (const target of named(model, at(queue, 'RedrivePolicy.deadLetterTargetArn'))) {
      if (target.type !== 'AWS::SQS::Queue' || (toBoolean(at(target, 'FifoQueue')) ?? false) === fifo) continue;
      yield {
        resource: queue,
        property: 'RedrivePolicy.deadLetterTargetArn',
        message: `is a ${fifo ? 'FIFO' : 'standard'} queue, but its dead-letter queue ${displayName(target)} is ${fifo ? 'not' : 'a FIFO queue'}`,
      };
    }
  }),
};
