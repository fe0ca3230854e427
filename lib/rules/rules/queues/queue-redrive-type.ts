import { displayName } from '../../../core/model/display';
import { at, toBoolean } from '../../../core/model/select';
import { named } from '../../../core/model/references';
import { each, openAmong, type Rule } from '../../rule';

export const queueRedriveType: Rule = {
  id: 'QueueRedriveType',
  severity: 'error',
  title: 'A queue and its dead-letter queue are of the same type',
  why: 'SQS rejects the deployment otherwise.',
  fix: 'make both FIFO queues, or neither',
  source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html',
  check: each(['AWS::SQS::Queue'], function* (queue, { model }) {
    const property = 'RedrivePolicy.deadLetterTargetArn';
    const fifo = toBoolean(at(queue, 'FifoQueue')) ?? false;
    for (const target of named(model, at(queue, 'RedrivePolicy.deadLetterTargetArn'))) {
      const open = openAmong(queue, 'FifoQueue') ?? openAmong(target, 'FifoQueue');
      if (open && target.type === 'AWS::SQS::Queue') {
        yield { resource: queue, property, reason: open.reason };
        continue;
      }
      if (target.type !== 'AWS::SQS::Queue' || (toBoolean(at(target, 'FifoQueue')) ?? false) === fifo) continue;
      yield {
        resource: queue,
        property,
        message: `is a ${fifo ? 'FIFO' : 'standard'} queue, but its dead-letter queue ${displayName(target)} is ${fifo ? 'not' : 'a FIFO queue'}`,
      };
    }
  }),
};
